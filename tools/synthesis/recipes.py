"""What there is: one row per sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tools.synthesis import air, bells, pad, water
from tools.synthesis.circle import Loop, period


@dataclass(frozen=True, slots=True)
class Layer:
    """One loop of a bed.

    `shift_seconds` is how much later the right ear reads it than the left (None: half a turn); `cross` is the
    share of each ear's sound that the other hears too.
    """

    make: Callable[[int, np.random.Generator], Loop]
    about_seconds: float
    cross: float = 0.35
    shift_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Bed:
    """An ambience: two layers, whose periods share no factor because they are made of different primes."""

    name: str
    about: str
    how: str
    first: Layer
    second: Layer

    def layers(self) -> tuple[tuple[Layer, int], ...]:
        """Return each layer with its period in frames."""
        return (
            (self.first, period(self.first.about_seconds, (2, 3, 5))),
            (self.second, period(self.second.about_seconds, (7, 11, 13))),
        )


@dataclass(frozen=True, slots=True)
class Bell:
    name: str
    about: str
    how: str
    make: Callable[[np.random.Generator], bells.Struck]


BEDS = (
    Bed(
        "soft-rain",
        "Soft, steady rain on leaves and ground",
        "noise with the spectrum of a far shower, 260 near drops a second (each a damped turn or few near "
        "2.3 kHz, sizes by a capped power law) and 5 lower plops a second",
        Layer(water.rain, 31),
        Layer(water.rain, 37),
    ),
    Bed(
        "stream",
        "A small stream over stones",
        "110 bubbles a second in clusters, each a rising, damped sine by Minnaert's resonance, over a low "
        "rush of noise",
        Layer(water.stream, 34),
        Layer(water.stream, 41),
    ),
    Bed(
        "ocean",
        "Slow waves on a wide beach, eight to twelve seconds apart",
        "four bands of noise that swell and fall with each wave, the higher the later and the sharper: "
        "rumble, surge, break, and the hiss of water drawing back; a second set, slower and darker, far out",
        Layer(water.near_surf, 72, 0.3, 0.9),
        Layer(water.far_surf, 53, 0.3, -1.3),
    ),
    Bed(
        "wind",
        "Wind in open country, rising and falling gently",
        "eleven broad bands of noise weighted by a slowly wandering middle, louder as it rises, and a rustle "
        "on the gusts",
        Layer(air.wind, 58, 0.3, 0.7),
        Layer(air.wind, 43, 0.3, -0.9),
    ),
    Bed(
        "brown-noise",
        "Brown noise: deep, even, without features",
        "noise whose power falls with the square of frequency from 40 Hz up",
        Layer(air.brown, 23, 0.2),
        Layer(air.brown, 19, 0.2),
    ),
    Bed(
        "night",
        "A still summer night, tree crickets far off",
        "still air (dark noise) and twelve snowy tree crickets at different distances, each chirp six to "
        "eight soft pulses near 2.8 kHz, scattered by a third of a second of open-air diffusion",
        Layer(air.night, 47, 0.45),
        Layer(air.night, 38, 0.45),
    ),
    Bed(
        "warm-pad",
        "Warm, slowly changing chords without beat",
        "notes of one pentatonic scale on D whose partials are narrow bands of noise, swelling over 10 to 20 "
        "seconds: roots and fifths in one layer, upper notes in the other, so that any two moments agree; a "
        "little air",
        Layer(pad.ground, 71, 0.4, 1.7),
        Layer(pad.sky, 88, 0.4, -2.1),
    ),
)

BELLS = (
    Bell(
        "bowl",
        "A singing bowl struck with felt",
        "five inharmonic partials, each a slowly beating pair",
        bells.bowl,
    ),
    Bell(
        "chime",
        "A small hanging chime",
        "the partials of a free bar over a soft octave, in pairs",
        bells.chime,
    ),
    Bell("wood", "A wooden block, softly tapped", "four short partials and the tap of the stick", bells.wood),
)
