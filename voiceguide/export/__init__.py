"""Sessions as files and streams, and their side files."""
