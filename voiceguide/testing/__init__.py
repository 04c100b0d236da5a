"""What plug-ins are held to, as tests of their own: see `EngineContract`, and docs/new-engine.md."""

from voiceguide.testing.engines import EngineContract

__all__ = ["EngineContract"]
