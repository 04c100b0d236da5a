"""Speaks one line into a file with the system's voice, or lists the voices; a process per line.

A request is a JSON object on standard input, its answer a JSON object in the file ``answer``. A request with
``text``, ``voice``, ``rate`` and ``sound`` (the file to write) speaks a line; one without them lists voices.
The process ends after ``seconds``, or soon after its parent is gone; then it also removes ``folder``, which
holds all these files. It imports none of our modules, so that it starts fast.

Each line has a process because eSpeak's samples depend on what it has spoken before, and because pyttsx3 2.99
loses changes of rate when it is used again.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

_LOOK: Final = 0.2  # seconds between checks that the parent is still there


def main() -> None:
    """Answer one request, then exit without the driver's own clean-up, which may crash."""
    request = json.load(sys.stdin)
    limit = threading.Timer(request["seconds"], os._exit, [1])
    limit.daemon = True
    limit.start()
    threading.Thread(target=_follow, args=(os.getppid(), request["folder"]), daemon=True).start()
    try:
        answer = _say(request) if "text" in request else _facts()
    except Exception as error:  # drivers' errors have no common root
        answer = {"error": " ".join(f"{type(error).__name__}: {error}".split())}
    Path(request["answer"]).write_text(json.dumps(answer), encoding="utf-8")
    os._exit(0)


def _follow(parent: int, folder: str) -> None:
    """Remove *folder* and exit when *parent* is gone, seen by this process having another parent."""
    while os.getppid() == parent:  # always true on Windows
        time.sleep(_LOOK)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _start() -> tuple[Any, str]:
    """Return pyttsx3's engine and the version of the driver under it."""
    version = _espeak() if sys.platform == "linux" else sys.platform
    import pyttsx3

    return pyttsx3.init(), version


def _espeak() -> str:
    """Load the eSpeak NG that pip installed, so that pyttsx3 finds it by name; return its version."""
    try:
        import espeakng_loader
    except ImportError:
        library = ctypes.CDLL("libespeak-ng.so.1")  # the system's own
    else:
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        library = ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    library.espeak_Info.restype = ctypes.c_char_p
    return f"eSpeak NG {library.espeak_Info(None).decode()}"


def _facts() -> dict[str, Any]:
    engine, version = _start()
    voices = [
        {"id": voice.id, "about": voice.name or "", "language": str((voice.languages or [""])[0])}
        for voice in engine.getProperty("voices")
    ]
    return {"version": version, "voices": voices, "default": engine.getProperty("voice")}


def _say(request: dict[str, Any]) -> dict[str, Any]:
    engine, _ = _start()
    errors: list[str] = []
    engine.connect("error", lambda name, exception: errors.append(str(exception)))
    for name in ("voice", "rate"):
        _settle(engine)
        engine.setProperty(name, request[name])
    _settle(engine)
    engine.save_to_file(request["text"], request["sound"])
    engine.runAndWait()
    if errors:
        return {"error": errors[0]}
    while not _whole(Path(request["sound"])):  # runAndWait may return before the file is written
        time.sleep(0.002)
    return {}


def _settle(engine: Any) -> None:
    """Make eSpeak take its settings now, one by one.

    In pyttsx3's queue, all are set while eSpeak's own thread is still at work on those of its start, and
    about one rate in sixty is lost.
    """
    driver = sys.modules.get("pyttsx3.drivers._espeak")
    if driver is not None:
        engine.proxy.setBusy(False)
        driver.Synchronize()


def _whole(path: Path) -> bool:
    """Return whether the WAV or AIFF file (macOS) is as long as its own header says."""
    try:
        with path.open("rb") as file:
            kind, size = struct.unpack("4s4s", file.read(8))
        order = {b"RIFF": "little", b"FORM": "big"}.get(kind)
        return order is not None and path.stat().st_size >= int.from_bytes(size, order) + 8 > 44  # type: ignore[arg-type]
    except (OSError, struct.error):
        return False


if __name__ == "__main__":
    main()
