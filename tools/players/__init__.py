"""What other people's players make of a session's address; the table is in docs/players.md."""
