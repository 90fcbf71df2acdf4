"""SDK server: an MCP server of the program, spoken to through control requests (wire-facts §2, §4).

`initialize` is asked before the handshake is answered, `tools/list` when the first turn begins, `tools/call` with ids
that count per server.  Above: `servers.py`.
"""

from __future__ import annotations

from .host import Gone, Question, Refused, Withdrawn
from .kernel import done
from .server import Server, TooSlow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .process import Process

PROTOCOL = "2025-11-25"
CLIENT = {
    "name": "claude-code",
    "title": "Claude Code",
    "description": "Anthropic's agentic coding tool",
    "websiteUrl": "https://claude.com/claude-code",
}
START_TIMEOUT = 30.0
"""Seconds that a server may take to start (`MCP_TIMEOUT`, in milliseconds, says otherwise)."""

ASKED_AGAIN = 1 << 20
"""The id of an `initialize` that is asked a second time (wire-facts §2)."""

CALL_STEPS_BACK = 2
"""Steps of the loop after which a server is told that its call took too long: the model is told first."""

LIST_PATIENCE = 0.05
"""Seconds after which the tools are listed even if no turn has begun."""


class SdkServer(Server):
    """One server of the program.

    - `manifest`: what the host said of it beforehand: the results of `initialize` and `tools/list`, which the CLI then
      does not ask for.
    """

    def __init__(self, cli: Process, name: str, config: Frame, manifest: Frame | None = None) -> None:
        super().__init__(cli, name, config, "sdk")
        self._manifest = manifest
        self._next_id = 0
        self._calls: dict[int, Question] = {}

    async def connect(self) -> None:
        """Shake hands and list the tools."""
        if self._manifest is not None:
            self._take(self._manifest)
            return
        cli = self._cli
        self._next_id = 0  # a server that was switched off and on is spoken to from the beginning
        timeout = float(cli.env.get("MCP_TIMEOUT", START_TIMEOUT * 1000)) / 1000
        client = {**CLIENT, "version": cli.version}
        params = {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": client}
        try:
            try:
                answer = await self._request("initialize", params, timeout)
            except TimeoutError:
                answer = await self._request("initialize", params, timeout, number=ASKED_AGAIN)
            self.info = answer.get("result", {}).get("serverInfo", {})
            await self._notify("notifications/initialized")
            await cli.kernel.within(LIST_PATIENCE, cli.first_turn_began)
            listed = await self._request("tools/list", None, timeout)
            self.tools = {tool["name"]: tool for tool in listed.get("result", {}).get("tools", ())}
            self.status = "connected"
        except (Gone, Refused, Withdrawn, TimeoutError) as error:
            self.status, self.error = "failed", str(error) or "Connection failed"
        finally:
            self.introduced.set()
            self.ready.set()

    def _take(self, manifest: Frame) -> None:
        """Be connected by what the host said of it; the two requests that are not sent have used up their ids."""
        self.info = (manifest.get("initializeResult") or {}).get("serverInfo", {})
        self.tools = {tool["name"]: tool for tool in (manifest.get("toolsListResult") or {}).get("tools", ())}
        self.status, self._next_id = "connected", 2
        self.introduced.set()
        self.ready.set()

    async def call(self, tool: str, arguments: Frame, tool_use_id: str) -> Frame:
        """Call a tool; its JSON-RPC answer.  Raises `Gone`, `Refused`, `TooSlow`."""
        number = self._next_id
        meta = {"claudecode/toolUseId": tool_use_id, "progressToken": number}
        params = {"name": tool, "arguments": arguments, "_meta": meta}
        patience = self._cli.env.get("MCP_TOOL_TIMEOUT")
        seconds = float(patience) / 1000 if patience else None
        try:
            return await self._request("tools/call", params, seconds)
        except TimeoutError:
            del self._calls[number]
            self._cli.kernel.spawn(self._give_up(number))
            raise TooSlow(f'MCP server "{self.name}" tool "{tool}" timed out after {int(seconds or 0)}s') from None

    async def _give_up(self, number: int) -> None:
        for _ in range(CALL_STEPS_BACK):
            await self._cli.kernel.idle()
        self._cancel(number, "SdkError: Request timed out")

    def _cancel(self, number: int, reason: str) -> None:
        params = {"requestId": number, "reason": reason}
        self._send({"method": "notifications/cancelled", "params": params, "jsonrpc": "2.0"})

    def cancel_calls(self, reason: str) -> None:
        """Tell the server that nobody waits for its calls any more."""
        for number, question in self._calls.items():
            self._cli.host.forget(question)
            self._cancel(number, reason)
        self._calls.clear()

    async def _request(
        self, method: str, params: Frame | None, timeout: float | None, *, number: int | None = None
    ) -> Frame:
        message: Frame = {"method": method}
        if params is not None:
            message["params"] = params
        if number is None:
            number, self._next_id = self._next_id, self._next_id + 1
        message |= {"jsonrpc": "2.0", "id": number}
        question = self._send(message)
        if method == "tools/call":
            self._calls[number] = question
        if not await self._cli.kernel.within(timeout, question.answer):
            self._cli.host.forget(question)
            raise TimeoutError
        self._calls.pop(number, None)
        payload: Frame = question.answer.result()
        if method == "initialize":
            self.introduced.set()
        answer: Frame = payload.get("mcp_response") or {}
        return answer

    async def _notify(self, method: str) -> None:
        await done(self._send({"jsonrpc": "2.0", "method": method}).answer)

    def _send(self, message: Frame) -> Question:
        return self._cli.host.ask("mcp_message", {"server_name": self.name, "message": message})
