"""A systemd user unit, so that the speaker is there whenever its person is logged in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

KEPT_IN: Final = "speaker-{port}.env"
"""In the data folder: the token, for the unit to read and nobody but its person."""

# PrivateUsers: without it a user's systemd before 253 does none of what concerns files, and does not say so.
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
    """Return the unit that runs *command* with *environment* beside what the person's own has.

    The folders *writable* and the file *secret*, with the token, have to be there when it starts.
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
    """Return *text* as one word of a command line: there a dollar stands for a variable, too."""
    return _quoted(text.replace("$", "$$"))


def _quoted(text: str) -> str:
    """Return *text* such that systemd reads it as one word, and nothing in it as anything else."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("\n", "\\n")
    return f'"{plain}"'
