"""What OCR programs write: ALTO and hOCR, whose lines have places on the page."""
