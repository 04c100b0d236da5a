"""A speaker without a screen, controlled over HTTP: one session at a time, a queue and a schedule."""

from voiceguide.speaker.api import create_api
from voiceguide.speaker.queue_item import QueueItem
from voiceguide.speaker.speaker import Speaker

__all__ = ["QueueItem", "Speaker", "create_api"]
