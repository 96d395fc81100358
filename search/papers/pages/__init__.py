"""A page of a paper, as a text, to its articles."""
