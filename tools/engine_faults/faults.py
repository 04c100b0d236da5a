"""Engines that go wrong, each in one way: what a plug-in's class has in place of what `HumEngine` has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

HEAD: Final = """
import os, signal, sys, tempfile, threading, time
import numpy as np
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.errors import EngineError, EngineClosed
from voiceguide.voices.engine import Status, Voice

class Mine(BaseException):
    pass

class Mute(Exception):
    def __str__(self):
        raise OSError("not even that")

class Engine(HumEngine):
    name = "fault"
    isolated = {isolated}
"""


class Fault(Struct, frozen=True):
    """One way to go wrong: `body` is indented source. `alone`: only in a process of its own can it be borne.

    `point` is where the entry point leads; `speaks`: it does speak, in its odd way.
    """

    body: str
    alone: bool = False
    point: str = "Engine"
    speaks: bool = False


def _of(member: str, *what: str) -> str:
    lines = "".join(f"\n        {line}" for line in what)
    return f"    {member}{lines}\n"


def _version(*what: str) -> Fault:
    return Fault(_of("@property\n    def version(self):", *what))


def _status(*what: str) -> Fault:
    return Fault(_of("def status(self):", *what))


def _voices(*what: str) -> Fault:
    return Fault(_of("def voices(self):", *what))


def _estimate(*what: str) -> Fault:
    return Fault(_of("def estimate(self, text, voice, pace):", *what))


def _speak(*what: str, alone: bool = False, speaks: bool = False) -> Fault:
    return Fault(_of("def speak(self, text, voice, pace):", *what), alone=alone, speaks=speaks)


_WELL: Final = "return super().speak(text, voice, pace)"
_CHILD: Final = "if not os.fork(): time.sleep(600)"
_STRANGER: Final = "if not os.fork(): os.setsid(); time.sleep(600)"

FAULTS: Final[Mapping[str, Fault]] = {
    "version raises": _version("raise ValueError('no\\nversion')"),
    "version exits": _version("sys.exit(4)"),
    "version interrupts": _version("raise KeyboardInterrupt"),
    "version is None": Fault("    version = None\n"),
    "version is a number": Fault("    version = float('nan')\n"),
    "version is empty": Fault("    version = ''\n"),
    "version is a book": Fault("    version = 'x' * 10_000_000\n"),
    "status raises": _status("raise Mute"),
    "status exits": _status("raise SystemExit"),
    "status is None": _status("return None"),
    "status is True": _status("return True"),
    "status is odd": _status("return Status(ready='yes', why=None)"),
    "voices raises": _voices("raise KeyError('voices')"),
    "voices interrupts": _voices("raise KeyboardInterrupt"),
    "voices is empty": _voices("return ()"),
    "voices is None": _voices("return None"),
    "voices are words": _voices("return ('robin', 'wren')"),
    "voices are odd": _voices("return (Voice(None, 7),)"),
    "voices never end": _voices("while True: yield Voice('robin', 'en')"),
    "no voice is ready": _voices("return (Voice('robin', 'en', ready=False, mend='pip install robin'),)"),
    "estimate raises": _estimate("raise ZeroDivisionError"),
    "estimate raises later": _estimate("return super().estimate(text, voice, pace) // ('soft' not in text)"),
    "estimate exits": _estimate("sys.exit('bye')"),
    "estimate interrupts": _estimate("raise KeyboardInterrupt"),
    "estimate recurses": _estimate("return self.estimate(text, voice, pace)"),
    "estimate is nan": _estimate("return float('nan')"),
    "estimate is inf": _estimate("return float('inf')"),
    "estimate is None": _estimate("return None"),
    "estimate is below 0": _estimate("return -48_000"),
    "estimate is huge": _estimate("return 10**15"),
    "estimate is a word": _estimate("return 'long'"),
    "speak raises": _speak("raise RuntimeError('no\\nluck')"),
    "speak raises mutely": _speak("raise Mute"),
    "speak raises its own": _speak("raise Mine('out')"),
    "speak raises ours": _speak("raise EngineError('first\\nsecond')"),
    "speak fails later": _speak("if 'soft' in text: raise RuntimeError", _WELL),
    "speak exits": _speak("sys.exit(0)"),
    "speak interrupts": _speak("raise KeyboardInterrupt"),
    "speak recurses": _speak("return self.speak(text, voice, pace)"),
    "speak has no memory": _speak("return np.zeros(10**15, np.float32)"),
    "speak stops iteration": _speak("raise StopIteration"),
    "speak leaves its generator": _speak("raise GeneratorExit"),
    "sound is None": _speak("return None"),
    "sound is bytes": _speak("return b'sound' * 1000"),
    "sound is a list": _speak("return [0.5] * 48_000"),
    "sound is nan": _speak("return np.full(48_000, np.nan, np.float32)"),
    "sound is inf": _speak("return np.full(48_000, np.inf, np.float32)"),
    "sound is huge": _speak("return np.full(48_000, 3.4e38, np.float32)"),
    "sound is huge doubles": _speak("return np.full(48_000, 1e300)"),
    "sound is stereo": _speak("return np.full((48_000, 2), 0.5, np.float32)"),
    "sound is one number": _speak("return np.float32(0.5)"),
    "sound is integers": _speak("return np.full(48_000, 9_000, np.int16)"),
    "sound is objects": _speak("return np.array([object()] * 48_000)"),
    "sound is complex": _speak("return np.full(48_000, 0.5j)"),
    "sound is empty": _speak("return np.zeros(0, np.float32)"),
    "sound is silence": _speak("return np.zeros(48_000, np.float32)"),
    "sound is next to silence": _speak("return np.full(48_000, 1e-41, np.float32)"),
    "sound is a click": _speak("return np.eye(1, 48_000, 99, dtype=np.float32)[0]"),
    "sound lasts an hour": _speak("return np.full(48_000 * 3600, 0.1, np.float32)"),
    "sound is clipped": _speak("return np.sign(" + _WELL[7:] + ").astype(np.float32)", speaks=True),
    "sound is doubles": _speak(_WELL + ".astype(np.float64)", speaks=True),
    "hangs": _speak("threading.Event().wait()"),
    "hangs in a loop": _speak("while True: pass"),
    "leaves a thread": _speak("threading.Thread(target=threading.Event().wait).start()", _WELL, speaks=True),
    "prints": _speak("print('x' * 100_000); sys.stderr.write('y' * 1000)", _WELL, speaks=True, alone=True),
    "reads": _speak("assert not sys.stdin.read()", _WELL, speaks=True, alone=True),
    "litters": _speak("tempfile.mkstemp(); tempfile.mkdtemp()", _WELL, speaks=True, alone=True),
    "stops itself": _speak("os.kill(os.getpid(), signal.SIGSTOP)", alone=True),
    "kills itself": _speak("os.kill(os.getpid(), signal.SIGKILL)", alone=True),
    "crashes": _speak("import ctypes; ctypes.string_at(0)", alone=True),
    "leaves without a word": _speak("os._exit(0)", alone=True),
    "leaves a child and dies": _speak(_CHILD, "os._exit(1)", alone=True),
    "leaves a stranger and dies": _speak(_STRANGER, "os._exit(1)", alone=True),
    "leaves a child and hangs": _speak(_CHILD, "threading.Event().wait()", alone=True),
    "leaves a child and speaks": _speak(_STRANGER, _WELL, speaks=True, alone=True),
    "closes its pipes": _speak("os.closerange(0, 20)", "threading.Event().wait()", alone=True),
    "answers nonsense": _speak("[os.write(n, b'\\xff' * 64) for n in range(3, 5)]", _WELL, alone=True),
    "cannot be made": Fault(_of("def __init__(self):", "raise OSError('no disk')")),
    "exits when made": Fault(_of("def __init__(self):", "sys.exit(3)")),
    "wants more to be made": Fault(_of("def __init__(self, model):", "self.model = model")),
    "cannot be imported": Fault("import no_such_module\n"),
    "is no Python": Fault("    this is no Python\n"),
    "exits when imported": Fault("    pass\nraise SystemExit(9)\n"),
    "interrupts when imported": Fault("    pass\nraise KeyboardInterrupt\n"),
    "is not there": Fault("    pass\n", point="Absent"),
    "is a number": Fault("    pass\nnumber = 7\n", point="number"),
    "makes nothing": Fault("    pass\ndef make():\n    return None\n", point="make"),
    "makes a class": Fault("    pass\ndef make():\n    return Engine\n", point="make"),
    "is no engine": Fault("    pass\nclass Other:\n    name = 'fault'\n", point="Other"),
    "has another's name": Fault("    name = 'hum'\n" + _of("def speak(self, *line):", "raise OSError")),
    "has no name": Fault("    name = None\n", speaks=True),
    "isolated is odd": Fault("    isolated = 'perhaps'\n"),
    "local is odd": Fault("    local = 'perhaps'\n"),
}
"""Every way, by what to call it."""
