"""docs/new-engine.md is tried out: its files written, its commands run, its engine held to the contract."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

import pytest

from tests.plugins import installed

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = (ROOT / "docs" / "new-engine.md").read_text(encoding="utf-8")
NAMES: Final = ("pyproject.toml", "voiceguide_bird.py", "test_bird.py")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def files() -> dict[str, str]:
    return dict(zip(NAMES, [*blocks("toml"), *blocks("python")], strict=True))


def commands() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines()]


def ran(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "VOICEGUIDE_DATA": str(folder / "data"), "VOICEGUIDE_CACHE": str(folder / "cache")}
    return subprocess.run(
        words, cwd=folder, env=told | environment, capture_output=True, text=True, check=False, timeout=500
    )


def contract(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the page's test as pytest runs it where nothing else is set up."""
    return ran(folder, *words, "-q", "-p", "no:cacheprovider", "-c", os.devnull, **environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files of the page."""
    for name, text in files().items():
        assert f"`{name}`" in PAGE
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.slow
def test_the_engine_on_the_page_keeps_the_contract(folder: Path) -> None:
    """Its test passes, with nothing skipped."""
    done = contract(folder, sys.executable, "-m", "pytest", "test_bird.py", PYTHONPATH=str(ROOT))
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d+ passed in", done.stdout, re.MULTILINE), done.stdout


WRONG: Final = {
    "    local = True\n": ("    local = 'perhaps'\n", "local is neither True nor False"),
    'return "1"': ("import time; return str(time.time_ns())", "another has another version"),
    "np.arange(frames": ("np.arange(2 * frames", "off its estimate"),
    "0.2 * np.sin": ("np.random.rand() * np.sin", "it depends on what was said before"),
    "        if voice not": (
        '        voice = "robin"\n        if voice not',
        "where there is an error to raise",
    ),
    "import numpy as np\n": ("import numpy as np\nimport soxr\n", "loads, or connects to, what is listed"),
    "        frames = self": (
        "        import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))\n"
        "        frames = self",
        "it is said to be local, and connects to",
    ),
    "        times = np": ("        print(text)\n        times = np", "test_it_prints_nothing"),
    '"robin": 660.0': ('"robin red": 660.0', "nobody can ask for the voice"),
    "        return (0.2": ("        return (0.0", "silence has no first sound"),
}


@pytest.mark.slow
@pytest.mark.parametrize("right", WRONG)
def test_the_contract_notices(folder: Path, right: str) -> None:
    """An engine that breaks one promise fails, with what it is."""
    wrong, said = WRONG[right]
    path = folder / "voiceguide_bird.py"
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong))
    done = contract(folder, sys.executable, "-m", "pytest", "test_bird.py", PYTHONPATH=str(ROOT))
    assert done.returncode == 1
    assert said in done.stdout


def test_the_program_finds_it_by_its_entry_point(folder: Path) -> None:
    """Installed as the page's pyproject.toml says, it is listed and can be asked for."""
    source = files()["voiceguide_bird.py"]
    assert 'bird = "voiceguide_bird:BirdEngine"' in files()["pyproject.toml"]
    installed(folder / "site", "bird", source, "BirdEngine")
    told = os.pathsep.join((str(folder / "site"), str(ROOT)))
    done = ran(folder, sys.executable, "-m", "voiceguide", "voices", PYTHONPATH=told)
    assert re.search(r"^bird/wren +zxx +ready +a whistle at 880 Hz", done.stdout, re.MULTILINE), done


@pytest.mark.slow
def test_every_command_works(folder: Path) -> None:
    """What the page says to type, typed in this order in an environment that has voiceguide, ends well."""
    place = folder / "venv"
    venv.create(place, with_pip=True)
    (site,) = place.glob("lib/python*/site-packages")
    own = [path for path in sys.path if path.endswith("site-packages")]
    (site / "around.pth").write_text("\n".join([str(ROOT), *own]) + "\n")  # voiceguide and what it needs
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    for line in commands():
        program, *words = shlex.split(line)
        if program == "pytest":
            words += ["-p", "no:cacheprovider", "-c", os.devnull]
        modules = [str(python), "-m", program, *words]
        done = ran(folder, *modules)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        for name in re.findall(r"-o (\S+)", line):
            assert (folder / name).stat().st_size > 1_000_000
