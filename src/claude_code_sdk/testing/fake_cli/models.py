"""Models: their names, the short names that stand for them, and what the CLI knows of each.

Read from sessions of CLI 2.1.330 that asked for them.  A name that is not here is taken as it is.
"""

from __future__ import annotations

from ...protocol.later import re

DEFAULT = "claude-opus-5-5"

ALIASES = {
    "default": DEFAULT,
    "best": DEFAULT,
    "opus": DEFAULT,
    "opusplan": "claude-sonnet-5-5",
    "sonnet": "claude-sonnet-5-5",
    "haiku": "claude-haiku-5-5",
    "fable": "claude-fable-5-2",
    "claude-opus-4-1": DEFAULT,
}
"""Short names, and names of models that are gone."""


class Model:
    """What the CLI knows of a model.

    - `into`, `out`: dollars for a million tokens in and out.
    - `window`, `max_output`: its sizes in tokens.
    - `efforts`: whether it can be told how hard to think.
    - `todo_tasks`: whether it gets the tools that keep a list of tasks.
    """

    __slots__ = ("efforts", "into", "max_output", "out", "todo_tasks", "window")

    def __init__(
        self,
        into: float,
        out: float,
        window: int = 1_000_000,
        max_output: int = 128_000,
        *,
        efforts: bool = True,
        todo_tasks: bool = False,
    ) -> None:
        self.into = into
        self.out = out
        self.window = window
        self.max_output = max_output
        self.efforts = efforts
        self.todo_tasks = todo_tasks


KNOWN = {
    "claude-opus-5-5": Model(4, 20),
    "claude-sonnet-5-5": Model(2, 10),
    "claude-sonnet-5": Model(2, 10),
    "claude-haiku-5-5": Model(0.1, 0.5),
    "claude-fable-5-2": Model(4, 20),
    "claude-sonnet-4-5": Model(3, 15, 200_000, 32_000, efforts=False, todo_tasks=True),
    "claude-opus-4-5": Model(5, 25, 200_000, 32_000, efforts=False, todo_tasks=True),
    "claude-haiku-4-5": Model(1, 5, 200_000, 32_000, efforts=False, todo_tasks=True),
    "claude-3-5-haiku": Model(0.8, 4, 200_000, 8_192, efforts=False, todo_tasks=True),
}
UNKNOWN = Model(4, 20, max_output=32_000, efforts=False)
"""What the CLI assumes of a name that it does not know."""

_DATE = r"-\d{8}$"
_NAME = r"claude-(?:(\d+)-(\d+)-([a-z]+)|([a-z]+)-(\d+)(?:-(\d+))?)$"


def resolve(name: str) -> str:
    """The model that a name of the command line stands for; `[1m]`, for a longer context, is no part of it."""
    name = name.removesuffix("[1m]")
    return ALIASES.get(name, name)


def named(name: str | None) -> str | None:
    """The model that a sub-agent, a fallback or the host names; None for none of its own."""
    return None if name is None or name == "inherit" else resolve(name)


def canonical(name: str) -> str:
    """The name without its date."""
    return name if name in KNOWN else re.sub(_DATE, "", name)


def known(name: str) -> Model | None:
    return KNOWN.get(canonical(name))


def model(name: str) -> Model:
    """What is known of a model, or assumed."""
    return KNOWN.get(canonical(name), UNKNOWN)


def window(name: str) -> int:
    """Tokens that it can be asked with."""
    return model(name).window


def display_name(name: str) -> str:
    """How the CLI calls a model in its texts: `claude-opus-5-5` is `Opus 5.5`."""
    found = re.match(_NAME, canonical(name))
    if found is None:
        return name
    major, minor, family = found[1] or found[5], found[2] or found[6], found[3] or found[4]
    return f"{family.capitalize()} {major}{'.' + minor if minor else ''}"
