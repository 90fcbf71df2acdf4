"""What a recorded program finds in its environment, and how to look behind it.

Above: record.py (puts it there), tee.py and in_process.py (read it).  Below: nothing.  The variables:

    CCSDK_RECORDER   path of the recorder executable, for programs that must be told which CLI to run
    CCSDK_SPOOL      the folder that each process writes its part into; without it nothing is recorded
    CCSDK_CLI        the CLI to run, whichever one the program names: that of `--cli`, or one that plays a cassette
    CCSDK_RULES      file of further rules for secrets; set by `--rules`

PATH begins with the recorder's folder, where it is called `claude`, and PYTHONPATH with the folder of the start-up
hook.  `CCSDK_BUNDLED_CLI` is set by the hook in a Python that has no SDK of ours: the CLI inside its official SDK.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

SPOOL, RECORDER, CLI, RULES, BUNDLED_CLI = (
    "CCSDK_SPOOL",
    "CCSDK_RECORDER",
    "CCSDK_CLI",
    "CCSDK_RULES",
    "CCSDK_BUNDLED_CLI",
)
VARIABLES = (SPOOL, RECORDER, CLI, RULES, BUNDLED_CLI)

HOOK_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hook")
"""It holds nothing but `sitecustomize.py`."""


def surround(
    env: Mapping[str, str], *, recorder: str, spool: str | None = None, cli: str | None = None, rules: str | None = None
) -> dict[str, str]:
    """The environment for a program that is to be recorded, or led to the CLI `cli`."""
    given = {SPOOL: spool, RECORDER: recorder, CLI: cli, RULES: rules}
    return {
        **without_surroundings(env),
        **{name: value for name, value in given.items() if value is not None},
        "PATH": _before(os.path.dirname(recorder), env.get("PATH", os.defpath)),
        "PYTHONPATH": _before(HOOK_FOLDER, env.get("PYTHONPATH", "")),
    }


def without_surroundings(env: Mapping[str, str]) -> dict[str, str]:
    """`env` as it would be if nobody recorded."""
    clean = {name: value for name, value in env.items() if name not in VARIABLES}
    ours = {HOOK_FOLDER}
    if RECORDER in env:
        ours.add(os.path.dirname(env[RECORDER]))
    for name in ("PATH", "PYTHONPATH"):
        folders = clean.get(name, "").split(os.pathsep)
        left = [folder for folder in folders if folder not in ours]
        if len(left) < len(folders):
            clean[name] = os.pathsep.join(left)
            if not left:  # it was not set, or it had nothing in it, which means the same
                del clean[name]
    return clean


def cli_behind(named: str | None, env: Mapping[str, str]) -> str:
    """The CLI that a program really runs: the one given to `record`, else the one that it `named`, else the one found.

    `named` is what the program started: a path, or `"claude"`, or the recorder, which stand for none.

    Raises:
        CLINotFoundError: There is none.
    """
    from ...transports.find_cli import find_cli

    if env.get(CLI):
        return env[CLI]
    if named and named != "claude" and not _same(named, env.get(RECORDER)):
        return named
    if env.get(BUNDLED_CLI):
        return env[BUNDLED_CLI]
    return find_cli(env=without_surroundings(env), home=os.path.expanduser("~"))


def _same(path: str, other: str | None) -> bool:
    return other is not None and os.path.realpath(path) == os.path.realpath(other)


def _before(folder: str, path: str) -> str:
    return os.pathsep.join([folder, path]) if path else folder
