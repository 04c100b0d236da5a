#!/bin/sh
# eSpeak NG reads some shouted words letter by letter, and others not: "OUT" is O-U-T, "IN", "STOP" and "NOW"
# are words; "EMDR" and "YMCA", which people spell, are words. "4-7-8" has two dashes in it, "7/10" a slash.
# Seen with espeakng-loader 0.2.4 (eSpeak NG 1.52), phonemizer-fork 3.3.2, en-us.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q espeakng-loader==0.2.4 phonemizer-fork==3.3.2
"$folder/venv/bin/python" - <<'PY'
import sys

import espeakng_loader
from phonemizer.backend import EspeakBackend
from phonemizer.backend.espeak.wrapper import EspeakWrapper

EspeakWrapper.set_library(espeakng_loader.get_library_path())
EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
espeak = EspeakBackend("en-us", preserve_punctuation=True)
texts = ["breathe OUT", "breathe out", "breathe IN", "EMDR", "E-M-D-R", "4-7-8", "7/10"]
said = dict(zip(texts, espeak.phonemize(texts, strip=True)))
for text, sounds in said.items():
    print(f"{text:12} {sounds}")
as_seen = (
    said["breathe OUT"] != said["breathe out"]
    and "ɪn" in said["breathe IN"]
    and len(said["EMDR"]) < len(said["E-M-D-R"])
    and said["4-7-8"].count("dæʃ") == 2
    and "slæʃ" in said["7/10"]
)
print("as seen" if as_seen else "this has changed")
sys.exit(0 if as_seen else 1)
PY
