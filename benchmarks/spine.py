"""Rendering: against ffmpeg, against the bare voice, against pydub; time and memory."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.report import Result, in_turn, peak_memory, run, seconds
from benchmarks.sessions import long_script, twenty_minutes
from voiceguide.audio import frames
from voiceguide.plan.wishes import Wishes
from voiceguide.script.parse import load
from voiceguide.session import Session, Studio
from voiceguide.store import FolderStore, MemoryStore
from voiceguide.voices.process.worker import Workers

VOICEGUIDE = [sys.executable, "-m", "voiceguide"]
SCRIPT = "body-scan"
OPENING = 64 * 1024


def all_results() -> Iterator[Result]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["VOICEGUIDE_CACHE"] = str(folder / "cache")
        yield from cached_to_mp3(folder)
        yield overhead()
        yield from cold(folder)
        yield opening()
        yield edited(folder)
        yield memory(folder)
        yield from pydub_way(folder)


def ffmpeg(folder: Path) -> float:
    """Return how long ffmpeg takes for the MP3 of the session's own samples."""
    return run(["ffmpeg", "-y", "-i", str(folder / "same.wav"), "-b:a", "128k", str(folder / "theirs.mp3")])


def render(folder: Path, **environment: str) -> float:
    return run(
        [*VOICEGUIDE, "render", SCRIPT, "--voice", "piper", "-o", str(folder / "ours.mp3")], **environment
    )


def cached_to_mp3(folder: Path) -> Iterator[Result]:
    run([*VOICEGUIDE, "render", SCRIPT, "--voice", "piper", "-o", str(folder / "same.wav")])
    if shutil.which("ffmpeg") is None:
        print("skip: ffmpeg is not here, and it is what rendering is measured by", file=sys.stderr)
        return
    ratio, ours, theirs = in_turn(lambda: render(folder), lambda: ffmpeg(folder))
    yield Result("ten minutes to MP3, clips cached / ffmpeg", ratio, 0.6, f"{ours:.2f} s / {theirs:.2f} s")


def overhead() -> Result:
    """Everything but encoding, as a share of the processor time of the whole."""

    def session(studio: Studio) -> Session:
        return studio.session(SCRIPT, Wishes(voice="piper"))

    def processor(work: str) -> float:
        start = time.process_time()
        with Studio() as studio:
            made = session(studio)
            if work == "mix":
                for _ in made.blocks():
                    pass
            else:
                for _ in made.segments("mp3"):
                    pass
        return time.process_time() - start

    processor("mix")
    mixing, whole = processor("mix"), processor("all")
    return Result(
        "everything but encoding / whole", mixing / whole, 0.1, f"{mixing:.2f} s of {whole:.2f} s cpu"
    )


def cold(folder: Path) -> Iterator[Result]:
    if shutil.which("ffmpeg") is None:
        return
    with Studio() as studio:
        lines = [line.text for line in studio.session(SCRIPT, Wishes(voice="piper")).timeline.lines]
    (folder / "lines.txt").write_text("\n".join(lines))
    alone = [sys.executable, "-m", "benchmarks.piper_alone", str(folder / "lines.txt")]

    def ours() -> float:
        shutil.rmtree(folder / "cold", ignore_errors=True)
        return render(folder, VOICEGUIDE_CACHE=str(folder / "cold"))

    def theirs() -> float:
        return run(alone) + 0.6 * ffmpeg(folder)

    ratio, mine, other = in_turn(ours, theirs)
    yield Result("cold with piper / piper alone + 0.6 ffmpeg", ratio, 1.1, f"{mine:.1f} s / {other:.1f} s")


