"""Answers that whoever has them already need not fetch again, and that are small on their way."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from flask import Response, request

_KEPT: Final = 256


class Changes:
    """When what an address answers with last changed, as far as this server has seen. Thread-safe.

    No file tells: voices and options decide on a feed, too. Of many addresses those asked for last are kept;
    what is not known is new.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._known: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._lock = threading.Lock()

    def when(self, address: str, digest: str) -> int:
        """Return since when *address* answers with what has this *digest*, in seconds since 1970."""
        with self._lock:
            known = self._known.pop(address, None)
            if known is None or known[0] != digest:
                known = digest, int(self._now())
            self._known[address] = known
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return known[1]


def answered(document: bytes, content_type: str, changes: Changes) -> Response:
    """Return *document* for this request: 304 if it is known there, packed where that is understood."""
    digest = hashlib.sha256(document).hexdigest()[:32]
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(gzip.compress(document, mtime=0) if packed else document, content_type=content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(digest + "-gzip" * packed)
    response.last_modified = datetime.fromtimestamp(changes.when(request.url, digest), UTC)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "private, no-cache"  # ask each time: it costs a 304
    response.make_conditional(request)
    return response
