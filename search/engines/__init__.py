"""Engines: an index behind a port in our own words."""
