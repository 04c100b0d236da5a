"""A systemd user unit, so that the speaker is there whenever its person is logged in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""


def unit(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the unit that runs *command* with *environment* beside what the person's own has."""
    kept = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in environment.items())
    return _UNIT.format(command=" ".join(_word(each) for each in command), environment=kept)


def _word(text: str) -> str:
    """Return *text* as one word of a command line: there a dollar stands for a variable, too."""
    return _quoted(text.replace("$", "$$"))


def _quoted(text: str) -> str:
    """Return *text* such that systemd reads it as one word, and nothing in it as anything else."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("\n", "\\n")
    return f'"{plain}"'
