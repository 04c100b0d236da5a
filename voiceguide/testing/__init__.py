"""Contracts that plug-ins can run as their own tests, one for each kind, and fakes.

See `EngineContract` and docs/new-engine.md for engines, and `outputs` for outputs.
"""

from voiceguide.testing.engines import EngineContract

__all__ = ["EngineContract"]
