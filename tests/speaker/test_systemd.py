"""The systemd unit: systemd itself has to be content with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, own_folders, run
from voiceguide.speaker.systemd import unit

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


@pytest.fixture
def odd_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's folders have names that systemd could take for something else; the data folder."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / 'my "data" 100% $HOME'))
    monkeypatch.setenv("VOICEGUIDE_CACHE", str(tmp_path / "cache of mine"))
    return tmp_path / 'my "data" 100% $HOME'


def test_systemd_takes_the_unit(run: Run, tmp_path: Path, odd_folders: Path) -> None:
    """What `voiceguide speaker --unit` prints is a unit without a complaint, that runs this program."""
    done = run("speaker", "--unit", "--port", "9000", "--device", 'My 100% $peaker "x"', "--volume", "60")
    assert done.exit_code == 0
    assert f'ExecStart="{sys.executable}" "-m" "voiceguide" "speaker"' in done.output
    assert '"My 100%% $$peaker \\"x\\""' in done.output
    assert "TOKEN" not in done.output
    assert "mkdir -p ~/.config/systemd/user" in done.output
    checked = verify(done.stdout, tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_unit_allows_what_was_allowed(run: Run, tmp_path: Path, odd_folders: Path) -> None:
    """Voices that may be asked for although they send words away are in the unit, too; others are refused."""
    done = run("speaker", "--unit", "--allow-engine", "openai")
    assert '"--allow-engine" "openai"' in done.output
    refused = run("speaker", "--unit", "--allow-engine", "opnai")
    assert refused.exit_code == 1
    assert refused.output.strip().endswith('there is no engine "opnai"; did you mean "openai"?')


def test_the_unit_has_its_listener(run: Run, odd_folders: Path) -> None:
    """A speaker that plays for a listener does so from its unit, too; one who is not known is refused now."""
    run("listeners", "add", "Anna B.")
    assert '"--listener" "Anna B."' in run("speaker", "--unit", "--listener", "Anna B.").output
    refused = run("speaker", "--unit", "--listener", "bert")
    assert refused.exit_code == 2
    assert refused.output.startswith('there is no listener "bert"')


def test_a_wrong_unit_is_noticed(tmp_path: Path) -> None:
    """The check can fail: a unit that runs nothing there is refused."""
    checked = verify(unit(["/nowhere/voiceguide"], {}, []), tmp_path)
    assert checked.returncode != 0 or checked.stderr


@pytest.mark.parametrize(
    "line",
    [
        "ProtectSystem=strict",
        "PrivateTmp=yes",
        "PrivateUsers=yes",
        "NoNewPrivileges=yes",
        "MemoryMax=60%",
    ],
)
def test_the_unit_may_do_little(line: str, run: Run) -> None:
    """It sets what keeps a service to itself, and what makes this hold in a user's own units."""
    assert line in run("speaker", "--unit").stdout.splitlines()


def test_it_writes_to_its_own_folders_which_are_there(run: Run, tmp_path: Path, odd_folders: Path) -> None:
    """Data and cache are the folders that it may write to; they are made, since it does not start without."""
    line = next(each for each in run("speaker", "--unit").stdout.splitlines() if "ReadWritePaths" in each)
    data, cache = str(odd_folders).replace('"', '\\"').replace("%", "%%"), tmp_path / "cache of mine"
    assert line == f'ReadWritePaths="{data}" "{cache}"'
    assert odd_folders.is_dir()
    assert cache.is_dir()


def test_for_the_network_it_has_a_token_of_its_own(run: Run, tmp_path: Path, odd_folders: Path) -> None:
    """Beyond loopback the unit reads one token from a file for its owner alone, the same each time."""
    secret = odd_folders / "speaker-8766.env"
    done = run("speaker", "--unit", "--host", "0.0.0.0")
    assert str(secret) in done.stderr
    assert f"EnvironmentFile={str(secret).replace('%', '%%')}\n" in done.stdout
    assert secret.stat().st_mode & 0o777 == 0o600
    kept = secret.read_text()
    assert len(kept.partition("VOICEGUIDE_TOKEN=")[2]) > 16
    assert run("speaker", "--unit", "--host", "0.0.0.0").stdout == done.stdout
    assert secret.read_text() == kept
    assert "TOKEN" not in done.stdout
    checked = verify(done.stdout, tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_token_that_is_given_is_kept(run: Run, tmp_path: Path) -> None:
    """A token of one's own goes into that file, however odd, and into nothing that is printed."""
    done = run("speaker", "--unit", "--token", 'm"i\\n$e `x`')
    assert "$e" not in done.output
    kept = (tmp_path / "data" / "speaker-8766.env").read_text()
    assert kept == 'VOICEGUIDE_TOKEN="m\\"i\\\\n\\$e \\`x\\`"\n'


def test_a_folder_that_cannot_be_made_is_said(run: Run, tmp_path: Path) -> None:
    """Where the data folder cannot be, one sentence says so, and no unit is printed."""
    (tmp_path / "data").write_text("in the way")
    done = run("speaker", "--unit")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


def test_the_documents_say_how(run: Run, tmp_path: Path) -> None:
    """The commands in the documents put the unit where systemd looks for it, under the name they enable."""
    said = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    block = next(each for each in said.split("```") if "speaker --unit >" in each)
    lines = block.strip().splitlines()
    assert lines[-1] == "systemctl --user enable --now voiceguide"
    script = "\n".join(lines[:-1]).replace("voiceguide speaker", f"{sys.executable} -m voiceguide speaker")
    subprocess.run(["sh", "-ec", script], env={**os.environ, "HOME": str(tmp_path)}, check=True, timeout=60)
    made = tmp_path / ".config" / "systemd" / "user" / "voiceguide.service"
    assert verify(made.read_text(), tmp_path).stderr == ""
