"""The speaker on a card by hand: one session at a time, a queue, sleep, and the ground."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.playback.sources import steepest
from tests.server.scripts import library
from tests.speaker.conftest import House, MakeHouse
from voiceguide.audio import Block, frames
from voiceguide.errors import BusyError, EngineError, WishError
from voiceguide.listeners import Listening
from voiceguide.playback.outputs import Fill, OpenOutput
from voiceguide.script.model import Pace
from voiceguide.speaker.queue import MOST_QUEUED
from voiceguide.speaker.upcoming import DEVICE_SECONDS
from voiceguide.voices.engines.hum import HumEngine


def test_the_queue_goes_on_by_itself(house: House) -> None:
    """What is queued plays in its order, one at a time, and then there is silence."""
    for script in ("chair", "days", "ground-now"):
        house.speaker.add(house.item(script, length="40s"))
    heard = []
    for _ in range(3):
        house.until(lambda: house.status == "playing")
        heard.append(house.playing)
        house.through()
    assert heard == ["chair", "days", "ground-now"]
    house.until(lambda: house.status == "idle")
    assert house.speaker.state.queue == ()
    assert all(output.closed for output in house.card.outputs)


def test_another_session_fades_the_first_out(house: House) -> None:
    """Playing something else ends what plays without a click, and only then begins; the queue waits."""
    house.speaker.play(house.item("chair"))
    house.until_playing("chair")
    house.speaker.add(house.item("days"))
    house.until(lambda: house.speaker.state.now.position > frames(3.0))
    house.speaker.play(house.item("ground-now"))
    assert house.playing == "ground-now"
    house.until_playing("ground-now")
    assert len(house.card.outputs) == 2
    assert house.card.outputs[0].closed
    assert [each.script for each in house.speaker.state.queue] == ["days"]
    assert steepest(house.tape()) < 0.06
    house.through()
    house.until_playing("days")


def test_the_latest_wish_counts(house: House) -> None:
    """Of several that are asked for at once, the last plays, and none of the others."""
    for script in ("chair", "days", "two-rungs", "ground-now"):
        house.speaker.play(house.item(script))
    house.until_playing("ground-now")
    house.speaker.play(house.item("chair"))
    house.speaker.play(house.item("days"))
    house.until_playing("days")
    assert len(house.card.outputs) <= 3


def test_a_script_without_a_length_plays_as_long_as_it_comes_to(house_of: MakeHouse, tmp_path: Path) -> None:
    """The speaker plays, tells and queues what says nothing of its length, or `auto`, like anything else."""
    scripts = tmp_path / "scripts"
    library(scripts)
    for name, length in (("none", ""), ("auto", "length: auto\n")):
        text = re.sub(r"(?m)^length: .*\n", length, (scripts / "chair.yaml").read_text())
        (scripts / f"{name}.yaml").write_text(text)
    house = house_of()
    house.speaker.play(house.item("none"))
    house.speaker.add(house.item("auto"))
    house.until_playing("none")
    alone = house.studio.session("none").length
    assert house.speaker.state.now.length == alone
    house.through()
    house.until_playing("auto")
    assert house.speaker.state.now.length == alone
    house.through()
    house.until(lambda: house.status == "idle")


def test_stop_is_silence_and_keeps_the_queue(house: House) -> None:
    """After a stop nothing begins that was not asked for; going on takes up the queue."""
    house.speaker.play(house.item("chair"))
    house.speaker.add(house.item("days"))
    house.until_playing("chair")
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    house.speaker.add(house.item("two-rungs"))
    house.speaker.play(house.item("ground-now", length="40s"))
    house.until_playing("ground-now")
    house.through()
    house.until(lambda: house.status == "idle")
    assert [each.script for each in house.speaker.state.queue] == ["days", "two-rungs"]
    house.speaker.resume()
    house.until_playing("days")


def test_stop_before_it_has_begun(house: House) -> None:
    """A session that was asked for a moment ago can be stopped like any other."""
    house.speaker.play(house.item("chair"))
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    with pytest.raises(WishError, match="nothing is playing"):
        house.speaker.do("pause")


def test_pause_and_going_on(house: House) -> None:
    """A paused session stands still until it is asked to go on, and goes on where it was."""
    house.speaker.play(house.item("chair"))
    house.until(lambda: house.speaker.state.now.position > frames(2.0))
    house.speaker.do("pause")
    house.until(lambda: house.status == "paused")
    place = house.speaker.state.now.position
    for _ in range(20):
        house.pull()
    assert house.speaker.state.now.position == place
    house.speaker.resume()
    house.until(lambda: house.speaker.state.now.position > place)


def test_the_ground_from_anywhere(house: House) -> None:
    """ "Ground me" leaves the session that plays, going on comes back; from silence it is a session."""
    house.speaker.play(house.item("chair"))
    house.until_playing("chair")
    house.speaker.ground()
    house.until(lambda: house.status == "grounding")
    assert house.playing == "chair"
    house.speaker.resume()
    house.until(lambda: house.status == "playing")
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    house.speaker.ground()
    house.until_playing("ground-now")


def test_the_ground_while_something_fades_out(house: House) -> None:
    """Who has just stopped, and then needs the ground, gets it."""
    house.speaker.play(house.item("chair"))
    house.until_playing("chair")
    house.speaker.stop()
    house.speaker.ground()
    house.until_playing("ground-now")


def test_the_volume_stays_for_the_next_session(house: House) -> None:
    """Louder or softer holds for the speaker, not for one session."""
    house.speaker.volume(0.5)
    house.speaker.play(house.item("chair"))
    house.until_playing("chair")
    assert house.speaker.state.now.volume == 0.5
    house.speaker.do("softer")
    house.until(lambda: house.speaker.state.volume < 0.45)
    house.speaker.play(house.item("days"))
    house.until_playing("days")
    assert house.speaker.state.now.volume == pytest.approx(0.4)


def test_sleep_ends_everything_whatever_plays_then(house: House) -> None:
    """When it is time to sleep the sound fades away over seconds, and the queue does not begin."""
    house.speaker.sleep(frames(600.0))
    assert house.speaker.state.plain()["sleep"] == 600
    house.speaker.add(house.item("chair"))
    house.speaker.add(house.item("days"))
    house.until_playing("chair")
    house.ticking.now += 601.0
    house.until(lambda: house.status == "stopping")
    assert house.speaker.state.plain()["sleep"] is None
    house.until(lambda: house.status == "idle")
    assert [each.script for each in house.speaker.state.queue] == ["days"]


@pytest.mark.parametrize("press", ["toggle", "pause", "play"])
def test_a_press_in_the_fade_starts_the_timer_anew(house: House, press: str) -> None:
    """Play or pause while it fades into sleep is no pause: it plays on, and fades as long after as asked."""
    house.speaker.sleep(frames(600.0))
    house.speaker.add(house.item("chair"))
    house.until_playing("chair")
    house.ticking.now += 601.0
    house.until(lambda: house.status == "stopping")
    house.speaker.do(press)
    house.until(lambda: house.status == "playing")
    assert house.speaker.state.plain()["sleep"] == 600
    house.ticking.now += 601.0
    house.until(lambda: house.status == "stopping")


def test_any_wish_wakes(house: House) -> None:
    """Who asks for something while it fades into sleep is awake: the session, and the queue, go on."""
    house.speaker.add(house.item("chair", length="40s"))
    house.speaker.add(house.item("days"))
    house.until_playing("chair")
    house.speaker.sleep(frames(1.0))
    house.ticking.now += 2.0
    house.until(lambda: house.status == "stopping")
    house.speaker.do("louder")
    house.until(lambda: house.status == "playing")
    house.until_playing("days")


def test_the_queue_is_bounded(house: House) -> None:
    """One more than fits is refused in a sentence; clearing makes room."""
    house.speaker.play(house.item("chair"))
    house.until_playing("chair")
    for _ in range(MOST_QUEUED):
        house.speaker.add(house.item("days"))
    with pytest.raises(BusyError, match="queue is full"):
        house.speaker.add(house.item("days"))
    house.speaker.clear()
    house.speaker.add(house.item("ground-now"))
    house.speaker.skip()
    house.until_playing("ground-now")


def test_what_is_out_of_date_is_left_out(house: House) -> None:
    """An item that says so when its turn comes is not played."""
    house.speaker.play(house.item("chair", length="40s"))
    house.until_playing("chair")
    house.speaker.add(replace(house.item("days"), fresh=lambda: False))
    house.speaker.add(house.item("ground-now"))
    house.through()
    house.until_playing("ground-now")


def test_without_a_device_it_says_so_and_waits(house: House) -> None:
    """Where there is no sound card nothing is lost, and a note says why; once there is one, it goes on."""
    house.card.missing = True
    house.speaker.add(house.item("chair", length="40s"))
    house.speaker.add(house.item("days"))
    house.until(lambda: house.speaker.state.note)
    assert house.speaker.state.note == "no audio device here; it waits for a sound device"
    assert [each.script for each in house.speaker.state.queue] == ["chair", "days"]
    house.ticking.now += DEVICE_SECONDS
    # It has looked, for nothing, once it is to look again later.
    house.until(lambda: (house.speaker._upcoming._device_at or 0.0) > house.ticking.now)
    assert house.status == "idle"
    house.card.missing = False
    house.ticking.now += DEVICE_SECONDS
    house.until_playing("chair")
    assert house.speaker.state.note == ""
    house.through()
    house.until_playing("days")


def test_going_on_looks_for_a_device_at_once(house: House) -> None:
    """Who has plugged one in, and asks to go on, need not wait."""
    house.card.missing = True
    house.speaker.play(house.item("chair"))
    house.until(lambda: house.speaker.state.note)
    house.card.missing = False
    house.speaker.resume()
    house.until_playing("chair")


def test_without_a_device_the_latest_wish_counts(house: House) -> None:
    """Who asks again and again hears the last of it, not all; a stop takes back none of the queue."""
    house.card.missing = True
    for script in ("chair", "two-rungs", "days"):
        house.speaker.play(house.item(script))
        house.until(lambda: house.speaker.state.note)
    assert [each.script for each in house.speaker.state.queue] == ["days"]
    house.speaker.stop()
    house.card.missing = False
    house.ticking.now += DEVICE_SECONDS
    assert not house.speaker.busy
    house.speaker.resume()
    house.until_playing("days")


def test_without_portaudio_it_says_what_installs_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the sound library itself is missing, looking again for devices hides nothing of that."""

    def broken(fill: Fill) -> OpenOutput:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(house.card, "reopen", broken)
    house.card.missing = True
    house.speaker.play(house.item("chair"))
    house.until(lambda: house.speaker.state.note)
    assert house.speaker.state.note.startswith("no audio device here; it waits")


