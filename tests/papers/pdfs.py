"""PDF files for tests, written by reportlab, or by hand where it would not write such a thing."""

from __future__ import annotations

import io
import zlib

FONT = "STSong-Light"
"""A Chinese font that every reader of PDF has to know: it needs no file."""


def drawn(*pages, **options):
    """Return a PDF; each page is a function that is given reportlab's canvas."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, **options)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(*places):
    """Return a page with lines of text: (left, top, size, lines below each other)."""

    def draw(canvas):
        for left, top, size, texts in places:
            canvas.setFont(FONT, size)
            for number, text in enumerate(texts):
                canvas.drawString(left, 800 - top - number * 1.4 * size, text)

    return draw


def downward(*places):
    """Return a page with lines set from top to bottom, each left of the one before."""

    def draw(canvas):
        for right, top, size, texts in places:
            canvas.setFont(FONT, size)
            for number, text in enumerate(texts):
                for place, letter in enumerate(text):
                    left = right - (number + 1) * 1.5 * size
                    canvas.drawString(left, 800 - top - place * size * 1.05, letter)

    return draw


def picture(canvas):
    """Draw a page that is a picture, as a scanner makes it."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("L", (20, 30), 200)), 0, 0, 590, 840)


def raw(*objects):
    """Return a PDF of these objects, the first of them the catalog."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, thing in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Root 1 0 R /Size %d >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF" % table)


def plain(content, pages=1):
    """Return a PDF with one page, or several times the same, of these drawing operators."""
    packed = zlib.compress(content)
    return raw(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [ %s ] /Count %d >>" % (b"4 0 R " * pages, pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] /Contents 5 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    )
