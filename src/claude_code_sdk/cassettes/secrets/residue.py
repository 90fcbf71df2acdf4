"""Secrets that are still there, just before a write and in committed cassettes.

Above: whoever writes a cassette (`refuse_residues`), `claude-cassette scan`.  Below: scrubber.py, whose search it is:
what a scrubber would change is a residue.
"""

from __future__ import annotations

from bisect import bisect_right

from ...errors import CassetteError
from .json_text import paths_to
from .scrubber import Scrubber

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .rules import Rule
    from .search import Edit


_SHOWN = 5


class Finding:
    """A secret in a cassette: the `rule` that found it, its 1-based `line`, and `where` in that line.

    `where` is a path such as `frame.message.content[0].text`; the secret itself is in none of these.
    """

    __slots__ = ("line", "rule", "where")

    def __init__(self, rule: str, line: int, where: str) -> None:
        self.rule = rule
        self.line = line
        self.where = where

    def __str__(self) -> str:
        return f"line {self.line}: {self.where}: {self.rule}"

    def __repr__(self) -> str:
        return f"<Finding {self}>"


class ResidueSearch:
    """Looks for secrets in the lines of a file as they come, so that one in streamed text is seen whole.

    `rules`: further ones; `environment`: its secret-looking values count as secrets.
    """

    def __init__(self, rules: Sequence[Rule] | None = None, *, environment: Mapping[str, str] | None = None) -> None:
        self._scrubber = Scrubber(rules, environment=environment, report=self._report)
        self._places: list[tuple[int, str]] = []
        self._kept = b""  # the lines that the scrubber may still report something in
        self._start = 0  # where they begin
        self._number = 0  # lines before them

    def feed(self, lines: bytes) -> list[Finding]:
        """The next whole lines: what is certain now."""
        self._kept += lines
        self._scrubber.lines(lines)
        return self._found()

    def end(self) -> list[Finding]:
        """That was all: the rest."""
        self._scrubber.flush()
        return self._found()

    def _report(self, place: int, edit: Edit) -> None:
        self._places.append((place, edit.rule))

    def _found(self) -> list[Finding]:
        found: dict[tuple[str, int, str], Finding] = {}
        if self._places:
            starts = [*_line_starts(self._kept), len(self._kept)]
            by_line: dict[int, list[tuple[int, str]]] = {}
            for place, rule in sorted(self._places):
                at = place - self._start
                by_line.setdefault(bisect_right(starts, at, hi=len(starts) - 1) - 1, []).append((at, rule))
            for index, places in by_line.items():
                line, number = self._kept[starts[index] : starts[index + 1]], self._number + index + 1
                letters = _letters_before(line, [at - starts[index] for at, _ in places])
                paths = paths_to(line.decode("utf-8", "surrogateescape"), letters)
                for (_, rule), where in zip(places, paths, strict=True):
                    found.setdefault((rule, number, where), Finding(rule, number, where))
            self._places.clear()
        done = len(self._kept) - self._scrubber.held
        self._number += self._kept.count(b"\n", 0, done)
        self._start += done
        self._kept = self._kept[done:]
        return list(found.values())


def residues(
    data: bytes, *, rules: Sequence[Rule] | None = None, environment: Mapping[str, str] | None = None
) -> list[Finding]:
    """Every secret in `data`, lines of a cassette; pseudonyms are none.

    The header may be among them, and the last line may be torn, as in a partial file.  `rules`: further ones;
    `environment`: its secret-looking values count as secrets.
    """
    search = ResidueSearch(rules, environment=environment)
    found = search.feed(data if data.endswith(b"\n") or not data else data + b"\n") + search.end()
    return sorted(found, key=lambda one: one.line)


def refuse_residues(
    data: bytes,
    path: str,
    *,
    rules: Sequence[Rule] | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Make sure that no secret is in `data`, which is about to be written to the file `path`.

    Raises:
        CassetteError: There is one; the message says where, and by which rule, but not what.
    """
    found = residues(data, rules=rules, environment=environment)
    if found:
        raise refused(path, [f"{path}:{one.line}: {one.where}: {one.rule}" for one in found])


def refused(path: str, found: Sequence[str]) -> CassetteError:
    """The error for a file that is not written because of what was found, each with its place and rule."""
    first = "\n".join(f"  {one}" for one in found[:_SHOWN])
    more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    secrets = "a secret" if len(found) == 1 else f"{len(found)} secrets"
    return CassetteError(
        f"{path}: not written, for {secrets} would stand in it:\n{first}{more}\n"
        "  take it out with a rule of your own (rules=, under pytest claude_rules) or a function (before_record=)"
    )


def _letters_before(line: bytes, places: Iterable[int]) -> Iterator[int]:
    """How many characters stand before each of these bytes, which ascend."""
    at = letters = 0
    for place in places:
        letters += len(line[at:place].decode("utf-8", "surrogateescape"))
        at = place
        yield letters


def _line_starts(data: bytes) -> list[int]:
    starts = [0]
    end = data.find(b"\n")
    while end >= 0:
        starts.append(end + 1)
        end = data.find(b"\n", end + 1)
    return starts
