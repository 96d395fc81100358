"""The Typer app: a new command is one module and one line here."""

from __future__ import annotations

from typing import Annotated

import typer

from search.cli import analyze, batch, index, list_, search, show, similar, status, terms

app = typer.Typer(
    name="sou",
    help="Full-text search for Chinese newspaper archives.\n\nsou QUERY... is sou search QUERY...",
    add_completion=True,
    pretty_exceptions_enable=False,
    # Plain help: rich would cost half of what `sou --help` costs.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("search")(search.search)
app.command("index")(index.index)
app.command("show")(show.show)
app.command("similar")(similar.similar)
app.command("terms")(terms.terms)
app.command("list")(list_.list_)
app.command("status")(status.status)
app.command("check")(status.check)
app.command("analyze")(analyze.analyze)
app.command("batch")(batch.batch)
app.command("eval")(batch.evaluate)


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Full-text search for Chinese newspaper archives.

    sou QUERY... is the same as sou search QUERY...
    """
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"sou {installed('sou')}")
        raise typer.Exit
