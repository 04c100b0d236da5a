from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.cli.conftest import Run
from voiceguide.sounds.ambience import sounds
from voiceguide.voices import registry

BROKEN = """voiceguide: 1
title: Broken
summary: Two mistakes.
technique: body-scan
language: en
intensity: gentle
contains: []
length: {default: 3m, least: 2m, most: 12m}
steps:
  - say: Hello.
  - rest: 12 potatoes
  - sya: Hello again.
"""


def test_list_names_every_script(run: Run) -> None:
    """`list` has a line for each exercise of the library."""
    lines = run("list").output.splitlines()
    assert len(lines) >= 8
    assert any(line.startswith("body-scan ") and "10:00" in line for line in lines)


def test_what_cannot_be_played_is_told_and_hides_no_other(run: Run, tmp_path: Path) -> None:
    """`list` and `doctor` have every other script, and one line each that says why these cannot be played."""
    own = tmp_path / "data" / "scripts"
    own.mkdir(parents=True)
    (own / "broken.yaml").write_text(BROKEN)
    mended = BROKEN.replace("12 potatoes", "~3m").replace("sya", "say")
    (own / "silent.yaml").write_text(mended.replace("title", "ambience: rian\ntitle"))
    (own / "folder.yaml").mkdir()
    listed = run("list")
    assert listed.exit_code == 0
    lines = listed.output.splitlines()
    assert any(line.startswith("body-scan ") for line in lines)
    told = {name: line for line in lines for name in ("broken", "silent", "folder") if f'"{name}"' in line}
    assert "broken.yaml:11:11" in told["broken"]
    assert "rian" in told["silent"]
    assert "folder" in told["folder"]
    doctor = run("doctor")
    assert doctor.exit_code == 0
    assert all(f"--  script {name}" in doctor.output for name in told)


def test_voices_lists_every_engine_with_its_state(run: Run) -> None:
    """`voices` has each engine, ready or with what mends it."""
    output = run("voices").output
    assert all(f"{name}" in output for name in registry.names())
    assert "hum/low" in output
    assert "run: " in output


def test_voices_can_be_taken_from_a_folder(run: Run) -> None:
    """`voices install kokoro --from DIR` installs what lies there, and names each voice."""
    style = np.linspace(-1, 1, 510 * 256, dtype="<f4")
    Path("found").mkdir()
    Path("found/af_heart.bin").write_bytes(style.tobytes())
    result = run("voices", "install", "kokoro", "--from", "found")
    assert (result.exit_code, result.output) == (0, "kokoro/af_heart is ready\n")


def test_a_voice_that_is_none_is_refused(run: Run) -> None:
    """A file of another size is no voice, and is said to be none."""
    Path("found").mkdir()
    Path("found/af_heart.bin").write_bytes(b"short")
    result = run("voices", "install", "kokoro", "--from", "found")
    assert result.exit_code == 1
    assert "af_heart" in result.output


def test_ambiences_lists_sounds_and_bells(run: Run) -> None:
    """`ambiences` has every sound and bell by name."""
    output = run("ambiences").output
    assert all(sound.name in output for sound in sounds())
    assert "bowl" in output


def test_a_recording_becomes_a_bed(run: Run) -> None:
    """`ambience add` makes a recording one of the ambiences, and `render` uses it."""
    noise = np.random.default_rng(1).standard_normal((48_000 * 8, 2)) * 0.05
    soundfile.write("my rain.wav", noise, 48_000)
    result = run("ambience", "add", "my rain.wav")
    assert result.exit_code == 0, result.output
    assert "my-rain" in run("ambiences").output
    made = run("render", "ground-now", "--voice", "hum", "--ambience", "my-rain", "-o", "a.wav")
    assert made.exit_code == 0, made.output
    samples, _ = soundfile.read("a.wav", dtype="int16")
    assert np.mean(samples == 0) < 0.05


