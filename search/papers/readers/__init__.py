"""Readers of the formats of files: a module, or a folder, each."""
