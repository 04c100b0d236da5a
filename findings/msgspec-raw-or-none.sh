#!/bin/sh
# msgspec takes a field of the type `Raw | None` without a word, and then decodes only null: any object, number or
# text is "Expected `null`, got ...", though Raw alone takes them all. A type that makes no sense in a union, such
# as two plain structs, is refused with a TypeError when it is first used; this one is not. Leave None out, and
# look whether the raw bytes are b"null".
# Seen with msgspec 0.22.0, Python 3.11. 2026-11-28.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q msgspec==0.22.0
"$folder/venv/bin/python" - <<'PY'
import sys

import msgspec


class Plain(msgspec.Struct):
    record: msgspec.Raw


class Optional(msgspec.Struct):
    record: msgspec.Raw | None = None


def decoded(kind: type, data: bytes) -> str:
    try:
        return str(msgspec.json.decode(data, type=kind))
    except msgspec.ValidationError as error:
        return str(error)


seen = {}
for kind in (Plain, Optional):
    for value in (b"null", b'{"a": 1}', b"1"):
        seen[kind.__name__, value] = decoded(kind, b'{"record": ' + value + b"}")
for asked, answer in seen.items():
    print(*asked, "->", answer)
as_seen = (
    "Expected" not in seen["Plain", b'{"a": 1}']
    and seen["Optional", b"null"] == "Optional(record=None)"
    and seen["Optional", b'{"a": 1}'].startswith("Expected `null`, got `object`")
    and seen["Optional", b"1"].startswith("Expected `null`, got `int`")
)
print("as seen" if as_seen else "this has changed")
sys.exit(0 if as_seen else 1)
PY