def test_ones_own_sounds_are_replaced_renamed_and_removed(run: Run) -> None:
    """`ambience add --replace`, `rename` and `remove` do so and say what follows; a shipped sound stays."""
    noise = np.random.default_rng(1).standard_normal((48_000 * 6, 2)) * (0.05, 0)
    soundfile.write("雨.wav", noise, 48_000)
    refused = run("ambience", "add", "雨.wav")
    assert refused.exit_code == 2
    assert "--name" in refused.output
    assert run("ambience", "add", "雨.wav", "--name", "ame").exit_code == 0
    again = run("ambience", "add", "雨.wav", "--name", "ame", "--replace")
    assert again.exit_code == 0
    assert "right channel is dead" in again.output
    assert run("ambience", "rename", "ame", "drizzle").exit_code == 0
    listed = run("ambiences").output
    assert "drizzle" in listed
    assert "ame " not in listed
    assert run("ambience", "remove", "drizzle").exit_code == 0
    assert "drizzle" not in run("ambiences").output
    for words in (("remove", "ocean"), ("rename", "ocean", "sea")):
        result = run("ambience", *words)
        assert result.exit_code == 2
        assert "comes with voiceguide" in result.output


def test_a_script_whose_sound_is_gone_is_left_out_with_the_reason(run: Run) -> None:
    """What a removed sound takes with it is the script that names it, and `list` says why; nothing else."""
    noise = np.random.default_rng(1).standard_normal(48_000 * 6) * 0.05
    soundfile.write("drizzle.wav", noise, 48_000)
    assert run("ambience", "add", "drizzle.wav").exit_code == 0
    scripts = Path(os.environ["VOICEGUIDE_DATA"], "scripts")
    scripts.mkdir()
    (scripts / "wet.yaml").write_text(
        "voiceguide: 1\ntitle: Wet\nlength: auto\nambience: {sound: drizzle}\nsteps:\n  - say: Listen.\n"
    )
    assert "left out" not in run("list").output
    assert run("ambience", "remove", "drizzle").exit_code == 0
    listed = run("list").output
    assert listed.count("left out") == 1
    assert "no ambience called 'drizzle'" in listed


def test_a_file_that_is_no_sound_is_refused(run: Run) -> None:
    """`ambience add` of a text says so in a sentence."""
    Path("poem.txt").write_text("not a sound")
    result = run("ambience", "add", "poem.txt")
    assert result.exit_code == 2
    assert "poem.txt" in result.output


def test_doctor_says_what_works(run: Run) -> None:
    """`doctor` looks at voices, scripts, sounds and devices, and is content where something can speak."""
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert "speaks with" in result.output
    assert "sound device" in result.output


def test_check_tells_all_problems_with_their_places(run: Run) -> None:
    """`check` prints file:line:column: field: what for each problem, and fails with 2."""
    Path("broken.yaml").write_text(BROKEN)
    result = run("check", "broken.yaml")
    assert result.exit_code == 2
    assert 'broken.yaml:11:11: steps[1].rest: "12 potatoes" is not a duration' in result.output
    assert "broken.yaml:12:5: steps[2]" in result.output
    assert "say" in result.output


def test_check_as_json(run: Run) -> None:
    """`check --json` has the same problems as data."""
    Path("broken.yaml").write_text(BROKEN)
    problems = json.loads(run("check", "--json", "broken.yaml").stdout)
    assert [problem["line"] for problem in problems if problem["severity"] == "error"] == [11, 12]


def test_check_of_a_good_file_is_content(run: Run) -> None:
    """A script in order has status 0, also under `--strict`."""
    from voiceguide.files.folders import shipped

    result = run("check", "--strict", str(shipped("scripts") / "body-scan.yaml"))
    assert (result.exit_code, result.output) == (0, "1 file is in order\n")


