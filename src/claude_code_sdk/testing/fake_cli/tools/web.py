"""WebFetch and WebSearch."""

from __future__ import annotations

import re

from ..permissions import Decision
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..process import Process

_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/@?#]*@)?([^/:?#]+)")


def host_of(url: str) -> str:
    """The host of a URL, "" where it has none."""
    found = _HOST.match(url)
    return found[1].lower() if found is not None else ""


class WebFetch(Tool):
    name = "WebFetch"
    concurrent = True

    def description(self, cli: Process, given: Frame) -> str | None:
        return str(given["url"])

    def decide(self, cli: Process, given: Frame) -> Decision:
        content = f"domain:{host_of(given['url'])}"
        rules, told = cli.permissions.rules, self.nobody_to_ask(cli, given)

        def fits(written: str) -> bool:
            if written.startswith("domain:*."):
                return content.endswith(written.removeprefix("domain:*"))
            return written == content

        denied = rules.find("deny", self.name, fits)
        if denied is not None:
            return Decision("deny", "rule", f"WebFetch denied access to {content}.", rule=denied)
        offered = [
            {
                "type": "addRules",
                "destination": "localSettings",
                "rules": [{"toolName": self.name, "ruleContent": content}],
                "behavior": "allow",
            }
        ]
        asked = rules.find("ask", self.name, fits)
        if asked is not None:
            return Decision("ask", "rule", told, rule=asked, safety=True, permission_suggestions=offered)
        allowed = rules.find("allow", self.name, fits)
        if allowed is not None:
            return Decision("allow", "rule", rule=allowed)
        return Decision("ask", told=told, permission_suggestions=offered)

    def default(self, cli: Process, given: Frame) -> Ran:
        text = f"The page at {given['url']} has nothing about this."
        result = {"bytes": len(text), "code": 200, "codeText": "OK", "result": text, "durationMs": 1}
        return Ran(text, result=result | {"url": given["url"]})


class WebSearch(Tool):
    name = "WebSearch"
    concurrent = True

    def check_here(self, cli: Process, given: Frame) -> str | None:
        if given.get("allowed_domains") and given.get("blocked_domains"):
            return "Error: Cannot specify both allowed_domains and blocked_domains in the same request"
        return None

    def description(self, cli: Process, given: Frame) -> str | None:
        return str(given["query"])

    def decide(self, cli: Process, given: Frame) -> Decision:
        suggestion = {"type": "addRules", "rules": [{"toolName": self.name}], "behavior": "allow"}
        return Decision(
            "ask",
            told=self.nobody_to_ask(cli, given),
            permission_suggestions=[suggestion | {"destination": "localSettings"}],
        )

    def default(self, cli: Process, given: Frame) -> Ran:
        text = f'Web search results for query: "{given["query"]}"\n\nNo links found.\n'
        return Ran(text, result={"query": given["query"], "results": [], "durationSeconds": 0, "searchCount": 1})


WEB_TOOLS: tuple[Tool, ...] = (WebFetch(), WebSearch())
