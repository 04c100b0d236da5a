from __future__ import annotations

from voiceguide.export.drawings import kind_of

KINDS = ("grounding-chair", "body-scan", "grounding-senses", "longer-breath", "name-the-numbness")


def test_kinds_have_their_own_colour_and_drawing() -> None:
    """Exercises of different kinds share neither colour nor drawing."""
    found = [kind_of(technique) for technique in KINDS]
    assert len({kind.accent for kind in found}) == len({kind.draw for kind in found}) == len(KINDS)


def test_a_technique_belongs_to_one_kind() -> None:
    """No technique is listed twice."""
    techniques = [name for kind in {kind_of(name) for name in KINDS} for name in kind.techniques]
    assert len(techniques) == len(set(techniques))


def test_an_unknown_technique_has_a_kind() -> None:
    """A technique of the listener's own gets a drawing, always the same."""
    assert kind_of("my-own") is kind_of("my-own")
