#!/usr/bin/env bash
# py-nanotts says the same line differently the second time, though every call builds a new Pico engine.
#
# Surprising: speak() makes all of Pico anew for each call and frees it, and takes no seed, yet the first result in a
# process differs from the second; later ones depend on what was said before. Pico counts on finding zeros in the
# 2.5 MB that it is given by malloc and never clears. glibc takes such a block fresh (zeroed) from the system until the
# first one is freed; then it raises its own threshold and hands out what is left of the last line. With
# MALLOC_MMAP_THRESHOLD_ (or mallopt) set, so that each block is fresh, every call gives the same samples. Throwing the
# first result away only hides it: the second call after another voice or speed differs again.
#
# Versions: py-nanotts 0.1.1, Python 3.11, glibc 2.36, Linux x86-64. Seen 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'py-nanotts==0.1.1'
cat > "$work/say.py" <<'END'
import hashlib
from py_nanotts import NanoTTS

def said(text, **how):
    return hashlib.sha256(NanoTTS().speak(text, voice="en-US", **how)).hexdigest()[:8]

first = said("Notice your feet.")
said("Both of them, on the floor.", speed=0.6)
print(first, said("Notice your feet."))
END
usual=$("$work/venv/bin/python" "$work/say.py")
fresh=$(MALLOC_MMAP_THRESHOLD_=1048576 "$work/venv/bin/python" "$work/say.py")
printf 'the same line twice: %s\nthe same, memory always fresh: %s\n' "$usual" "$fresh"
test "${usual% *}" != "${usual#* }" || { echo "changed: it no longer remembers"; exit 1; }
test "${fresh% *}" = "${fresh#* }" || { echo "changed: fresh memory is no remedy"; exit 1; }
test "${fresh% *}" = "${usual% *}" || { echo "changed: the first result was not from zeroed memory"; exit 1; }
