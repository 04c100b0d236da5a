from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest

from tests.server.conftest import MakeService
from tests.sessions import ToneEngine
from tests.waiting import until
from voiceguide.audio import Mono
from voiceguide.errors import BusyError, EngineError, SinkError, StoreError, UnknownError, WishError
from voiceguide.export.sidecars import SIDECARS
from voiceguide.export.text.text import session_length, spoken
from voiceguide.export.text.vtt import vtt
from voiceguide.script.model import Pace
from voiceguide.server.limits import Limits
from voiceguide.server.query import read_query
from voiceguide.server.rendition import Rendition
from voiceguide.server.service import Service
from voiceguide.voices.engines.hum import HumEngine


def stay() -> bool:
    """A client that never leaves."""
    return False


def rendition(service: Service, name: str = "chair", ending: str = "mp3", **asked: str) -> Rendition:
    return service.rendition(name, ending, read_query(asked.items()))


def read(service: Service, wanted: Rendition, first: int = 0, last: int | None = None) -> bytes:
    size = service.sound(wanted).size
    assert size is not None
    body = service.jobs.listen(wanted, first, size - 1 if last is None else last, stay)
    try:
        return b"".join(body)
    finally:
        body.close()


class Breaks(ToneEngine):
    """Speaks one line, and then no more."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        if self.spoken:
            raise EngineError("the voice broke")
        return super().speak(text, voice, pace)


class Pauses(ToneEngine):
    """Speaks the chair's first three lines, and any other when it is let."""

    FIRST = ("Notice your feet.", "Both of them.", "And the floor.")

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        if text not in self.FIRST:
            assert self.let.wait(30.0)
        return super().speak(text, voice, pace)


@contextmanager
def open_files_left(count: int) -> Iterator[None]:
    """Let the process open no more than *count* files while the block runs."""
    resource = pytest.importorskip("resource", reason="only POSIX bounds the open files of a process")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    taken: list[int] = []
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        for handle in taken[:count]:
            os.close(handle)
        del taken[:count]
        yield
    finally:
        for handle in taken:
            os.close(handle)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("ending", ["mp3", "wav"])
