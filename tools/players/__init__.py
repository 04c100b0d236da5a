"""What other people's players make of a session's address: the table in ``docs/players.md``."""
