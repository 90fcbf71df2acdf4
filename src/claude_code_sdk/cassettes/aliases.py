"""Ids that the CLI minted <-> the aliases that are stored in their place.

Above: normalize.py.  Below: nothing.
"""

from __future__ import annotations


class Aliases:
    """The ids of the runs of one recording, in the order in which they are normalized."""
