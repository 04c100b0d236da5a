"""Stores in files, and processes that write to them."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.listeners.samples import NOW, Clock, phone
from voiceguide.listeners import Note, Put, SqliteListenerStore

WORDS = "a secret of mine"
NOTE = Put(Note("n1", WORDS), phone(NOW))


def store_at(path: Path, clock: Clock | None = None) -> closing[SqliteListenerStore]:
    return closing(SqliteListenerStore(path, clock=clock or Clock()))


def files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def writer(path: Path, device: str, what: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.listeners.writing", str(path), device, what]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def lines(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return [line.strip() for line in process.stdout]
