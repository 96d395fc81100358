"""sou analyze: how a text is folded and cut into words."""

from __future__ import annotations

from typing import Annotated

import typer

from search.cli.options import command
from search.cli.session import Session
from search.errors import EXIT_FOUND


@command
def analyze(
    ctx: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT...", show_default=False)],
) -> int:
    """Show the folded text, then each word with its place in the text and how it stands there."""
    from search.output.safe import safe
    from search.text.fold import fold_with_map
    from search.text.segment import positions

    Session(ctx.obj)  # which takes the user's own words
    original = " ".join(text)
    folded = fold_with_map(original)
    write = ctx.obj.write
    write(f"folded\t{safe(folded.text)}\n")
    for word, start, end in positions(folded.text):
        first, last = folded.original(start, end)
        write(f"{first}-{last}\t{safe(word)}\t{safe(original[first:last])}\n")
    return EXIT_FOUND
