"""Temporary directories that stand for /project and /home/user, in a program, its recording and what is compared.

Above: the workers of conformance and fidelity.
"""

from __future__ import annotations

from pathlib import Path


class Places:
    """The temporary directories that stand for the recorded ones, and the way back."""

    def __init__(self, project: Path, home: Path) -> None:
        self.project, self.home = project, home
        for directory in (project, home):
            directory.mkdir(parents=True, exist_ok=True)

    def localise(self, text: str) -> str:
        """A text of the recording, with our directories."""
        return text.replace("/home/user", str(self.home)).replace("/project", str(self.project))

    def restore(self, text: str) -> str:
        """A text that we observed, with the recorded directories."""
        slug = "".join(c if c.isalnum() else "-" for c in str(self.project))
        text = text.replace(slug, "-project")
        return text.replace(str(self.home), "/home/user").replace(str(self.project), "/project")
