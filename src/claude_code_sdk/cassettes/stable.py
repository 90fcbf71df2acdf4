"""A recording -> its file, which changes only where the behaviour did.

Above: the recorder, `claude-cassette import`.  Below: normalize.py, volatile.py (what may differ), jsonl.py.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .cassette import Entry, Episode


def write(
    path: str | os.PathLike[str],
    header: Mapping[str, Any],
    recorded: Sequence[Sequence[Entry]],
    *,
    kept: Sequence[Episode] = (),
) -> bool:
    """Normalize the raw episodes `recorded` and store them in the file `path`, behind the episodes `kept`.

    `kept` are episodes of the file that stands there (`new_episodes`); with none of them the file is replaced (`all`,
    `once`).  Where it has recorded the same behaviour before, its bytes stay: of the whole file if nothing changed, and
    then it is not touched; else of every entry that did not change.  A damaged file is replaced as a whole.

    Memory is flat: entries go through a temporary file beside `path`, which is replaced atomically or, on any failure,
    left as it was.

    Returns:
        Whether the file was changed.

    Raises:
        CassetteError: A frame is damaged, or the file cannot be written.
    """
    raise NotImplementedError
