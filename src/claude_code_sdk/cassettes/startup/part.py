"""What one process of a recorded program records: a partial file of its own in the spool folder.

Above: in_process.py and tee.py.  Below: recording.py.  A process that forks has two parts.  What goes wrong must not
show in the program, so it is written beside the part, where `record` finds it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from ..recording import Recording
from .failure import leave_failure
from .surroundings import RULES, SPOOL


class Part(Recording):
    """The recording of this process, into the spool folder that `env` names."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """Raises:
        CassetteError: The rules cannot be read.
        """
        from ..secrets.rules import Rule

        rules: list[Rule] | None = None
        if env.get(RULES):
            from ..secrets.rules_file import load_rules

            rules = load_rules(env[RULES])
        path = os.path.join(env[SPOOL], f"{time.time_ns()}-{os.getpid()}")
        super().__init__(path, rules=rules, partial=f"{path}.partial")

    def fail(self, error: Exception) -> None:
        if self.failure is None:
            self.failure = error
            leave_failure(self.path, error)
