"""Sessions as files and streams, and the texts that go with them."""
