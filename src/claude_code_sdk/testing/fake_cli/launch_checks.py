"""Launch checks: command lines that the CLI refuses, in its own words, in the order in which it looks (2.1.330).

What it only warns of is returned.  Files that flags name are looked at; nothing else of the machine is.  Above:
`engine.py`.
"""

from __future__ import annotations

import os

from ...protocol.later import json, re
from .launch import EFFORTS, LaunchError, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .launch import Launch

CHOICES = {
    "--input-format": ("text", "stream-json"),
    "--output-format": ("text", "json", "stream-json"),
    "--permission-mode": ("acceptEdits", "auto", "bypassPermissions", "manual", "dontAsk", "plan"),
    "--thinking": ("enabled", "adaptive", "disabled"),
}
ALSO = {"--permission-mode": ("default",)}
"""Taken, and not listed: `default` is called manual."""

SOURCES = ("user", "project", "local")
BETAS = "context-1m-2025-08-07"

_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NUMBER = r"-?\d+(\.\d+)?"


def check(launch: Launch, cwd: str) -> list[str]:
    """Raise `LaunchError` when the CLI refuses; returns its warnings, and reads what `--mcp-config` names."""
    _check_values(launch)
    _check_combinations(launch)
    _check_files(launch, cwd)
    _check_json(launch)
    _check_sources(launch)
    launch.mcp_servers = _servers(launch, cwd)
    return _warnings(launch)


def _check_values(launch: Launch) -> None:
    for name, choices in CHOICES.items():
        given = launch.get(name)
        if given is not None and given not in (*choices, *ALSO.get(name, ())):
            raise _invalid(name, given, f"Allowed choices are {', '.join(choices)}.")
    for name in ("--max-turns", "--max-thinking-tokens"):
        given = launch.get(name)
        if given is not None and not re.fullmatch(_NUMBER, given):
            raise _invalid(name, given, "must be a number")
    budget = launch.get("--max-budget-usd")
    if budget is not None and not (re.fullmatch(_NUMBER, budget) and float(budget) > 0):
        raise _invalid("--max-budget-usd", budget, "--max-budget-usd must be a number greater than 0")


def _invalid(name: str, given: str, why: str) -> LaunchError:
    return LaunchError(f"error: option '{shown(name)}' argument '{given}' is invalid. {why}")


def _check_combinations(launch: Launch) -> None:
    session = launch.get("--session-id")
    if session is not None:
        resumes = launch.has("--continue") or launch.has("--resume")
        if resumes and not launch.has("--fork-session"):
            raise LaunchError("Error: --session-id with --continue or --resume also needs --fork-session.")
        if not re.fullmatch(_UUID, session):
            raise LaunchError("Error: Invalid session ID. Must be a valid UUID.")
    if launch.has("--resume-session-at") and not launch.has("--resume"):
        raise LaunchError("Error: --resume-session-at requires --resume")
    streams = launch.output == "stream-json"
    if launch.streams_in and not streams:
        raise LaunchError("Error: --input-format=stream-json requires output-format=stream-json.")
    if launch.has("--replay-user-messages") and not (launch.streams_in and streams):
        raise LaunchError(
            "Error: --replay-user-messages requires both --input-format=stream-json and --output-format=stream-json."
        )
    if launch.has("--include-partial-messages") and not streams:
        raise LaunchError("Error: --include-partial-messages requires --print and --output-format=stream-json.")
    if streams and not launch.has("--verbose"):
        raise LaunchError("Error: When using --print, --output-format=stream-json requires --verbose")


def _check_files(launch: Launch, cwd: str) -> None:
    for name, called in (("--system-prompt-file", "System"), ("--append-system-prompt-file", "Append system")):
        path = launch.get(name)
        if path is not None and not os.path.exists(os.path.join(cwd, path)):
            raise LaunchError(f"Error: {called} prompt file not found: {os.path.join(cwd, path)}")
    settings = launch.get("--settings")
    if settings is not None and _json(settings) is None and not os.path.exists(os.path.join(cwd, settings)):
        raise LaunchError(f"Error: Settings file not found: {os.path.join(cwd, settings)}")


def _check_json(launch: Launch) -> None:
    schema = launch.get("--json-schema")
    if schema is not None:
        given = _json(schema)
        if given is None:
            raise LaunchError("Error: --json-schema is not valid JSON: JSON Parse error: Expected '}'")
        if not isinstance(given, dict):
            raise LaunchError("Error: --json-schema must be a JSON object")
        from .json_schema import complaint

        wrong = complaint(given)
        if wrong is not None:
            raise LaunchError(f"Error: --json-schema is not a valid JSON Schema: {wrong}")
    agents = launch.get("--agents")
    if agents is not None and agents.lstrip().startswith("{") and _json(agents) is None:
        raise LaunchError("Error: Invalid --agents configuration:\ninvalid JSON: JSON Parse error: Expected '}'")


def _check_sources(launch: Launch) -> None:
    for source in str(launch.get("--setting-sources") or "").split(","):
        if source.strip() and source.strip() not in SOURCES:
            raise LaunchError(
                f"Error processing --setting-sources: Invalid setting source: {source.strip()}. "
                f"Valid options are: {', '.join(SOURCES)}"
            )


def _servers(launch: Launch, cwd: str) -> dict[str, Any]:
    servers: dict[str, Any] = {}
    for given in launch.get("--mcp-config", []):
        config = _json(given)
        if config is None:
            path = os.path.join(cwd, given)
            try:
                with open(path, encoding="utf-8") as file:
                    config = _json(file.read())
            except OSError:
                raise LaunchError(f"Error: Invalid MCP configuration:\nMCP config file not found: {path}") from None
        found = config.get("mcpServers") if isinstance(config, dict) else None
        if not isinstance(found, dict):
            raise LaunchError(
                "Error: Invalid MCP configuration:\nmcpServers: Invalid input: expected record, received undefined"
            )
        servers |= found
    return servers


def _warnings(launch: Launch) -> list[str]:
    warnings = []
    effort = launch.get("--effort")
    if effort is not None and effort not in EFFORTS:
        warnings.append(
            f"Warning: Unknown --effort value '{effort}' — ignoring it and using the default effort. "
            f"Valid values: {', '.join(EFFORTS)}."
        )
    warnings += [
        f"Warning: Beta header '{beta}' is not allowed. Only the following betas are supported: {BETAS}"
        for beta in launch.listed("--betas")
        if beta != BETAS
    ]
    return warnings


def _json(text: str) -> Any:
    """The value of a JSON text, None when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None
