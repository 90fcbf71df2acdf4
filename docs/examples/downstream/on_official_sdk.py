"""Make a copy of this project for the official SDK:  python on_official_sdk.py FOLDER

The copy differs in one word of its imports, `claude_agent_sdk` for `claude_code_sdk`; every line that is changed is
printed.  Tests and cassettes are the same files: the plugin does not care which of the two SDKs a program uses.
"""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
LEFT_OUT = {
    "tests/test_faults.py": "the official SDK raises a bare Exception when its handshake is not answered, and loses "
    "errors of its own tasks when the CLI dies: claude_faults finds both",
}
"""Tests that cannot pass there, and why."""

OURS, OFFICIAL = "from claude_code_sdk import ", "from claude_agent_sdk import "


def copy(folder: Path) -> None:
    """Write the copy into `folder`, which is emptied before."""
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    for part in ("oncall", "tests"):
        shutil.copytree(HERE / part, folder / part, ignore=ignored)
    shutil.copy(HERE / "pyproject.toml", folder)
    for name, reason in LEFT_OUT.items():
        (folder / name).unlink()
        print(f"{name}: left out, {reason}")
    for path in sorted(folder.rglob("*.py")):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        for number, line in enumerate(lines):
            if line.startswith(OURS):
                lines[number] = line.replace(OURS, OFFICIAL)
                print(f"{path.relative_to(folder)}:{number + 1}: {lines[number]}", end="")
        path.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    copy(Path(sys.argv[1]))
