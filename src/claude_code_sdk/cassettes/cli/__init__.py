"""The `claude-cassette` command: one file a subcommand, named for it.

A subcommand is a click command in `COMMANDS`; its module is imported when it is asked for, so that `--help` of one does
not load what another needs.  Exit codes, for all of them: 0 done; 1 it could not be done, the reason is on stderr;
2 wrong usage.
"""

from __future__ import annotations

from importlib import import_module

import click

from ..._clash import require_ours
from ...errors import CassetteError

COMMANDS = {"import": "import_"}
"""Name of the subcommand -> module in this package that has it as `command`."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(f".{module}", __package__).command
        return command

    def invoke(self, ctx: click.Context) -> None:
        try:
            super().invoke(ctx)
        except CassetteError as error:
            raise click.ClickException(str(error)) from error


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="claude-code-sdk-harness", prog_name="claude-cassette")
def main() -> None:
    """Work with cassettes: recordings of Claude Code CLI runs that tests replay.

    Exit codes: 0 done; 1 it could not be done, the reason is on stderr; 2 wrong usage.
    """
    try:
        require_ours()
    except ImportError as error:
        raise click.ClickException(str(error)) from error
