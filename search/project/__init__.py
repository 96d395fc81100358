"""The project a user works in: its settings, whose what was found is, and what may be read."""
