#!/usr/bin/env bash
# PyAV's wheels say BSD, their FFmpeg says LGPL, and both load x264 and x265, which are under the GPL.
#
# Surprising: the metadata of `av` is "BSD-3-Clause" and its licence file names nothing else; the FFmpeg in it answers
# "LGPL version 3 or later" when asked for its licence, since it is configured without --enable-gpl, which FFmpeg's own
# configure refuses together with --enable-libx264. The wheel still carries libx264 and libx265 as shared libraries, and
# libavcodec needs them to load. A tool that reads metadata, or asks FFmpeg, is told nothing of it.
#
# Versions: av 18.1.0 (Linux x86-64; the wheels for Linux aarch64, Windows and macOS list both libraries too).
# Seen 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'av==18.1.0'
"$work/venv/bin/python" - <<'END'
import importlib.metadata
import re
import sys

from av._core import library_meta

says = importlib.metadata.metadata("av")["License-Expression"]
ffmpeg = library_meta["libavcodec"]
files = sorted({file.name for file in importlib.metadata.files("av") if re.match("libx26[45]", file.name)})
switches = re.findall(r"--enable-(?:gpl|libx26[45])", ffmpeg["configuration"])
with open("/proc/self/maps") as maps:
    loaded = sorted(set(re.findall(r"libx26[45]", maps.read())))
print(f"metadata: {says}\nFFmpeg: {ffmpeg['license']}, {' '.join(switches)}\ninside: {' '.join(files)}\nloaded: {' '.join(loaded)}")
same = says == "BSD-3-Clause" and ffmpeg["license"].startswith("LGPL") and "--enable-gpl" not in switches
sys.exit(0 if same and len(loaded) == len(files) == 2 else 1)
END
