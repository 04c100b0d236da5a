"""Whatever is added as an ambience, little of it is in memory, and what cannot be one is refused."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from voiceguide.audio import RATE
from voiceguide.audio.loudness import lufs
from voiceguide.errors import AssetError
from voiceguide.sounds.ambience.add import add
from voiceguide.sounds.ambience.decode import blocks
from voiceguide.sounds.ambience.heard import listen

ADD = """
import sys
from pathlib import Path
from voiceguide.sounds.ambience.add import add
from voiceguide.errors import VoiceguideError
try:
    add(Path(sys.argv[1]), "mine", Path(sys.argv[2]))
except VoiceguideError as error:
    print(error)
status = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def noise(
    path: Path, seconds: float, rate: int, channels: int = 1, subtype: str = "PCM_16", kind: str = "RF64"
) -> Path:
    second = np.random.default_rng(1).standard_normal((rate, channels), dtype=np.float32) * np.float32(0.1)
    with sf.SoundFile(path, "w", rate, channels, subtype, format=kind) as file:
        for _ in range(int(seconds)):
            file.write(second)
    return path


def lying(path: Path, at: int, value: int) -> Path:
    """Put *value* at a place of the header of a WAV of 6 s."""
    noise(path, 6, 8000, kind="WAV")
    data = bytearray(path.read_bytes())
    data[at : at + 4] = struct.pack("<I", value)
    path.write_bytes(data)
    return path


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(
    "make",
    [
        lambda path: noise(path, 40, 384_000, 8),
        lambda path: noise(path, 6, 768_000, 32, "PCM_24"),
        lambda path: noise(path, 29 * 60, 8_000, 1, "PCM_U8", "WAV"),
        lambda path: noise(path, 15 * 60, 11_025, 2, "DOUBLE"),
        lambda path: noise(path, 29 * 60, 48_000, 2, "PCM_16"),
        lambda path: noise(path, 8 * 3600, 8_000, 1, "PCM_U8"),
        lambda path: lying(path, 24, 1),
        lambda path: lying(path, 24, 0x7FFFFFFF),
        lambda path: lying(path, 40, 0xFFFFFFF0),
    ],
    ids=[
        "many samples",
        "32 channels",
        "8 bits",
        "64 bits",
        "half an hour",
        "a night",
        "1 Hz",
        "2 GHz",
        "endless",
    ],
)
def test_little_is_in_memory(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """Whatever length, rate, channels and header a recording has, adding it takes 400 MB at most."""
    path = make(tmp_path / "recording.wav")
    command = [sys.executable, "-c", ADD, str(path), str(tmp_path / "own")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) < 400_000, done.stdout


def test_a_header_that_lies_about_the_rate_is_refused(tmp_path: Path) -> None:
    """A rate that no sound has is named, and nothing is kept."""
    with pytest.raises(AssetError, match=r"has 1 samples a second"):
        add(lying(tmp_path / "a.wav", 24, 1), None, tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_a_recording_without_its_length_is_read_to_its_end(tmp_path: Path) -> None:
    """A recorder that was cut off leaves 0 as the size of the data: what is there is the sound."""
    path = lying(tmp_path / "cut.wav", 40, 0)
    assert sum(len(block) for block in blocks(path, 60)) == pytest.approx(6 * RATE, abs=RATE // 100)


@pytest.mark.parametrize(
    "text", ["#EXTM3U\n#EXTINF:9,\nother.ts\n", "ffconcat version 1.0\nfile other.wav\n"]
)
def test_a_list_of_other_files_is_no_sound(tmp_path: Path, text: str) -> None:
    """No file makes other files, or addresses, be read in its place."""
    noise(tmp_path / "other.wav", 6, 8000, kind="WAV")
    (tmp_path / "list.m3u8").write_text(text)
    with pytest.raises(AssetError, match="not a sound file"):
        list(blocks(tmp_path / "list.m3u8", 60))


def test_what_is_heard_block_by_block_is_as_loud_as_at_once(tmp_path: Path) -> None:
    """Loudness, offset and peak are those of the whole sound, however it comes in blocks."""
    rng = np.random.default_rng(2)
    rising = np.linspace(0.001, 0.1, 30 * RATE)[:, np.newaxis]
    sound = (rng.standard_normal((30 * RATE, 2)) * rising).astype(np.float32)
    heard = listen(sound[at : at + 50_001] for at in range(0, len(sound), 50_001))
    assert heard.count == len(sound)
    assert heard.lufs(0, len(sound)) + 20 * np.log10(heard.peak) == pytest.approx(lufs(sound), abs=0.1)
    assert heard.peak == pytest.approx(float(np.max(np.abs(sound - sound.mean(axis=0)))), rel=1e-5)
    shifted = listen([sound + np.float32(0.25)])
    assert shifted.offset == pytest.approx(heard.offset + 0.25, abs=1e-5)
    assert shifted.lufs(0, len(sound)) == pytest.approx(heard.lufs(0, len(sound)), abs=0.1)