def test_a_device_that_is_gone_does_not_hold_up_the_next_wish(house: House) -> None:
    """A session whose device has gone away is left at once for another one."""
    house.speaker.play(house.item("chair"))
    house.until_playing("chair")
    house.card.missing = True
    house.card.outputs[-1].active = False
    house.until(lambda: house.status == "lost")
    house.card.missing = False
    house.speaker.play(house.item("days"))
    house.until_playing("days")


def test_a_voice_that_fails_ends_one_session_only(house_of: MakeHouse) -> None:
    """If nobody can speak a session it is over, the reason is told, and the speaker still answers."""

    class Moody(HumEngine):
        def speak(self, text: str, voice: str, pace: Pace) -> Block:
            if "floor" in text:
                raise EngineError("the model is gone")
            return super().speak(text, voice, pace)

    house = house_of(Moody())
    house.speaker.play(house.item("chair"))
    house.until(lambda: house.speaker.state.note)
    assert "no voice could speak" in house.speaker.state.note
    house.speaker.play(house.item("days"))
    house.until_playing("days")
    assert house.speaker.state.note == ""


def test_a_session_is_taken_up_again(house: House) -> None:
    """What was stopped in the middle can be gone on with, a little earlier."""
    house.speaker.play(house.item("chair"))
    house.until(lambda: house.speaker.state.now.position > frames(30.0))
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    house.heard.clear()
    house.speaker.play(replace(house.item("chair"), resume=True))
    house.until(lambda: house.speaker.state.now.position > frames(8.0))
    assert len(house.tape()) < frames(4.0)


def test_the_speaker_keeps_places_and_history(house: House) -> None:
    """What is heard here is the listener's: found at another length, and in the history."""
    house.speaker.play(house.item("chair", length="4m"))
    house.until(lambda: house.speaker.state.now.position > frames(30.0))
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    house.heard.clear()
    house.speaker.play(replace(house.item("chair", length="2m"), resume=True))
    house.until(lambda: house.speaker.state.now.position > frames(8.0))
    assert len(house.tape()) < frames(4.0)
    house.close()
    (heard,) = house.store.all(Listening)
    assert heard.record.script == "chair"
    assert heard.record.heard > 29_000


def test_ending_gently(house: House) -> None:
    """When the program ends, what plays fades out first; nothing of it goes on."""
    house.speaker.play(house.item("chair"))
    house.until_playing("chair")
    ending = threading.Thread(target=lambda: house.speaker.close(gently=True))
    ending.start()
    house.until(lambda: not ending.is_alive())
    assert steepest(house.tape()) < 0.06
    assert abs(house.tape()[-1]).max() < 0.001
    assert house.card.outputs[-1].closed
