"""Where a session goes on another time, and what of it is in the history."""

from __future__ import annotations

from tests.playback.conftest import SCRIPT, Kept
from tests.playback.stages import Begin, Stage
from voiceguide.audio import frames, seconds
from voiceguide.listeners import Bookmark, Listening, PrivateJournal, Put, WriteStamp, now_ms
from voiceguide.plan.wishes import Wishes
from voiceguide.playback.remembering import KEEP, WORTH_KEEPING
from voiceguide.session import Studio


def stop(stage: Stage) -> None:
    stage.player.do("stop")
    while not stage.player.wait(0.0):
        stage.pull(0.5)
    assert stage.player.failure is None
    stage.player.close()


def listen(stage: Stage, heard: float) -> None:
    """Listen so many seconds, and stop."""
    stage.pull(heard)
    stop(stage)


def test_the_place_is_kept_and_taken_up(begin: Begin, kept: Kept) -> None:
    """Who stops in the middle is taken up a line earlier; who hears the end begins anew."""
    listen(begin(journal=kept.journal), 22.0)
    assert len(kept.all(Bookmark)) == 1
    again = begin(journal=kept.journal, resume=True)
    again.pull_until(lambda now: now.position > 0)
    assert again.player.now.position > frames(8.0)
    while not again.player.wait(0.0):
        again.pull(1.0)
    again.player.close()
    assert kept.all(Bookmark) == ()


def test_another_session_of_the_exercise_goes_on(begin: Begin, kept: Kept) -> None:
    """The place is found from another length and sound; the latest counts."""
    listen(begin(journal=kept.journal), 22.0)
    (first,) = kept.all(Bookmark)
    other = Wishes(length=frames(240.0), ambience="stream")
    again = begin(journal=kept.journal, resume=True, wishes=other)
    again.pull_until(lambda now: now.position > 0)
    assert again.player.now.position > frames(8.0)
    listen(again, 12.0)
    (left,) = kept.all(Bookmark)
    assert left.wishes.length == frames(240.0)
    assert left.session != first.session


def test_what_is_kept_makes_the_session_again(begin: Begin, studio: Studio, kept: Kept) -> None:
    """With the place goes what was asked for: the same session comes of it, on any day."""
    stage = begin(journal=kept.journal)
    listen(stage, 22.0)
    (left,) = kept.all(Bookmark)
    first = studio.session(stage.player._director._session.script, Wishes(length=frames(90.0)))
    again = studio.session(first.script, left.wishes)
    assert again.place_key == first.place_key == left.session
    assert again.wishes.seed == first.wishes.seed


def test_a_short_listen_keeps_the_place(begin: Begin, kept: Kept) -> None:
    """Who begins anew and stops within seconds can still go on where the session was left before."""
    listen(begin(journal=kept.journal), 22.0)
    before = kept.all(Bookmark), kept.all(Listening)
    listen(begin(journal=kept.journal), 3.0)
    assert (kept.all(Bookmark), kept.all(Listening)) == before


def test_a_pause_leaves_the_place_to_other_devices(begin: Begin, kept: Kept) -> None:
    """A session that is only paused is not written again, however long: the phone may have gone on."""
    stage = begin(journal=kept.journal)
    stage.pull(32.0)
    stage.player.do("pause")
    stage.pull(1.0)
    stage.player.close()
    (left,) = kept.all(Bookmark)
    phone = Bookmark(left.script, left.digest, left.place, "phone")
    held = begin(journal=kept.journal, resume=True)
    held.pull(12.0)
    held.player.do("pause")
    held.pull(1.0)
    kept.store.write(Put(phone, WriteStamp(now_ms(), "phone")))
    held.pull(seconds(KEEP) + 2.0)
    assert kept.all(Bookmark) == (phone,)


def test_the_history_has_what_was_heard(begin: Begin, kept: Kept) -> None:
    """An entry says what was heard, when and for how long; no pause counts, and nothing that is skipped."""
    before = now_ms()
    stage = begin(journal=kept.journal)
    stage.pull(12.0)
    stage.player.do("pause")
    stage.pull(20.0)
    stage.player.do("play")
    stage.pull(1.0)
    stage.player.do("next")
    stage.pull(5.0)
    listen(stage, 2.0)
    (heard,) = kept.all(Listening)
    assert heard.script == "script"
    assert before <= heard.began <= now_ms()
    assert 19_000 < heard.heard < 23_500


def test_one_listening_is_one_entry(begin: Begin, kept: Kept) -> None:
    """What is written again as it goes on stays one entry; another listening is another."""
    stage = begin(journal=kept.journal)
    stage.pull(2 * seconds(KEEP) + 4.0)
    (first,) = kept.all(Listening)
    assert first.heard >= seconds(KEEP) * 1000
    stop(stage)
    (whole,) = kept.all(Listening)
    assert (whole.id, whole.began) == (first.id, first.began)
    assert 64_000 <= whole.heard < 67_000
    listen(begin(journal=kept.journal), seconds(WORTH_KEEPING) + 1.0)
    assert len(kept.all(Listening)) == 2


def test_a_private_session_leaves_nothing(begin: Begin, kept: Kept) -> None:
    """It is taken up where the exercise was left, and neither moves nor ends the bookmark."""
    listen(begin(journal=kept.journal), 22.0)
    assert kept.all(Bookmark)
    before = kept.store.everything()
    stage = begin(journal=PrivateJournal(kept.journal), resume=True)
    stage.pull_until(lambda now: now.position > 0)
    assert stage.player.now.position > frames(8.0)
    while not stage.player.wait(0.0):
        stage.pull(1.0)
    stage.player.close()
    assert kept.store.everything() == before


def test_an_edited_script_begins_anew(begin: Begin, kept: Kept) -> None:
    """A bookmark is of the script as it was."""
    listen(begin(journal=kept.journal), 22.0)
    edited = begin(SCRIPT.replace("Both of them", "All of them"), journal=kept.journal, resume=True)
    edited.pull_until(lambda now: now.position > 0)
    assert edited.player.now.position < frames(1.0)