def test_bytes_of_an_unmade_session_are_those_of_the_finished_file(
    service_of: MakeService, ending: str
) -> None:
    """Any stretch read while it is made is the same stretch of the file that is kept."""
    service = service_of()
    wanted = rendition(service, ending=ending)
    size = service.sound(wanted).size
    assert size is not None
    middle = read(service, wanted, size // 2, size // 2 + 70_000)
    end = read(service, wanted, size - 5000)
    whole = read(service, wanted)
    path = until(lambda: service.sound(wanted).path)
    kept = path.read_bytes()
    assert len(kept) == size
    assert kept == whole == b"".join(wanted.held.session.stream(ending).read())
    assert middle == kept[size // 2 : size // 2 + 70_001]
    assert end == kept[-5000:]
    assert read(service, wanted, 7, 77) == kept[7:78]


def test_fifty_clients_make_one_render_job(service_of: MakeService) -> None:
    """However many ask at once for a session that is not there, it is made once."""
    service = service_of(limits=Limits(listeners=60))
    found: list[bytes] = []
    ready = threading.Barrier(50)

    def client() -> None:
        ready.wait(30)
        found.append(read(service, rendition(service)))

    threads = [threading.Thread(target=client) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 50
    assert len(set(found)) == 1
    assert service.jobs.begun == 1


def test_an_unheard_session_is_not_made_to_its_end(service_of: MakeService) -> None:
    """When the listener leaves and nobody asked to keep it, making stops and leaves nothing behind."""
    service = service_of(limits=Limits(linger=0.01, ahead=5.0))
    wanted = rendition(service, length="5m")
    body = service.jobs.listen(wanted, 0, 4_000_000, stay)
    assert next(iter(body))
    body.close()
    until(lambda: service.jobs.under_way() == 0)
    assert service.sound(wanted).path is None
    assert [path for path in service.cache.folder.rglob("*") if path.is_file()] == []
    assert service.jobs.state(wanted) == ("waiting", 0.0)


def test_a_session_to_keep_is_made_to_its_end(service_of: MakeService) -> None:
    """Asked to be kept, a session is made though nobody listens, and its state tells how far it is."""
    service = service_of()
    wanted = rendition(service)
    service.jobs.keep(wanted)
    until(lambda: service.jobs.state(wanted) == ("ready", 1.0))
    assert until(lambda: service.sound(wanted).path).stat().st_size == service.sound(wanted).size


def test_a_session_in_which_a_voice_stood_in_is_not_kept_under_its_key(service_of: MakeService) -> None:
    """What one voice began and another ended has a tag of its own, and is found by nobody later."""
    service = service_of(Breaks("first"), ToneEngine("second"))
    wanted = rendition(service)
    promised = service.sound(wanted).etag
    read(service, wanted)
    assert wanted.held.stood_in
    assert service.sound(wanted).etag != promised
    until(lambda: service.jobs.under_way() == 0)
    assert service.cache.find(wanted.id) is None
    again = service_of(ToneEngine("first"), ToneEngine("second"))
    assert again.sound(rendition(again)).path is None


def test_a_voice_that_fails_is_said(service_of: MakeService) -> None:
    """Where nobody can speak, listeners get an end and the state a sentence."""
    service = service_of(Breaks())
    wanted = rendition(service)
    assert len(read(service, wanted)) < 500_000
    until(lambda: service.jobs.under_way() == 0)
    assert service.jobs.state(wanted) == ("failed", 0.0)
    assert "no voice could speak" in service.jobs.why(wanted)
    with pytest.raises(EngineError, match="no voice"):
        next(service.side(wanted.held, SIDECARS["vtt"], stay))


def test_other_formats_are_there_when_they_are_finished(service_of: MakeService) -> None:
    """A format without places for its bytes is awaited, once for all who ask, and then is a file."""
    service = service_of()
    wanted = rendition(service, ending="opus")
    assert service.sound(wanted).size is None
    paths: list[Path | None] = []
    threads = [
        threading.Thread(target=lambda: paths.append(service.jobs.finished(wanted, stay))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert paths == [service.sound(wanted).path] * 5
    assert paths[0] is not None
    assert paths[0].read_bytes()[:4] == b"OggS"
    assert service.jobs.begun == 1


def test_a_render_that_nobody_waits_for_stops(service_of: MakeService) -> None:
    """The last to leave ends it."""
    service = service_of()
    wanted = rendition(service, ending="flac", length="5m")
    assert service.jobs.finished(wanted, lambda: True) is None or service.sound(wanted).path is not None
    until(lambda: service.jobs.under_way() == 0)


def test_what_cannot_be_begun_takes_no_room(service_of: MakeService) -> None:
    """A session whose file cannot be opened is refused, and leaves no file and no bytes held."""
    size = service_of().sound(rendition(service_of())).size
    assert size is not None
    service = service_of(limits=Limits(disk=size, linger=0.05))  # there is room for one
    wanted = rendition(service)
    service.sound(wanted)
    with open_files_left(1), pytest.raises(StoreError, match="open files"):
        service.jobs.keep(wanted)
    assert not any(path.is_file() for path in service.cache.folder.rglob("*"))
    assert len(read(service, wanted)) == size


def test_a_full_server_asks_to_come_back(service_of: MakeService) -> None:
    """Beyond the limits there is an error that says when to ask again, and the places come free."""
    service = service_of(limits=Limits(jobs=1, listeners=2, linger=60.0, retry=7))
    body = service.jobs.listen(rendition(service), 0, 100, stay)
    with pytest.raises(BusyError, match="7 seconds") as caught:
        service.jobs.listen(rendition(service, length="2m"), 0, 100, stay)
    assert caught.value.seconds == 7
    other = service.jobs.listen(rendition(service), 0, 100, stay)
    with pytest.raises(BusyError):
        service.jobs.listen(rendition(service), 0, 100, stay)
    body.close()
    other.close()
    assert read(service, rendition(service, length="2m"), 0, 100)


def test_a_side_file_waits_for_its_cues_and_is_kept(service_of: MakeService) -> None:
    """Captions are those of the session as it is spoken, and are made once."""
    service = service_of()
    held = service.sessions.get("chair", read_query([]))
    made = b"".join(service.side(held, SIDECARS["vtt"], stay))
    cues = tuple(held.session.cues())
    written = vtt(spoken(cues), session_length(cues), language="en", title=held.session.script.title)
    assert made.decode() == "".join(written)
    assert service.cache.find(held.key + ".vtt") is not None
    assert b"".join(service.side(held, SIDECARS["vtt"], stay)) == made


def test_captions_come_as_the_lines_are_spoken(service_of: MakeService) -> None:
    """The first caption is there before the last line is spoken; who leaves gives back the slot."""
    engine = Pauses()
    service = service_of(engine, limits=Limits(listeners=1))
    held = service.sessions.get("chair", read_query([]))
    parts = service.side(held, SIDECARS["vtt"], stay)
    begun = next(parts)
    assert b" --> " in begun
    parts.close()
    assert service.cache.find(held.key + ".vtt") is None
    engine.let.set()
    assert b"".join(service.side(held, SIDECARS["vtt"], stay)).startswith(begun)


def test_names_come_from_the_index(service_of: MakeService) -> None:
    """A path is no name, and a format that is not made here is nothing."""
    service = service_of()
    for wrong in ("../scripts/chair", "/etc/passwd", "blocks/ground", "chair.yaml", "cha"):
        with pytest.raises(UnknownError):
            rendition(service, wrong)
    with pytest.raises(UnknownError, match="mp3"):
        rendition(service, ending="exe")


def test_wishes_are_checked_before_anything_is_made(service_of: MakeService) -> None:
    """What the script does not offer is refused."""
    service = service_of()
    for asked in ({"volume": "3"}, {"eyes": "shut"}, {"length": "20m"}, {"rungs": "2"}, {"bitrate": "7"}):
        with pytest.raises(WishError):
            rendition(service, **asked)
    assert service.jobs.begun == 0


def test_only_what_varies_changes_with_the_day(service_of: MakeService) -> None:
    """A script without variants has one key for every day and seed; one with variants follows the day."""
    service = service_of()
    assert rendition(service).name == rendition(service, seed="other").name
    names = {rendition(service, "days", seed=str(number)).name for number in range(9)}
    assert len(names) == 9
    assert (
        rendition(service, "days").name
        == rendition(service, "days", seed=date(2026, 11, 22).isoformat()).name
    )


def test_all_sessions_hold_their_clips_together(service_of: MakeService) -> None:
    """However many sessions are at hand and being made, decoded clips are held for all of them at once."""
    service = service_of()
    one, other = rendition(service).held.session, rendition(service, length="2m").held.session
    assert one is not other
    assert one.clips.hand is other.clips.hand


def test_the_way_back_is_prepared_and_stays(service_of: MakeService) -> None:
    """Ground now is made at the start, whoever listens, and is never let go."""
    service = service_of(limits=Limits(disk=2_100_000, linger=0.01))
    service.ground.prepare()
    ground = rendition(service, "ground-now")
    until(lambda: service.sound(ground).path)
    for length in ("1m", "50s", "55s"):
        service.jobs.keep(rendition(service, length=length))
        until(lambda: service.jobs.under_way() == 0)
    assert service.sound(ground).path is not None
    assert service.sound(rendition(service, length="1m")).path is None
    with pytest.raises(SinkError, match="larger than all"):  # beside what stays: to wait would not help
        service.jobs.keep(rendition(service, length="2m"))


def test_the_way_back_fits_whatever_is_made(service_of: MakeService) -> None:
    """Room for Ground now is held from when it is prepared: what fills the rest does not keep it out."""
    service = service_of(limits=Limits(disk=2_100_000))
    ground = rendition(service, "ground-now")
    assert ground.size is not None
    service.cache.pin(ground.name, ground.size)
    body = service.jobs.listen(rendition(service), 0, 100, stay)
    with pytest.raises(BusyError):
        service.jobs.keep(rendition(service, "days"))
    service.ground.prepare()
    until(lambda: service.sound(ground).path)
    body.close()


def test_every_part_of_a_ladder_is_a_session(service_of: MakeService) -> None:
    """Each rung, the ground and both ends can be had alone."""
    service = service_of()
    for part in ("opening", "rung-1", "rung-2", "stay", "ground", "closing"):
        assert read(service, rendition(service, "two-rungs", part=part), 0, 2000)
    with pytest.raises(UnknownError, match="rung-2"):
        rendition(service, "two-rungs", part="rung-3")
    with pytest.raises(UnknownError, match="no ladder"):
        rendition(service, "chair", part="opening")


def test_an_edited_script_is_another_session(service_of: MakeService, tmp_path: Path) -> None:
    """The catalogue sees a change of a file, and the session has another key."""
    service = service_of()
    before = rendition(service).name
    path = tmp_path / "scripts" / "chair.yaml"
    path.write_text(path.read_text().replace("That is all.", "That is all there is."))
    until(lambda: rendition(service).name != before)


def test_closing_ends_every_render_job(service_of: MakeService) -> None:
    """After close no thread of ours is left."""
    service = service_of(HumEngine())
    service.jobs.keep(rendition(service, length="5m"))
    body = service.jobs.listen(rendition(service, length="4m"), 0, 1_000_000, stay)
    assert next(iter(body))
    service.close()
    body.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("make ", "render "))]
    with pytest.raises(BusyError):
        service.jobs.keep(rendition(service, length="3m"))


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["m4a", "m4b", "opus", "flac"])
def test_formats_of_unknown_size_are_heard_as_they_are_made(service_of: MakeService, ending: str) -> None:
    """Who reads along has the first bytes before the last are made, and goes on to the end."""
    service = service_of()
    wanted = rendition(service, ending=ending, length="4m")
    body = service.jobs.follow(wanted, stay)
    first = next(iter(body))
    assert service.jobs.state(wanted)[0] == "making"
    whole = first + b"".join(body)
    body.close()
    path = until(lambda: service.sound(wanted).path)
    kept = path.read_bytes()
    assert len(whole) == pytest.approx(len(kept), rel=0.15)  # a picture is put in at the end
    again = service.jobs.follow(wanted, stay)
    assert b"".join(again) == kept
    again.close()
    assert service.jobs.begun == 1


def test_an_emptied_cache_has_a_session_made_anew(service_of: MakeService, tmp_path: Path) -> None:
    """Where the file that grows is removed, who comes next hears the session from its beginning."""
    engine = Pauses()
    service = service_of(engine)
    wanted = rendition(service, ending="m4a")
    service.jobs.keep(wanted)
    until(lambda: len(engine.spoken) == 3)
    (part,) = (tmp_path / "cache").rglob(".m4a.*.voiceguide-part")
    part.unlink()
    threading.Timer(0.3, engine.let.set).start()
    body = service.jobs.follow(wanted, stay)
    assert b"ftyp" in b"".join(body)[:16]
    body.close()
    assert service.jobs.begun == 2


def test_who_reads_along_learns_of_a_failure(service_of: MakeService) -> None:
    """A stream of unknown length that breaks off says so: its end would look like the end of the session."""
    service = service_of(Breaks())
    body = service.jobs.follow(rendition(service, ending="opus"), stay)
    with pytest.raises(OSError, match="could not be made"):
        b"".join(body)
    until(lambda: service.jobs.under_way() == 0)


@pytest.mark.slow
def test_the_folder_is_never_larger_than_it_may_be(service_of: MakeService, tmp_path: Path) -> None:
    """Many downloads at once, of all formats and side files: the bound holds at every look, or they wait."""
    limit = 10_000_000
    service = service_of(limits=Limits(disk=limit, linger=0.01))
    service.ground.prepare()
    refused = []
    wishes = [(ending, length) for length in ("40s", "50s") for ending in ("mp3", "opus", "flac", "m4a")]

    def had(wanted: Rendition) -> bool:
        try:
            service.jobs.keep(wanted)
        except BusyError as error:
            refused.append(error.seconds)
            return False
        until(lambda: service.jobs.state(wanted)[0] != "making", 120.0)
        return service.jobs.state(wanted)[0] != "failed"

    def download(ending: str, length: str) -> None:
        wanted = rendition(service, ending=ending, length=length)
        until(lambda: had(wanted), 120.0)
        assert b"".join(service.side(wanted.held, SIDECARS["vtt"], stay))

    with ThreadPoolExecutor(len(wishes) + 1) as pool:
        asked = [pool.submit(download, *wish) for wish in [*wishes, ("wav", "40s")]]
        most, pause = 0, threading.Event()
        while service.jobs.under_way() or not all(each.done() for each in asked):
            most = max(most, _bytes(service.cache.folder))
            pause.wait(0.002)
    for each in asked:
        each.result()
    assert 0 < most <= limit
    assert refused
    assert service.sound(rendition(service, "ground-now")).path is not None


def _bytes(folder: Path) -> int:
    """Return the bytes of all files below *folder*, as they were at one moment.

    A file is renamed, or removed for another one, while the folder is walked: only if a second walk meets
    the same files were all of the first's there together.
    """
    while True:
        sizes, again = _sizes(folder), _sizes(folder)
        if sizes.keys() == again.keys():
            return sum(sizes.values())


def _sizes(folder: Path) -> dict[int, int]:
    """Return the bytes of each file below *folder*, by inode: a renamed file has still its own."""
    sizes = {}
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file():
                found = path.stat()
                sizes[found.st_ino] = found.st_size
    return sizes


def test_the_way_back_has_a_place_when_all_are_taken(service_of: MakeService) -> None:
    """Where as many listen, and as much is made, as may be, others are refused; the ground is not."""
    service = service_of(limits=Limits(listeners=1, jobs=1))
    other = rendition(service, length="4m")
    listening = service.jobs.listen(other, 0, (other.size or 0) - 1, stay)
    next(listening)
    with pytest.raises(BusyError):
        read(service, rendition(service, length="2m"), 0, 99)
    assert len(read(service, rendition(service, "ground-now"), 0, 99)) == 100
    listening.close()
