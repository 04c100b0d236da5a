from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.build import estimate, gap, line, timeline
from voiceguide.audio import Frames, frames
from voiceguide.plan.fit import reach
from voiceguide.plan.items import (
    Ahead,
    BedChange,
    BedCue,
    Chapter,
    EndCue,
    Gap,
    Item,
    Line,
    RestCue,
    SpeechCue,
    Strike,
    Timeline,
    Tone,
)
from voiceguide.playback.course import (
    Course,
    Heard,
    begin,
    course,
    cut,
    item_at,
    line_after,
    line_before,
    natural,
    outlook,
)
from voiceguide.playback.edits import rebedded, relengthed, revoiced, same_place, stay_item, stayed, turned
from voiceguide.script.model import Bed


def truth(asked: Line) -> Frames:
    """A line takes a tenth more or less than estimated, by its index."""
    return Frames(estimate(asked.text, asked.pace) * (9 + asked.index % 3) // 10)


def cues(given_: Course) -> list[Heard]:
    return [(item, cue) for item, cue in given_.cues(estimate, truth) if not isinstance(cue, Ahead)]


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    items: list[Item] = []
    for index in range(draw(st.integers(1, 6))):
        items.append(line(index, draw(st.integers(1, 6))))
        about = draw(st.integers(1, 20))
        items.append(draw(st.sampled_from([gap(about), gap(about, about / 3, about * 4), gap(0.7)])))
        match draw(st.sampled_from(["", "", "chapter", "tone", "bell", "bed"])):
            case "chapter":
                items.append(Chapter(f"chapter {index}", 0))
            case "tone":
                items += [Tone("in", frames(4.0)), gap(4.0)]
            case "bell":
                items.append(Strike("bowl", -10.0))
            case "bed":
                items.append(BedChange("stream", None, frames(2.0)))
    return timeline(*items)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    made = draw(timelines())
    here = reach(made, estimate)
    return course(made, Frames(draw(st.integers(here.shortest, here.longest))), estimate)


@settings(max_examples=40, deadline=None)
@given(courses(), st.data())
def test_settling_the_rest_anew_changes_nothing(made: Course, data: st.DataObject) -> None:
    """Wherever a course is cut, the rest settles to the same cues, to the frame."""
    whole = cues(made)
    item = data.draw(st.integers(0, len(made.items)))
    assert cues(cut(made, whole, item)) == whole


@settings(max_examples=40, deadline=None)
@given(courses(), st.data())
def test_an_outlook_begins_with_what_is_known(made: Course, data: st.DataObject) -> None:
    """The outlook has the known cues, and ends on the course's last frame."""
    whole = cues(made)
    known = whole[: data.draw(st.integers(0, len(whole)))]
    seen = outlook(made, known, estimate, lambda asked: estimate(asked.text, asked.pace))
    last = max((item for item, _ in known), default=-1)
    assert [entry for entry in seen if entry[0] < last] == [entry for entry in known if entry[0] < last]
    assert seen[-1][1] == EndCue(made.length)
    assert outlook(made, whole, estimate, truth) == tuple(whole)


@settings(max_examples=40, deadline=None)
@given(courses(), st.data())
def test_stay_makes_one_rest_longer(made: Course, data: st.DataObject) -> None:
    """Staying makes the rest that goes on, or the next one, longer by exactly that; all after it is later."""
    whole = cues(made)
    frame = data.draw(st.integers(0, made.length - 1))
    longer = cues(stayed(made, whole, frame, frames(30.0)))
    place = stay_item(made.items, item_at(whole, frame))
    assert [entry for entry in longer if entry[0] < place] == [entry for entry in whole if entry[0] < place]
    assert longer[-1][1] == EndCue(Frames(made.length + frames(30.0)))
    later = {(item, type(cue)): cue.start + frames(30.0) for item, cue in whole if item > place}
    assert all(later[item, type(cue)] == cue.start for item, cue in longer if item > place)


def test_stay_leaves_the_breath_alone() -> None:
    """The rests between the tones of a breath are not what "stay" means."""
    items = (
        line(0, 2),
        gap(1.0),
        Tone("in", frames(4.0)),
        gap(4.0),
        Tone("out", frames(6.0)),
        gap(6.0),
        line(1, 2),
    )
    assert stay_item(items, 0) == 1
    assert stay_item(items, 2) == 7
    assert stay_item((*items, gap(5.0)), 3) == 7


@settings(max_examples=40, deadline=None)
@given(courses(), st.data())
def test_what_is_put_in_follows_at_once(made: Course, data: st.DataObject) -> None:
    """Breaking off keeps what has been heard, drops the voice that would go on, and ends naturally."""
    whole = cues(made)
    frame = data.draw(st.integers(frames(1.5), made.length - 1))
    new = (line(50, 2), gap(3.0), line(51, 2))
    after = cues(turned(made, whole, frame, new, frames(0.7), estimate))
    starts = [cue.start for _, cue in after if isinstance(cue, SpeechCue) and cue.line.index >= 50]
    assert starts[0] == frame + frames(0.7)
    assert len(starts) == 2
    old = [cue for _, cue in after if isinstance(cue, SpeechCue) and cue.line.index < 50]
    assert old == [cue for _, cue in whole if isinstance(cue, SpeechCue) and cue.start + cue.length <= frame]
    ends = (
        frame + frames(0.7) + sum(frames(2 * share) for share in (0.9 + 0.1 * (50 % 3), 0.9 + 0.1 * (51 % 3)))
    )
    assert abs(after[-1][1].start - (ends + frames(3.0) + frames(6.0))) <= frames(6.0)


@settings(max_examples=40, deadline=None)
@given(courses(), st.data())
def test_another_length_keeps_what_was_heard(made: Course, data: st.DataObject) -> None:
    """Changing the length keeps every cue that has begun and ends on the last frame of the new length."""
    whole = cues(made)
    frame = data.draw(st.integers(0, made.length - 1))
    asked = Frames(made.length + data.draw(st.integers(-frames(60), frames(600))))
    after = relengthed(made, whole, frame, made.timeline, asked, estimate)
    again = cues(after)
    assert again[-1][1] == EndCue(after.length)
    begun = [entry for entry in whole if entry[1].start <= frame and not isinstance(entry[1], RestCue)]
    assert [
        entry for entry in again if entry[1].start <= frame and not isinstance(entry[1], RestCue)
    ] == begun
    spoken = [cue.line for _, cue in whole if isinstance(cue, SpeechCue)]
    assert [cue.line for _, cue in again if isinstance(cue, SpeechCue)] == spoken


def test_shorter_in_the_tail() -> None:
    """Asked for less while the end fades, it fades for at most a second more, and never ends at once."""
    made = course(timeline(line(0, 3), gap(1.0)), frames(20.0), estimate)
    whole = cues(made)
    for seconds_left, kept in ((10.0, 1.0), (0.5, 0.5)):
        frame = made.length - frames(seconds_left)
        after = relengthed(made, whole, frame, made.timeline, frames(5.0), estimate)
        assert after.length == frame + frames(kept)
        assert cues(after)[-1][1] == EndCue(after.length)


def test_ten_more_minutes() -> None:
    """Where the rests can hold it, the new length is exactly what was asked."""
    items = (line(0, 3), gap(30, 10, 600), line(1, 3), gap(30, 10, 600), line(2, 3))
    made = course(timeline(*items), frames(90.0), estimate)
    whole = cues(made)
    rest = next(cue for _, cue in whole if isinstance(cue, RestCue) and not cue.exact)
    after = relengthed(made, whole, rest.start + frames(2.0), made.timeline, frames(690.0), estimate)
    assert after.length == frames(690.0)
    shorter = relengthed(made, whole, rest.start + frames(12.0), made.timeline, frames(60.0), estimate)
    assert begin(cues(shorter), 2) >= rest.start + frames(13.0)


@settings(max_examples=40, deadline=None)
@given(timelines(), st.data())
def test_an_item_is_found_again(made: Timeline, data: st.DataObject) -> None:
    """An item is where it is in its own timeline, and a line is found by its place in the script."""
    item = data.draw(st.integers(0, len(made.items) - 1))
    assert same_place(made.items, item, made.items) <= item
    anchor = max(place for place in range(item + 1) if isinstance(made.items[place], Line))
    assert same_place(made.items, anchor, made.items) == anchor
    assert same_place(made.items, item, ()) == -1


def test_another_bed_is_under_everything() -> None:
    """A chosen bed is there from the start and stays where the script changes it, except to none."""
    changes = (BedChange("stream", -30.0, frames(2.0)), BedChange(None, None, frames(2.0)))
    made = course(timeline(line(0, 3), gap(5), *changes, line(1, 3)), frames(30.0), estimate)
    heard = cut(made, cues(made), 4)
    for given_ in (made, heard):
        after = rebedded(given_, Bed("wind", -25.0), own_sound=True, own_level=False)
        beds = [cue for _, cue in cues(after) if isinstance(cue, BedCue)]
        assert [(bed.sound, bed.level_db) for bed in beds] == [("wind", -25.0), ("wind", -30.0), (None, None)]


def test_a_louder_voice_is_louder_throughout() -> None:
    """The voice's level moves every line, heard or not, and nothing else."""
    made = course(timeline(line(0, 3), gap(5), line(1, 3)), frames(30.0), estimate)
    after = cues(revoiced(cut(made, cues(made), 2), -3.0))
    assert [cue.line.level_db for _, cue in after if isinstance(cue, SpeechCue)] == [-3.0, -3.0]
    assert [cue.start for _, cue in after] == [cue.start for _, cue in cues(made)]


def test_lines_before_and_after() -> None:
    """The line before a frame starts before it, the one after after it, and the first has none before."""
    made = course(timeline(line(0, 3), gap(5), line(1, 3)), frames(30.0), estimate)
    view = cues(made)
    starts = [cue.start for _, cue in view if isinstance(cue, SpeechCue)]
    assert line_before(view, starts[1] + 1) == 2
    assert line_before(view, starts[1]) == 0
    assert line_before(view, 0) is None
    assert line_after(view, starts[0]) == 2
    assert line_after(view, starts[1]) is None


def test_a_natural_course_takes_its_rests_as_written() -> None:
    """Nobody asks for a length: lines as estimated, rests as written."""
    made = natural(timeline(line(0, 3), gap(5, 2, 50), line(1, 2)), Frames(0), estimate)
    assert made.length == frames(1.5 + 3 + 5 + 2 + 6)
    assert isinstance(made.items[1], Gap)
