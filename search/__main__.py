"""`python -m search` is `sou`."""

from search.cli import main

main()
