"""Dates and Chinese numerals, as papers print them and people type them."""
