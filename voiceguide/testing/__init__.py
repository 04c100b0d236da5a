"""What plug-ins are held to, as tests of their own: a contract for each seam, and honest fakes.

See `EngineContract` and docs/new-engine.md; `outputs` has the contract of outputs.
"""

from voiceguide.testing.engines import EngineContract

__all__ = ["EngineContract"]
