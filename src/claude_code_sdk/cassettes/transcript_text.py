"""The events of a transcript in words: a label and a text each.

Above: `claude-cassette show`, and whoever wants a transcript as plain text.  Below: transcript_events.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from . import transcript_events as t

LABEL_WIDTH = 12
"""Columns of a label and the gap behind it."""

# What kind of thing an event is, for whoever gives it a colour.
PLAIN, MODEL, TOOL, DECISION, REFUSAL, QUIET = "plain", "model", "tool", "decision", "refusal", "quiet"


class Row(NamedTuple):
    """An event in words: `label`, `text` (of any number of lines), and the `tone` it is said in."""

    label: str
    tone: str
    text: str


def row(event: t.Event) -> Row:
    """What `event` is called and says."""
    match event:
        case t.Start(argv=argv):
            return Row("start", QUIET, " ".join(map(_word, argv)))
        case t.Session():
            return Row("session", QUIET, _session(event))
        case t.Prompt(text=text):
            return Row("prompt", PLAIN, text)
        case t.Injected(text=text):
            return Row("user", QUIET, text)
        case t.Text(text=text, partial=partial):
            return Row("model", MODEL, f"{text} …(unfinished)" if partial else text)
        case t.Thinking(text=text, partial=partial):
            return Row("thinking", QUIET, (f"{text} …(unfinished)" if partial else text) or "(not shown)")
        case t.ToolCall(name=name, input=given):
            return Row("call", TOOL, call(name, given))
        case t.ToolResult(name=name, text=text, is_error=is_error):
            said = f"{name or 'a tool'}: {text or '(empty)'}"
            return Row("error", REFUSAL, said) if is_error else Row("result", TOOL, said)
        case t.Hook() | t.Permission() | t.Mcp() | t.HostRequest() | t.UnknownRequest():
            return _exchange(event)
        case t.Notice(name=name, text=text):
            return Row("notice", QUIET, f"{name}: {text}" if text else name)
        case t.Result():
            return Row("turn end", REFUSAL if event.is_error else PLAIN, _result(event))
        case t.Unknown(type=kind, block=block, value=value):
            what = "block" if block else "frame"
            return Row("unknown", REFUSAL, f"{what} of type {kind!r}: {compact(value)}")
        case t.Stderr(text=text):
            return Row("stderr", REFUSAL, text)
        case t.Noise(source=source, text=text):
            return Row("noise", REFUSAL, f"from the {source}, no JSON: {text}")
        case t.Signal(name=name):
            return Row("signal", DECISION, name)
        case t.EndOfInput():
            return Row("input ends", QUIET, "")
        case t.Exit(code=None):
            return Row("cut off", REFUSAL, "the recording ends before the run did")
        case t.Exit(code=code):
            return Row("exit", REFUSAL if code else QUIET, str(code))
    return Row(event.kind, PLAIN, compact(event.to_json()))


def text_of(events: Iterable[t.Event]) -> str:
    """A transcript as plain text, one event after the other, further lines of a text under its first."""
    lines: list[str] = []
    for event in events:
        label, _, text = row(event)
        first, *more = text.split("\n")
        lines.append(f"{label:<{LABEL_WIDTH}}{first}".rstrip())
        lines += [f"{'':{LABEL_WIDTH}}{line}".rstrip() for line in more]
    return "\n".join(lines) + "\n" if lines else ""


def told(events: Iterable[t.Event]) -> Iterator[t.Event]:
    """The events without those that say nothing new: a turn that begins with the settings of the last one."""
    last = ""
    for event in events:
        if isinstance(event, t.Session):
            settings = _session(event)
            if settings == last:
                continue
            last = settings
        yield event


def call(name: str, given: Mapping[str, Any]) -> str:
    """`Bash(command="ls", timeout=5)`."""
    return f"{name}({', '.join(f'{key}={compact(value)}' for key, value in given.items())})"


def compact(value: Any) -> str:
    """`value` as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def _exchange(event: t.Exchange) -> Row:
    label, asked, answer, tone = _asked_and_answered(event)
    if event.error is not None:
        answer, tone = f"error: {event.error}", REFUSAL
    elif event.withdrawn:
        answer, tone = (f"{answer}, withdrawn before" if event.answered else "withdrawn"), REFUSAL
    elif not event.answered:
        answer, tone = "no answer", REFUSAL
    return Row(label, tone, f"{asked} → {answer}" if answer else asked)


