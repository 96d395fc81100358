"""The query language: from text to a tree, and what the tree means."""
