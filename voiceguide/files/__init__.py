"""Files: which folders they are in, how one is whole or not there, and how many bytes of them may be kept."""

from voiceguide.files.whole import PartFile, beside, clear, opened, put, sweep

__all__ = ["PartFile", "beside", "clear", "opened", "put", "sweep"]
