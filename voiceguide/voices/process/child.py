"""The speaking process: ``python -m voiceguide.voices.process.child MODULE:CLASS FOLDER``.

Requests come on standard input, answers go to standard output, in the format of `wire`. Anything the engine
prints goes to standard error. The process ends when its input does, even in the middle of a line; it then
ends the processes it started and removes FOLDER, which holds its temporary files.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from queue import SimpleQueue
from typing import BinaryIO, NoReturn

import numpy as np

from voiceguide.errors import EngineError, EngineMissing
from voiceguide.voices.engine import Engine
from voiceguide.voices.process.bounds import right_kind
from voiceguide.voices.process.remains import clear, kill_group
from voiceguide.voices.process.wire import BrokenWire, Header, receive, send


def main(engine_path: str, folder: str) -> None:
    """Answer requests until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the parent
    requests, answers = _wires()
    waiting: SimpleQueue[Header] = SimpleQueue()
    threading.Thread(target=_read, args=(requests, waiting, folder), daemon=True).start()
    module, _, name = engine_path.partition(":")
    engine: Engine = getattr(importlib.import_module(module), name)()
    version = engine.version
    try:
        while True:
            _answer(engine, version, waiting.get(), answers)
    except BrokenPipeError:
        _leave(folder)  # the parent ended before it was answered


def _wires() -> tuple[BinaryIO, BinaryIO]:
    """Return the two pipes, moved to descriptors that no library reads or prints to by chance."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


def _read(requests: BinaryIO, waiting: SimpleQueue[Header], folder: str) -> None:
    """Pass requests on, on a thread of its own, so that the parent's end is noticed while a line hangs."""
    try:
        while True:
            waiting.put(receive(requests)[0])
    except (BrokenWire, OSError):
        _leave(folder)


def _leave(folder: str) -> NoReturn:
    clear(folder)
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        kill_group(os.getpid())
    os._exit(0)


def _answer(engine: Engine, version: str, request: Header, answers: BinaryIO) -> None:
    """Answer one request; an `EngineError` is an answer, any other error ends the process."""
    try:
        if request["version"] != version:  # its sound would be stored under another version
            raise EngineError(f'engine "{engine.name}" is another since this program began; start it anew')
        sound = engine.speak(request["text"], request["voice"], request["pace"])
    except EngineMissing as error:
        send(answers, {"error": str(error), "mend": error.mend})
    except EngineError as error:
        send(answers, {"error": str(error)})
    else:
        shape, kind = np.shape(sound), str(sound.dtype)
        send(answers, {"shape": shape, "type": kind}, sound if right_kind(shape, kind) else None)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
