"""Record the cassettes of tests/test_recorded.py anew, without a model:  python record.py

With Claude Code installed and a key, there is no need for this file:  pytest --claude-record=all

Here the `claude` on PATH is a scripted fake, one script for each test, and the status API is the stand-in of the tests.
Everything else is as it is for the real one: the plugin starts `claude`, and writes down what crosses the pipes.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from claude_code_sdk.testing import Script, write_executable

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "tests"))
from stand_in import status_api_server  # noqa: E402 - found there

night = Script()
night.calls("Bash", command="du -sh logs").returns("41G\tlogs")
night.calls("Bash", command="rm -rf logs")
night.says("The logs fill the disk, 41 GB. I may not remove them: page a human.")
night.calls("Write", file_path="runbooks/disk.md", content="# Disk full\n\nLook at logs/ first.\n")
night.says("Written.")


def look(service: str) -> Script:
    return Script().calls("Bash", command="ls runbooks").returns(f"{service}.md").says(f"Yes, runbooks/{service}.md.")


incident = Script()
incident.calls("mcp__desk__service_status", name="checkout")
incident.calls("mcp__desk__open_incident", title="Checkout fails", severity="high")
incident.says("INC-1 is open.")

SCRIPTS = {
    "a_night_shift": night,
    "a_recording_of_its_own and checkout": look("checkout"),
    "a_recording_of_its_own and search": look("search"),
    "the_api_that_the_tools_call": incident,
    "a_plain_query": Script().says("The disk was looked at, and a runbook was written."),
}
"""By what pytest's -k finds their tests with."""


def record(tests: str, script: Script) -> int:
    """Run these tests with `script` as the model, on asyncio: trio plays the same files.  The exit code of pytest."""
    with tempfile.TemporaryDirectory() as folder, status_api_server() as (url, _):
        write_executable(folder, script)
        path = os.pathsep.join([folder, os.environ["PATH"]])
        # As a proxy, since what goes to this machine is not recorded.
        env = {**os.environ, "PATH": path, "HTTP_PROXY": url, "http_proxy": url}
        pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly"]
        command = [*pytest, "--claude-record=all", "-k", f"{tests} and asyncio", "tests/test_recorded.py"]
        return subprocess.run(command, cwd=HERE, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(max(record(tests, script) for tests, script in SCRIPTS.items()))
