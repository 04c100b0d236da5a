"""The pages, the sound behind them, feeds and a small API: an application made by `create_app`."""

from voiceguide.server.web.app import create_app

__all__ = ["create_app"]