def test_check_of_a_schedule(run: Run) -> None:
    """A schedule is held against the scripts that there are."""
    Path("schedule.yaml").write_text("voiceguide: 1\nsessions:\n  - {at: 21:30, script: body-scan}\n")
    assert run("check", "schedule.yaml").output == "1 file is in order\n"
    Path("schedule.yaml").write_text("voiceguide: 1\nsessions:\n  - {at: 21:30, script: body-scam}\n")
    result = run("check", "schedule.yaml")
    assert result.exit_code == 2
    assert result.output.startswith("schedule.yaml:3:25: sessions[0].script: there is no script")


@pytest.mark.parametrize("name", ["schedule", "support", "lexicon"])
def test_check_of_a_script_by_any_name(run: Run, name: str) -> None:
    """What has steps is a script, though it is called as another file is."""
    assert run("new", name).exit_code == 0
    result = run("check", f"{name}.yaml")
    assert result.output == "1 file is in order\n"


def test_schema_is_a_json_schema(run: Run) -> None:
    """`schema` prints the JSON Schema of a script."""
    assert "properties" in json.loads(run("schema").output)


def test_list_tells_about_how_long_a_script_of_its_own_length_is(run: Run, tmp_path: Path) -> None:
    """Where no length is declared, `list` says about how long it is, and `plan` what it can be, in order."""
    folder = tmp_path / "data" / "scripts"
    folder.mkdir(parents=True)
    steps = "steps:\n  - say: Hello there.\n  - rest: 50s\n  - say: Goodbye.\n"
    (folder / "mine.yaml").write_text(f"voiceguide: 1\ntitle: Mine\n{steps}")
    assert re.search(r"^mine +about 1:0\d ", run("list").output, re.MULTILINE)
    plan = run("plan", "mine", "--voice", "hum").output
    found = re.search(r"It can last from (\d+):(\d\d) to (\d+):(\d\d)\.", plan)
    assert found is not None
    least, most = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
    assert least < most
    assert run("render", "mine", "--voice", "hum", "--length", "10m", "-o", "mine.wav").exit_code == 2


ENGINES = """voiceguide: 1
openai:
  url: http://speech.example:8880/v1
  model: hum-1
  voices: [robin, wren]
  key: SPEECH_KEY
"""


def test_settings_of_engines_are_shown_without_the_key(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`doctor` and `voices` tell what `engines.yaml` says, and nothing of what the environment holds."""
    monkeypatch.setenv("SPEECH_KEY", "sk-sesame")
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "engines.yaml"
    path.write_text(ENGINES)
    doctor, listed = run("doctor").output, run("voices").output
    assert re.search(r"ok +voice openai +robin, wren; over the network, only where it is named", doctor)
    assert re.search(r"ok +openai server +http://speech.example:8880/v1, model hum-1, a key from the", doctor)
    assert re.search(r"openai/wren +mul +ready +over the network", listed)
    assert not re.search(r"speaks with +openai", doctor)
    assert "sesame" not in doctor + listed
    assert run("check", str(path)).output == "1 file is in order\n"


def test_what_is_wrong_with_settings_of_engines_is_told(run: Run, tmp_path: Path) -> None:
    """`check` and `doctor` say where, what and how many, as of a script; a file for others is in order."""
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "engines.yaml"
    path.write_text(ENGINES.replace("model:", "modle:").replace("http", "ftp"))
    checked = run("check", str(path))
    assert checked.exit_code == 2
    lines = checked.output.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"{path}:3:3: openai.model: model is missing")
    assert lines[1].startswith(f"{path}:3:8: openai.url: this is no address of a server")
    assert lines[2].startswith(f'{path}:4:3: openai.modle: unknown key; did you mean "model"?')
    assert re.search(r"-- +engines.yaml +.*:3:3: openai.model: .*, and 2 more", run("doctor").output)
    path.write_text("voiceguide: 1\nhum: {}\n")
    assert run("check", str(path)).output == "1 file is in order\n"
