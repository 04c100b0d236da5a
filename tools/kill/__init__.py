"""What is there, and what is left, after processes have been killed at any moment."""
