from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import until
from voiceguide.errors import EngineError
from voiceguide.files import PartFile
from voiceguide.server.ranged_job import Over, RangedJob
from voiceguide.server.render_job import RenderJob

SIZE = 10_000
PIECE = 100


class Counted:
    """Bytes that tell their place, made in pieces, with a note of each; *gate* lets them through."""

    size = SIZE

    def __init__(self) -> None:
        self.made: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False

    def read(self, first: int, last: int) -> Iterator[bytes]:
        for at in range(first, last + 1, PIECE):
            self.gate.wait(10)
            if self.broken:
                raise EngineError("the voice broke")
            self.made.append(at)
            yield whole()[at : min(at + PIECE, last + 1)]


def whole() -> bytes:
    return bytes(at * 7 % 251 for at in range(SIZE))


class Bench:
    """A job on a bench: its source, and what became of it."""

    def __init__(self, folder: Path, ahead: int = 1000, linger: float = 60.0) -> None:
        self.source = Counted()
        self.ended: list[RenderJob] = []
        part = PartFile(folder, "mp3")
        self.job = RangedJob(self.source, part, ahead=ahead, turn=500, linger=linger, ended=self.ended.append)

    def read(self, first: int = 0, last: int = SIZE - 1) -> bytes:
        listener = self.job.listen(first, last, lambda: False)
        return b"".join(listener)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.job.stop()
    made.job.join(10)


def test_whoever_reads_gets_the_bytes_of_that_place(bench: Bench) -> None:
    """Any stretch, in any order, is the same bytes as in the whole."""
    for first, last in ((5000, 5999), (0, 99), (9990, 9999), (150, 7200), (0, SIZE - 1)):
        assert bench.read(first, last) == whole()[first : last + 1]


def test_what_is_made_is_made_once(bench: Bench) -> None:
    """However listeners jump about, every byte is made exactly once."""
    bench.read(5000, 5999)
    bench.read(2000, 3999)
    bench.read()
    assert bench.job.whole
    assert len(bench.source.made) == SIZE // PIECE


def test_it_stays_a_bounded_way_ahead_of_the_listener(bench: Bench) -> None:
    """Who has read a little causes a little to be made."""
    listener = bench.job.listen(0, SIZE - 1, lambda: False)
    assert next(listener)
    until(lambda: len(bench.source.made) * PIECE >= 1000)
    bench.job.stop()
    bench.job.join(10)
    listener.close()
    assert len(bench.source.made) * PIECE <= listener.at + 1000 + PIECE


def test_the_listener_who_runs_out_comes_first(bench: Bench) -> None:
    """A jump to a place not made is served before the rest of the way to it."""
    bench.source.gate.clear()
    first = bench.job.listen(0, SIZE - 1, lambda: False)
    second = bench.job.listen(8000, 8099, lambda: False)
    bench.source.gate.set()
    assert b"".join(second) == whole()[8000:8100]
    assert bench.job.progress < 0.5
    first.close()


def test_without_listeners_it_ends(tmp_path: Path) -> None:
    """When the last listener has left and nobody asked to keep it, it stops after a while."""
    bench = Bench(tmp_path, linger=1.0)
    listener = bench.job.listen(0, SIZE - 1, lambda: False)
    next(listener)
    listener.close()
    bench.job.join(10)
    assert bench.ended == [bench.job]
    assert not bench.job.whole
    with pytest.raises(Over):
        bench.job.listen(0, 10, lambda: False)


def test_what_is_to_be_kept_is_made_to_the_end(bench: Bench) -> None:
    """Asked to keep it, it goes on without listeners."""
    bench.job.keep()
    bench.job.join(10)
    assert bench.job.whole
    assert bench.job.part.path.read_bytes() == whole()


def test_a_listener_who_waits_and_has_gone_is_let_go(bench: Bench) -> None:
    """A client that vanishes while nothing is ready ends its wait."""
    bench.source.gate.clear()
    listener = bench.job.listen(0, SIZE - 1, lambda: True)
    assert list(listener) == []
    assert bench.job.idle
    bench.source.gate.set()


def test_a_failure_ends_every_wait(bench: Bench) -> None:
    """When the voice breaks, listeners get what was made and no more, and the failure is kept."""
    bench.source.broken = True
    assert bench.read() == b""
    until(lambda: bench.ended)
    assert isinstance(bench.job.failure, EngineError)


def test_many_read_at_once(bench: Bench) -> None:
    """Fifty listeners get the same bytes, made once."""
    found: list[bytes] = []
    listeners = [bench.job.listen(0, SIZE - 1, lambda: False) for _ in range(50)]
    threads = [threading.Thread(target=lambda each=each: found.append(b"".join(each))) for each in listeners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [whole()] * 50
    assert len(bench.source.made) == SIZE // PIECE


def test_the_file_is_closed_when_the_last_has_read(tmp_path: Path) -> None:
    """A listener may go on reading after the end of the job; then the file is let go."""
    bench = Bench(tmp_path)
    listener = bench.job.listen(0, SIZE - 1, lambda: False)
    bench.job.keep()
    bench.job.join(10)
    assert b"".join(listener) == whole()
    assert bench.job._file.closed
