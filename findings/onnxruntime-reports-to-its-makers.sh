#!/usr/bin/env bash
# ONNX Runtime's Linux wheels report to their makers as soon as the module is imported.
#
# Surprising: until 1.28 only Windows builds had telemetry, and its Python call to turn it off comes too late by
# design (a first event is queued at import, before anything can be called). Since 1.29 `import onnxruntime` on
# Linux and macOS writes a persistent device id and a database of events waiting for upload below
# ~/.cache/Microsoft/DeveloperTools, and starts an uploader. A local voice that is sold as offline and private
# (Piper, Kokoro) is neither then. ORT_DISABLE_TELEMETRY=1 in the environment before the import stops all of it.
#
# Versions: onnxruntime 1.32.0, Python 3.11, Linux x86-64, seen 2026-11-27. Its own word for it: Privacy.md in
# the wheel, "Disabling Telemetry"; github.com/microsoft/onnxruntime pull request 27379.
# Seen: .cache/Microsoft/DeveloperTools/.onnxruntime/{deviceid,onnxruntime.db} after a bare import; nothing with
# the variable; still both where disable_telemetry_events() is the first thing called.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'onnxruntime==1.32.0'

left() { # what a run with an empty home leaves there
    local home
    home=$(mktemp -d -p "$work")
    env -u XDG_CACHE_HOME -u ORT_DISABLE_TELEMETRY HOME="$home" "${@:2}" "$work/venv/bin/python" -c "$1"
    (cd "$home" && find . -type f | sort)
}

bare=$(left 'import onnxruntime')
late=$(left 'import onnxruntime; onnxruntime.disable_telemetry_events()')
told=$(left 'import onnxruntime' ORT_DISABLE_TELEMETRY=1)
printf 'import alone leaves:\n%s\nturned off by its call, first thing:\n%s\nwith the variable:\n%s\n' \
    "$bare" "$late" "${told:-(nothing)}"

case $bare in *onnxruntime/deviceid*onnxruntime/onnxruntime.db*) ;; *) echo "changed: a bare import"; exit 1 ;; esac
case $late in *onnxruntime/deviceid*) ;; *) echo "changed: the call is in time now"; exit 1 ;; esac
test -z "$told" || { echo "changed: the variable does not stop it"; exit 1; }
