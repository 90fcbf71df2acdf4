"""Secrets out of recordings: found, replaced by pseudonyms, and never written.

Above: the recorder (`Scrubber`), the matcher (`same_scrubbed`, `holds_pseudonym`), error texts (`hide`),
`claude-cassette scan` and `scrub` (`residues`, `load_rules`).  Below: entry_line.py and the standard library.  Each
name is loaded from its module when it is first asked for, so that a replay without pseudonyms loads nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .live import hide as hide
    from .live import same_scrubbed as same_scrubbed
    from .pseudonyms import holds_pseudonym as holds_pseudonym
    from .residue import Finding as Finding
    from .residue import ResidueSearch as ResidueSearch
    from .residue import refuse_residues as refuse_residues
    from .residue import residues as residues
    from .rules import RULES as RULES
    from .rules import RULES_DATE as RULES_DATE
    from .rules import Rule as Rule
    from .rules_file import load_rules as load_rules
    from .scrubber import Scrubber as Scrubber

_NAMES = {
    "live": "hide same_scrubbed",
    "pseudonyms": "holds_pseudonym",
    "residue": "Finding ResidueSearch refuse_residues residues",
    "rules": "RULES RULES_DATE Rule",
    "rules_file": "load_rules",
    "scrubber": "Scrubber",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "RULES",
    "RULES_DATE",
    "Finding",
    "ResidueSearch",
    "Rule",
    "Scrubber",
    "hide",
    "holds_pseudonym",
    "load_rules",
    "refuse_residues",
    "residues",
    "same_scrubbed",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
