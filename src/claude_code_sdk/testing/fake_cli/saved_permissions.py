"""Saved permissions: updates that the user wants to keep, written into a settings file as the CLI writes them.

It is the one thing that the fake CLI writes to the machine, and only where an answer of the program asks for it
(`.claude/settings.local.json` and its like; wire-facts §4).
"""

from __future__ import annotations

from os import makedirs
from os.path import dirname

from ...protocol.later import json
from .rules import Rule
from .settings import read_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame

ORDER = ("allow", "deny", "ask", "defaultMode", "additionalDirectories")
"""In which the CLI writes what it found."""


def save(path: str, update: Frame) -> None:
    """Take an update into the settings file at `path`.  A file that cannot be written is left, as the CLI leaves it."""
    settings = read_object(path)
    permissions = settings.get("permissions") or {}
    if not isinstance(permissions, dict):
        return
    known = {key: permissions[key] for key in ORDER if key in permissions}
    permissions = settings["permissions"] = known | {
        key: value for key, value in permissions.items() if key not in known
    }
    _take(permissions, update)
    try:
        makedirs(dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(settings, indent=2, ensure_ascii=False) + "\n")
    except OSError:
        return


def _take(permissions: dict[str, Any], update: Frame) -> None:
    kind, behavior = update.get("type"), str(update.get("behavior", "allow"))
    rules = [Rule.of_update(rule, "").text for rule in update.get("rules") or ()]
    directories = list(update.get("directories") or ())
    if kind in ("addRules", "addDirectories"):
        name, items = (behavior, rules) if kind == "addRules" else ("additionalDirectories", directories)
        kept = permissions.get(name) or []
        permissions[name] = [*kept, *(item for item in items if item not in kept)]
    elif kind in ("removeRules", "removeDirectories"):
        name, items = (behavior, rules) if kind == "removeRules" else ("additionalDirectories", directories)
        permissions[name] = [item for item in permissions.get(name) or [] if item not in items]
    elif kind == "replaceRules":
        permissions[behavior] = rules
    elif kind == "setMode":
        permissions["defaultMode"] = update.get("mode")
