"""Sessions for many listeners: made once, kept whole, read from any byte. Knows nothing of the web."""
