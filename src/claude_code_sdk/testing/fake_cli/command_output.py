"""Command output: what a hook's command printed and how it ended, or would have."""

from __future__ import annotations


class Printed:
    """What a command printed and how it ended.

    - `seconds`: how long it took.
    """

    def __init__(self, stdout: str = "", stderr: str = "", exit_code: int = 0, seconds: float = 0.0) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self.exit_code = exit_code
        self.seconds = seconds
