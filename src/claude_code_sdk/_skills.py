"""What the `skills` option means: rules that let the skills run, the sources they are found in, names that are refused.

`skills` is `None`, `"all"` or a list of names.  A name becomes part of a permission rule, `Skill(name)`, so a name that
could be read as another rule is refused.  Above: `_argv.py`, `_initialize.py`, `_validate.py`.
"""

from __future__ import annotations

import re

from .options import ClaudeCodeOptions

# Separators of rules; control characters (C0, DEL, C1); surrogates; the byte order mark.
_FORBIDDEN = re.compile("[(),\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def allowed_tools(options: ClaudeCodeOptions) -> list[str]:
    """`allowed_tools` plus the rules that let the skills run."""
    rules = list(options.allowed_tools or ())
    if options.skills is not None:
        wanted = ["Skill"] if options.skills == "all" else [f"Skill({name})" for name in options.skills]
        rules += [rule for rule in dict.fromkeys(wanted) if rule not in rules]
    return rules


def setting_sources(options: ClaudeCodeOptions) -> list[str] | None:
    """`setting_sources`; where skills are kept when only `skills` is set; `None` for the CLI's default."""
    if options.setting_sources is None:
        return None if options.skills is None else ["user", "project"]
    return list(options.setting_sources)


def check_skills(skills: object) -> None:
    """Raise `TypeError` or `ValueError` for a `skills` option that is not `None`, `"all"` or a list of plain names."""
    if skills is None or skills == "all":
        return
    if not isinstance(skills, list):
        hint = f"; did you mean [{skills!r}]?" if isinstance(skills, str) else ""
        raise TypeError(f'skills must be a list of names or "all", not {skills!r}{hint}')
    for name in skills:
        if not isinstance(name, str):
            raise TypeError(f"skills: a name must be a string, not {name!r}")
        reason = _refusal(name)
        if reason:
            raise ValueError(f"skills: {name!r} {reason}")


def _refusal(name: str) -> str | None:
    """Why `name` cannot stand in a rule `Skill(name)`, or `None`."""
    if not name or name != name.strip():
        return "is blank" if not name.strip() else "begins or ends with white space"
    if found := _FORBIDDEN.search(name):
        return f"contains {found[0]!a}"
    if name == "*" or name.endswith((":*", " *")):
        return "is a wildcard"
    if name.startswith("/"):
        return "begins with a slash; write the name without it"
    if "\\\\" in name or name.endswith("\\"):
        return "contains a doubled or trailing backslash"
    return None
