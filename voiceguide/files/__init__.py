"""Files: the folders they are in, atomic writes, and limits on the bytes kept."""

from voiceguide.files.whole import PartFile, beside, clear, opened, put, sweep

__all__ = ["PartFile", "beside", "clear", "opened", "put", "sweep"]
