"""The systemd unit: systemd itself has to be content with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, own_folders, run
from voiceguide.speaker.unit import unit

__all__ = ["own_folders", "run"]  # fixtures


def verify(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here; apt install systemd")
    path = folder / "voiceguide.service"
    path.write_text(text)
    return subprocess.run(
        ["systemd-analyze", "verify", "--user", str(path)],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(folder)},
        timeout=60,
    )


def test_systemd_takes_the_unit(run: Run, tmp_path: Path) -> None:
    """What `voiceguide speaker --unit` prints is a unit without a complaint, that runs this program."""
    done = run("speaker", "--unit", "--port", "9000", "--device", 'My 100% $peaker "x"', "--volume", "60")
    assert done.exit_code == 0
    assert f'ExecStart="{sys.executable}" "-m" "voiceguide" "speaker"' in done.output
    assert '"My 100%% $$peaker \\"x\\""' in done.output
    assert "TOKEN" not in done.output
    assert "mkdir -p ~/.config/systemd/user" in done.output
    checked = verify(done.output, tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_wrong_unit_is_noticed(tmp_path: Path) -> None:
    """The check can fail: a unit that runs nothing there is refused."""
    checked = verify(unit(["/nowhere/voiceguide"], {}), tmp_path)
    assert checked.returncode != 0 or checked.stderr


def test_for_the_network_it_has_a_token_of_its_own(run: Run) -> None:
    """Beyond loopback the unit carries one token, so that it is the same after every start."""
    text = run("speaker", "--unit", "--host", "0.0.0.0").output
    line = next(line for line in text.splitlines() if "VOICEGUIDE_TOKEN=" in line)
    assert len(line.partition("VOICEGUIDE_TOKEN=")[2]) > 16
    assert "--token" not in text
    assert 'Environment="VOICEGUIDE_TOKEN=mine"' in run("speaker", "--unit", "--token", "mine").output
