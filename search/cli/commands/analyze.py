"""sou analyze: how a text is folded and cut into words."""

from __future__ import annotations

from search.cli.session import Session
from search.model.errors import EXIT_FOUND
from search.output.world import World


def analyze(world: World, *, text: list[str]) -> int:
    """Show the folded text, then each word with its place in the text and how it stands there."""
    from search.analysis.fold import fold_with_map
    from search.analysis.segment import positions
    from search.output.safe import safe

    Session(world)  # which takes the user's own words
    original = " ".join(text)
    folded = fold_with_map(original)
    write = world.write
    write(f"folded\t{safe(folded.text)}\n")
    for word, start, end in positions(folded.text):
        first, last = folded.original(start, end)
        write(f"{first}-{last}\t{safe(word)}\t{safe(original[first:last])}\n")
    return EXIT_FOUND
