"""Whose what was found is, and what the user said may be read."""
