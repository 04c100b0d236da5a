"""Other ways to say what a listener wants than this program's own keys."""
