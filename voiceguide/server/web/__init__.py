"""The web application, made by `create_app`: pages, sound, feeds and a small API."""

from voiceguide.server.web.app import create_app
from voiceguide.server.web.context import AppState, state_of

__all__ = ["AppState", "create_app", "state_of"]
