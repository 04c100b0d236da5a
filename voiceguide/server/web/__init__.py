"""The pages, the sound behind them, feeds and a small API: an application made by `create_app`."""

from voiceguide.server.web.app import create_app
from voiceguide.server.web.context import AppState, state_of

__all__ = ["AppState", "create_app", "state_of"]
