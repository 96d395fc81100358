"""The text of PDF files, page by page."""
