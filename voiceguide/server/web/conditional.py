"""Responses that clients can revalidate without fetching them again, compressed if the client accepts it."""

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

from voiceguide.server.web.who import visitor

_KEPT: Final = 256


class Changes:
    """When the content of an address last changed, as far as this server has seen. Thread-safe.

    File times are not enough: voices and options change a feed, too. Only the `_KEPT` addresses requested
    last are remembered; the content of any other counts as changed now.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._known: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._lock = threading.Lock()

    def when(self, address: str, digest: str) -> int:
        """Return since when the content of *address* has had this *digest*, in seconds since 1970."""
        with self._lock:
            known = self._known.pop(address, None)
            if known is None or known[0] != digest:
                known = digest, int(self._now())
            self._known[address] = known
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return known[1]


def answered(document: bytes, content_type: str, changes: Changes) -> Response:
    """Return *document* as a response: 304 if the client has it, and gzipped if the client accepts that."""
    digest = hashlib.sha256(document).hexdigest()[:32]
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(gzip.compress(document, mtime=0) if packed else document, content_type=content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(digest + "-gzip" * packed)
    response.last_modified = datetime.fromtimestamp(
        changes.when(f"{visitor().id} {request.url}", digest), UTC
    )
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "private, no-cache"  # revalidated each time, which costs a 304
    response.make_conditional(request)
    return response
