"""The `claude-cassette` command: one file a subcommand, named for it.

A subcommand is a click command in `COMMANDS`; its module is imported when it is asked for, so that `--help` of one does
not load what another needs.  Common to all: look.py (colours, columns, progress), selection.py (which files PATH
means), options.py.  Exit codes, for all of them:

    0    done, and nothing to complain of
    1    not done, or something was found: the reason is on stderr, what was found on stdout
    2    wrong usage
    130  interrupted (Ctrl-C)
    141  nobody reads the output any more (`| head`); nothing is said about it

`record` ends with the exit code of the program that it ran.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from ..._clash import require_ours
from ...errors import CassetteError

COMMANDS = {
    "record": "record",
    "show": "show",
    "check": "check",
    "scan": "scan",
    "scrub": "scrub",
    "stats": "stats",
    "recover": "recover",
    "import": "import_",
}
"""Name of the subcommand -> module in this package that has it as `command`; `--help` lists them in this order."""

INTERRUPTED, NO_READER = 130, 141


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
        """Run the subcommand; whatever can go wrong with files and pipes ends without a traceback."""
        try:
            super().invoke(ctx)
            sys.stdout.flush()  # here, where a closed pipe is still ours to answer
        except CassetteError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            # What is still buffered would meet the pipe again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(NO_READER)
        except KeyboardInterrupt:
            click.echo(err=True)
            ctx.exit(INTERRUPTED)


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="claude-code-sdk-harness", prog_name="claude-cassette")
def main() -> None:
    """Work with cassettes: recordings of Claude Code CLI runs that tests replay.

    Exit codes: 0 done, nothing to complain of; 1 not done, or something was found; 2 wrong usage; 130 interrupted.
    """
    try:
        require_ours()
    except ImportError as error:
        raise click.ClickException(str(error)) from error
