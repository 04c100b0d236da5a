from __future__ import annotations

from tests.session.conftest import studio_of

__all__ = ["studio_of"]  # a fixture of the sessions' tests
