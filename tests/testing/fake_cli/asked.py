"""What the fake CLI decides about one call of a tool: it runs, is asked about, or is denied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing import Script
from claude_code_sdk.testing.fake_cli.launch import Launch
from claude_code_sdk.testing.fake_cli.permissions import Decision
from claude_code_sdk.testing.fake_cli.process import Process

Call = tuple[str, Mapping[str, Any]]


def process(*flags: str, cwd: str = "/project", env: Mapping[str, str] | None = None) -> Process:
    """A process in a directory that is not there, with no settings."""
    environment = {"HOME": "/home/user", **(env or {})}
    command = Command(("claude", *flags), cwd=cwd, env=environment)
    return Process(Script().begin(), command, Launch(flags))


def decided(call: str | Call, *flags: str, cli: Process | None = None) -> Decision:
    """The decision about a call, or about a command line of Bash."""
    name, given = ("Bash", {"command": call}) if isinstance(call, str) else call
    cli = process(*flags) if cli is None else cli
    tool = cli.offered.find(name)
    assert tool is not None, f"there is no {name}"
    parsed = tool.parsed(cli, dict(given))
    refused = tool.check_here(cli, parsed)
    if refused is not None:
        return Decision("deny", None, refused, refused=True)
    denied = tool.denied_here(cli, parsed)
    if denied is not None:
        return denied
    return cli.permissions.decide(tool, parsed)


def runs(call: str | Call, *flags: str) -> str | None:
    """Why a call runs without asking."""
    decision = decided(call, *flags)
    assert decision.behavior == "allow", decision.told
    return decision.reason_type


def asked_about(call: str | Call, *flags: str) -> dict[str, Any]:
    """What is asked about a call."""
    decision = decided(call, *flags)
    assert decision.behavior == "ask", decision.behavior
    return decision.question()


def denied_with(call: str | Call, *flags: str) -> str:
    """What the model is told where nobody can be asked."""
    decision = decided(call, *flags)
    assert decision.behavior != "allow"
    return decision.told


def suggests(asked: dict[str, Any]) -> list[str]:
    """The contents of the rules that are offered."""
    offers = [offer for offer in asked["permission_suggestions"] if offer["type"] == "addRules"]
    return [rule["ruleContent"] for offer in offers for rule in offer["rules"]]
