"""What the subcommands have in common: how they are declared, what several of them take.

Above: the subcommands.  Below: click.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


class Subcommand(click.Command):
    """A subcommand, whose help ends with examples."""

    def __init__(self, *given: Any, examples: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*given, **options)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"  {line}\n")


def subcommand(name: str, short_help: str, *, examples: tuple[str, ...]) -> Callable[[Callable[..., Any]], Subcommand]:
    """Declare a subcommand: its name, its line in the list of all, and the examples that end its help."""
    return click.command(name, cls=Subcommand, short_help=short_help, examples=examples)


paths_argument = click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
"""Cassettes, and folders that hold some."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
