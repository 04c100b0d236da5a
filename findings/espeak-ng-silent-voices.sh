#!/bin/sh
# eSpeak NG lists voices that say nothing: the wheel's voices for Faroese, Karakalpak and Xextan have no dictionary in
# it, and every text comes out empty: a line on stderr, but each call answers 0. Others (Sindarin, Chuvash) say words, no
# figures, since their language has no rules for numbers. A voice that is listed cannot be taken to speak.
# Seen with espeakng-loader 0.2.4 (eSpeak NG 1.52), Linux x86-64. 2026-11-28.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q espeakng-loader==0.2.4
"$folder/venv/bin/python" - <<'PY'
import ctypes
import sys

import espeakng_loader


class Voice(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("languages", ctypes.c_char_p), ("identifier", ctypes.c_char_p)]


heard = 0
HEARD = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@HEARD
def count(samples, length, events):
    global heard
    heard += sum(1 for at in range(length) if samples[at])
    return 0


espeak = ctypes.CDLL(espeakng_loader.get_library_path())
RETRIEVE, UTF8 = 1, 1
assert espeak.espeak_Initialize(RETRIEVE, 0, espeakng_loader.get_data_path().encode(), 0) > 0
espeak.espeak_SetSynthCallback(count)
espeak.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(Voice))
listed, at = set(), 0
voices = espeak.espeak_ListVoices(None)
while voices[at]:
    listed.add(voices[at].contents.languages[1:].decode())
    at += 1


def said(voice, text):
    global heard
    heard = 0
    chosen = espeak.espeak_SetVoiceByName(voice.encode())
    data = text.encode()
    spoken = espeak.espeak_Synth(data, len(data) + 1, 0, 1, 0, UTF8, None, None)
    espeak.espeak_Synchronize()
    return chosen, spoken, heard


as_seen = True
for voice, words, figures in (
    ("en-us", True, True), ("fo", False, False), ("kaa", False, False), ("xex", False, False),
    ("sjn", True, False), ("cv", True, False),
):
    told, told_figures = said(voice, "Mama nana lama."), said(voice, "1, 2, 3, 4.")
    print(f"{voice:6} listed {voice in listed}; words {told}, figures {told_figures} (chosen, spoken, samples heard)")
    as_seen &= voice in listed and bool(told[2]) == words and bool(told_figures[2]) == figures
print("as seen" if as_seen else "this has changed")
sys.exit(0 if as_seen else 1)
PY
