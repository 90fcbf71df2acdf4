"""Entries of one episode as they were observed -> the same without secrets."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..cassette import Entry
    from .rules import Rule


class Scrubber:
    """Replaces the secrets of one episode, entry by entry, before anything reaches a disk.

    The text of a content block that is still streamed and an unfinished line of stderr are held back until they end or
    64 KiB are held, and with them everything after them, so that entries come out in the order they went in.

    - `redacted`: how many different secrets were replaced, by the name of the rule.
    """

    def __init__(
        self,
        rules: Sequence[Rule] | None = None,
        *,
        environment: Mapping[str, str] | None = None,
        before_record: Sequence[Callable[[Entry], Entry | None]] = (),
    ) -> None:
        """`rules`: further ones, before those of `RULES`; `environment`: that of the run, all of it: the values of its
        secret-looking variables are secrets wherever they stand; `before_record`: what else shall be done to each
        entry, `None` leaves it out."""
        self.redacted: dict[str, int] = {}
        self._before_record = tuple(before_record)

    @property
    def held(self) -> int:
        """How many bytes are held back."""
        return 0

    def clean(self, lines: bytes) -> bool:
        """Whether no secret begins, stands or ends in these whole lines of frames, apart from streamed text.

        For a recorder that has many lines at once: it costs less a line than the same check in `entry`.
        """
        return False

    def entry(self, entry: Entry, *, clean: bool = False) -> list[Entry]:
        """The entries that may be written now, in order; none, one or several.

        `clean`: `clean()` said so of the chunk that the frame came in.
        """
        return [entry]

    def finish(self) -> list[Entry]:
        """What was held back; to be called at the end of the episode, however it ended."""
        return []

    def text(self, text: str) -> str:
        """`text` with its secrets replaced by the pseudonyms of this episode."""
        return text
