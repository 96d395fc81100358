"""The flags of the command line: declared once, in `definitions`, for all that needs them."""
