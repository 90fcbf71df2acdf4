"""Later: `re` and `json` for the fake path, loaded when something of them is first used.

With what they load themselves (`enum`, `functools`, `collections`) they are two fifths of what a scripted fake does
until it has answered the handshake, which needs neither.  Above: the fake path.  Below: the standard library.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import json as json
    import re as re
else:

    class _Later:
        """Stands for a module; what is asked for is kept here, so that the next use finds it at once."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> object:
            found = getattr(__import__(self._name), name)
            setattr(self, name, found)
            return found

    json, re = _Later("json"), _Later("re")
