"""What other people's players make of a session's address."""
