"""Secrets out of recordings: found, replaced by pseudonyms, and never written.

Above: the recorder (`Scrubber`), the matcher (`same_scrubbed`, `holds_pseudonym`), error texts (`hide`), `claude-cassette
scan` and `scrub` (`residues`).  Below: cassette.py; `re` and no package.  Loaded from its modules name by name, so that
a replay without pseudonyms loads nothing of it.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .live import hide as hide
    from .live import same_scrubbed as same_scrubbed
    from .pseudonyms import holds_pseudonym as holds_pseudonym
    from .residues import Finding as Finding
    from .residues import residues as residues
    from .rules import RULES as RULES
    from .rules import RULES_DATE as RULES_DATE
    from .rules import Rule as Rule
    from .scrubber import Scrubber as Scrubber

_NAMES = {
    "live": "hide same_scrubbed",
    "pseudonyms": "holds_pseudonym",
    "residues": "Finding residues",
    "rules": "RULES RULES_DATE Rule",
    "scrubber": "Scrubber",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "RULES",
    "RULES_DATE",
    "Finding",
    "Rule",
    "Scrubber",
    "hide",
    "holds_pseudonym",
    "residues",
    "same_scrubbed",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