def opening() -> Result:
    """The first 64 KiB of a session nobody has heard, against what they cost alone; model loaded for both."""
    with Studio() as studio:
        casting = studio.cast("piper", "en")[0]
        assert isinstance(casting.engine, Workers)
        warmed = studio.session("grounding-chair", Wishes(voice="piper"))
        list(warmed.cues())  # every worker has spoken: models are loaded, sounds too
        session = studio.session(SCRIPT, Wishes(voice="piper", seed="x"))

        def ours() -> float:
            studio.store = MemoryStore()
            fresh = studio.session(SCRIPT, Wishes(voice="piper"), ahead=4)
            return seconds(lambda: take(fresh.stream("mp3").read(0, OPENING - 1)))

        def theirs() -> float:
            heard = [cue for cue in session.planned() if cue.start < frames(4.1) and hasattr(cue, "line")]
            speaking = seconds(
                lambda: [casting.engine.speak(cue.line.text, casting.voice, cue.line.pace) for cue in heard]
            )
            list(session.cues())
            stream = session.stream("mp3")
            return speaking + seconds(lambda: take(stream.read(0, OPENING - 1)))

        ratio, mine, other = in_turn(ours, theirs, times=7)
    return Result("first 64 KiB, cold / those bytes alone", ratio, 1.5, f"{mine:.2f} s / {other:.2f} s")


def take(parts: Iterator[bytes]) -> int:
    return sum(len(part) for part in parts)


def edited(folder: Path) -> Result:
    """Of a rendered 20-minute script, how many lines are spoken again when one has been edited."""
    store = Counting(folder / "edited")
    with Studio(store=store) as studio:
        list(studio.session(load(twenty_minutes(folder)), Wishes(voice="system")).cues())
        before = store.puts
        list(studio.session(load(twenty_minutes(folder, changed=True)), Wishes(voice="system")).cues())
        return Result("lines spoken again after an edit", store.puts - before, 1, f"of {before}")


class Counting(FolderStore):
    """Counts what is put."""

    puts = 0

    def put(self, name: str, data: bytes) -> None:
        self.puts += 1
        super().put(name, data)


def memory(folder: Path) -> Result:
    script = long_script(folder)

    def peak(length: str) -> int:
        code = (
            "from voiceguide.cli import main\n"
            f"main(['render', {str(script)!r}, '--voice', 'hum', '--length', {length!r}, "
            f"'-o', {str(folder / 'long.mp3')!r}], standalone_mode=False)"
        )
        return peak_memory(code)

    peak("10m")  # has the lines spoken: that costs the same however long the session
    short, long = peak("10m"), peak("8h")
    return Result(
        "memory of eight hours / ten minutes", long / short, 1.2, f"{long // 1024} / {short // 1024} MiB"
    )


def pydub_way(folder: Path) -> Iterator[Result]:
    """The same session as it is done elsewhere: silence, appends, overlay, export."""
    if shutil.which("ffmpeg") is None:
        return
    with Studio() as studio:
        session = studio.session(SCRIPT, Wishes(voice="piper"))
        plan = folder / "plan.txt"
        rows = [f"{cue.start}\t{cue.length}" for cue in session.cues() if hasattr(cue, "line")]
        plan.write_text("\n".join(rows))
    way = [
        sys.executable,
        "-m",
        "benchmarks.pydub_way",
        str(plan),
        str(folder / "same.wav"),
        str(folder / "p.mp3"),
    ]
    ratio, ours, theirs = in_turn(lambda: render(folder), lambda: run(way), times=1)
    yield Result("clips cached / the same with pydub, time", ratio, 1.0, f"{ours:.1f} s / {theirs:.1f} s")
    cli = (
        "from voiceguide.cli import main\n"
        f"main(['render', {SCRIPT!r}, '--voice', 'piper', '-o', {str(folder / 'ours.mp3')!r}], "
        "standalone_mode=False)"
    )
    other = f"import sys; sys.argv = {way[1:]!r}\nfrom benchmarks.pydub_way import main\nmain(*sys.argv[2:])"
    mine, pydub = peak_memory(cli), peak_memory(other)
    yield Result(
        "clips cached / the same with pydub, memory",
        mine / pydub,
        1.0,
        f"{mine // 1024} / {pydub // 1024} MiB",
    )
