"""Engines, the clips they speak, and the choice of who speaks."""
