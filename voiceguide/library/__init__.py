"""Programs of several sessions, and support lines."""
