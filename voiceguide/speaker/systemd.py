"""A systemd user unit, so that the speaker runs whenever its user is logged in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

KEPT_IN: Final = "speaker-{port}.env"
"""The file in the data folder with the token for the unit; only the user can read it."""

# PrivateUsers: without it, a user's systemd before 253 silently ignores the settings on files.
_UNIT = """\
# Make its folder: mkdir -p ~/.config/systemd/user
# Put this in ~/.config/systemd/user/voiceguide.service, then:
#   systemctl --user enable --now voiceguide
#   loginctl enable-linger    (to have it run without logging in)
[Unit]
Description=voiceguide, a speaker for guided exercises
After=pipewire.service pipewire-pulse.service pulseaudio.service network.target

[Service]
ExecStart={command}
{environment}Restart=on-failure
RestartSec=5

# It writes to these folders, and to no other.
ReadWritePaths={writable}
ProtectSystem=strict
PrivateTmp=yes
PrivateUsers=yes
NoNewPrivileges=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
UMask=0077
# Beyond this the largest of its processes ends, a voice, and another voice takes over.
MemoryMax=60%
OOMPolicy=continue

[Install]
WantedBy=default.target
"""


def unit(
    command: Sequence[str],
    environment: Mapping[str, str],
    writable: Sequence[Path],
    secret: Path | None = None,
) -> str:
    """Return the unit that runs *command*, with *environment* added to the user's own.

    The folders *writable*, and the file *secret* with the token, must exist when the unit starts.
    """
    kept = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in environment.items())
    if secret is not None:
        kept += f"EnvironmentFile={str(secret).replace('%', '%%')}\n"
    return _UNIT.format(
        command=" ".join(_word(each) for each in command),
        environment=kept,
        writable=" ".join(_quoted(str(each)) for each in writable),
    )


def _word(text: str) -> str:
    """Return *text* as one word of a command line, in which a dollar would stand for a variable."""
    return _quoted(text.replace("$", "$$"))


def _quoted(text: str) -> str:
    """Return *text* quoted as one word for systemd, with all special characters escaped."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("\n", "\\n")
    return f'"{plain}"'