def _asked_and_answered(event: t.Exchange) -> tuple[str, str, str, str]:
    """Label, what was asked, what was answered, tone; for an exchange that went well."""
    match event:
        case t.Hook(event=name, tool=tool, decision=decision, reason=reason):
            tone = REFUSAL if decision in ("deny", "block", "stop") else DECISION
            answer = _reasoned(decision, reason) if decision else _said(event.output) or "no opinion"
            return "hook", f"{name} {tool}".rstrip(), answer, tone
        case t.Permission(tool=tool, behavior=behavior, message=message, changed_input=changed):
            tone = REFUSAL if behavior == "deny" else DECISION
            answer = _reasoned(behavior, message)
            if changed is not None:
                answer += f", with {compact(changed)}"
            if event.interrupt:
                answer += ", and interrupt"
            return "permission", tool, answer, tone
        case t.Mcp(server=server, method="tools/call", params=params):
            arguments = params.get("arguments")
            asked = call(str(params.get("name")), arguments if isinstance(arguments, dict) else {})
            answer = f"error: {event.text}" if event.is_error else event.text
            return "mcp", f"{server}: {asked}", answer, REFUSAL if event.is_error else DECISION
        case t.Mcp(server=server, method=method):
            tools = event.result.get("tools")
            names = [str(tool.get("name")) for tool in tools or () if isinstance(tool, dict)] if tools else []
            answer = f"error: {event.text}" if event.is_error else ", ".join(names)
            return "mcp", f"{server}: {method}", answer, REFUSAL if event.is_error else QUIET
        case t.HostRequest(subtype="initialize", given=given):
            return "initialize", _initialize(given), "", QUIET
        case t.HostRequest(subtype="interrupt"):
            return "interrupt", "", "", DECISION
        case t.HostRequest(subtype=subtype, given=given):
            return "control", call(subtype, given) if given else subtype, "", DECISION
        case t.UnknownRequest(subtype=subtype, given=given, answer=answered):
            return "unknown", f"request {call(subtype, given)}", compact(answered), REFUSAL
    raise AssertionError(f"no words for an exchange of kind {event.kind!r}")


def _initialize(given: Mapping[str, Any]) -> str:
    """What the host registers: its hooks by event, agents, and further settings by name."""
    parts = []
    hooks = given.get("hooks")
    if isinstance(hooks, dict) and hooks:
        parts.append(f"hooks {', '.join(hooks)}")
    agents = given.get("agents")
    if isinstance(agents, dict) and agents:
        parts.append(f"agents {', '.join(agents)}")
    parts += [key for key, value in given.items() if key not in ("hooks", "agents") and value is not None]
    return "; ".join(parts)


def _session(event: t.Session) -> str:
    parts = [event.model, f"permissions {event.permission_mode}", _count(event.tools, "tool")]
    parts += [f"mcp {name} ({status})" for name, status in event.mcp_servers.items()]
    return ", ".join(part for part in parts if part)


def _result(event: t.Result) -> str:
    parts = [event.subtype + (" (an error)" if event.is_error and event.subtype == "success" else "")]
    if event.turns is not None:
        parts.append(_count(event.turns, "turn"))
    if event.duration_ms is not None:
        parts.append(seconds(event.duration_ms))
    if event.cost_usd is not None:
        parts.append(dollars(event.cost_usd))
    read, written = tokens(event.usage)
    if read or written:
        parts.append(f"{read:,} tokens in, {written:,} out")
    if event.denials:
        parts.append(f"{len(event.denials)} denied")
    if event.is_error:
        parts += event.errors or [event.text]
    return ", ".join(part for part in parts if part)


def tokens(usage: Mapping[str, Any]) -> tuple[int, int]:
    """Tokens that the model read, cached ones included, and wrote."""
    read = sum(
        count
        for key in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        if type(count := usage.get(key)) is int
    )
    written = usage.get("output_tokens")
    return read, written if type(written) is int else 0


def seconds(milliseconds: float) -> str:
    """`0.52 s`, `12.3 s`, `4 min 05 s`."""
    value = milliseconds / 1000
    if value < 60:
        return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
    return f"{int(value // 60)} min {int(value % 60):02} s"


def dollars(value: float) -> str:
    """`$0.0016`, `$1.25`."""
    return f"${value:.4f}" if value < 0.1 else f"${value:,.2f}"


def _said(output: Mapping[str, Any]) -> str:
    """The telling part of a hook's output that decides nothing."""
    specific = output.get("hookSpecificOutput")
    flat = {**output, **(specific if isinstance(specific, dict) else {})}
    rest = {key: value for key, value in flat.items() if key not in ("hookSpecificOutput", "hookEventName", "continue")}
    return ", ".join(f"{key}={compact(value)}" for key, value in rest.items())


def _reasoned(decision: str, reason: str) -> str:
    return f"{decision} ({reason})" if reason else decision


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _word(argument: str) -> str:
    """An argument as a shell would take it, easy to read: quoted only where it has to be."""
    import shlex

    return shlex.quote(argument)
