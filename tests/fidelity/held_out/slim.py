"""Makes the recordings of this folder out of what harness/run.py wrote.

    python3 slim.py RECORDED WIRE

Emptied is what the comparison replaces anyway: inventories of system/init, of the initialize answer and of
get_context_usage (as harness/normalise.py has them), and in observed.json what harness/obsdiff.py replaces.  Of the
environment the names that the CLI acts on stay.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

ENVIRONMENT = ("CLAUDE_", "MCP_", "IS_SANDBOX", "PWD")
INIT = {"tools", "slash_commands", "terminal_slash_commands", "agents", "skills", "plugins", "capabilities"}
INITIALIZE = {"commands", "agents", "models", "available_output_styles", "capabilities"}
USAGE = {"categories", "gridRows", "memoryFiles", "mcpTools", "agents", "skills", "slashCommands", "systemTools"}
USAGE |= {"deferredBuiltinTools", "systemPromptSections", "messageBreakdown"}
OBSERVED = INIT | INITIALIZE | USAGE
OBSERVED |= {"account", "model_usage", "modelUsage", "subagent_stats", "context", "mro", "traceback"}
META = ("scenario", "doc", "status", "sdk", "sdk_version", "turns_used", "processes")
STDERR_LIMIT = 160
"""Characters of a line of stderr."""
SOURCE = re.compile(r"\s*\b\d+ \| .*")
"""The CLI's own source in a stack trace: left out."""


def emptied(fields: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {
        key: type(value)() if key in names and isinstance(value, (list, dict, str)) else value
        for key, value in fields.items()
    }


def slim_frame(frame: dict[str, Any]) -> dict[str, Any]:
    if frame.get("type") == "system" and frame.get("subtype") == "init":
        return emptied(frame, INIT)
    answer = frame.get("response") if frame.get("type") == "control_response" else None
    body = answer.get("response") if answer else None
    if not answer or not isinstance(body, dict):
        return frame
    for sign, names in (("available_output_styles", INITIALIZE), ("gridRows", USAGE)):
        if sign in body:
            return {**frame, "response": {**answer, "response": emptied(body, names)}}
    return frame


def slim_record(record: dict[str, Any]) -> dict[str, Any]:
    line = record["line"]
    if record["dir"] == "meta":
        kept = {key: value for key, value in line.items() if key != "env_names"}
        if "env" in kept:
            kept["env"] = {name: value for name, value in kept["env"].items() if name.startswith(ENVIRONMENT)}
        return {**record, "line": kept}
    if record["dir"] == "stderr":
        return {**record, "line": SOURCE.sub("", line)[:STDERR_LIMIT]}
    try:
        frame = json.loads(line)
    except ValueError:
        return record
    slimmed = slim_frame(frame) if isinstance(frame, dict) else frame
    if slimmed is frame:
        return record  # as it was, to the letter
    return {**record, "line": json.dumps(slimmed, ensure_ascii=False, separators=(",", ":"))}


def slim_observed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: slim_observed(item) for key, item in emptied(value, OBSERVED).items()}
    if isinstance(value, list):
        return [slim_observed(item) for item in value]
    return value


def slim(recorded: Path, wanted: Path) -> None:
    shutil.rmtree(wanted, ignore_errors=True)
    wanted.mkdir(parents=True)
    for wire in sorted(recorded.glob("wire*.jsonl")):
        lines = wire.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        records = [json.dumps(slim_record(json.loads(line))) for line in lines]
        (wanted / wire.name).write_text("\n".join(records) + "\n")
    observed = slim_observed(json.loads((recorded / "observed.json").read_text(errors="surrogateescape")))
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in observed)
    (wanted / "observed.json").write_bytes(f"[\n{rows}\n]\n".encode("utf-8", "backslashreplace"))
    meta = json.loads((recorded / "meta.json").read_text())
    kept = {name: meta[name] for name in META} | {"cli_version": "2.1.330", "env_extra": meta["env_extra"]}
    (wanted / "meta.json").write_text(json.dumps(kept) + "\n")


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    for one in sorted(source.iterdir()):
        if (one / "meta.json").exists():
            slim(one, target / one.name)
