"""Saved web pages: from their bytes to the articles on them."""
