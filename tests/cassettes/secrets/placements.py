"""Where a secret can stand in a recording: for each place, the entries of an episode that has it there."""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from claude_code_sdk.cassettes.cassette import CLI, HOST, Entry
from claude_code_sdk.cassettes.entry_line import encode_entry
from claude_code_sdk.cassettes.secrets import Scrubber

SESSION = "f805a4e3-3c08-444d-aa9c-3bc2077cf7ed"


def delta(text: str, *, kind: str = "text", index: int = 0) -> Entry:
    members = {"text": ("text_delta", "text"), "json": ("input_json_delta", "partial_json")}
    of_type, member = members[kind]
    event = {"type": "content_block_delta", "index": index, "delta": {"type": of_type, member: text}}
    return stream_event(event)


def stop(index: int = 0) -> Entry:
    return stream_event({"type": "content_block_stop", "index": index})


def stream_event(event: dict[str, object]) -> Entry:
    frame = {"type": "stream_event", "event": event, "session_id": SESSION, "parent_tool_use_id": None, "uuid": SESSION}
    return Entry(CLI, "frame", frame)


def pieces(text: str, seed: int) -> Iterator[str]:
    """`text` in pieces of one to nine characters."""
    chance = random.Random(seed)
    at = 0
    while at < len(text):
        size = chance.randint(1, 9)
        yield text[at : at + size]
        at += size


def prompt(text: str) -> Sequence[Entry]:
    content = f"Please look at this.\n{text}\nWhat is it?"
    return [Entry(HOST, "frame", {"type": "user", "message": {"role": "user", "content": content}})]


def tool_output(text: str) -> Sequence[Entry]:
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": f"$ cat notes\n{text}\n"}
    message = {"role": "user", "content": [result]}
    return [Entry(CLI, "frame", {"type": "user", "message": message, "tool_use_result": {"stdout": text}})]


def header(text: str) -> Sequence[Entry]:
    servers = json.dumps({"mcpServers": {"a": {"type": "http", "url": "https://a.test", "headers": {"X-Note": text}}}})
    return [Entry(HOST, "spawn", {"argv": ["claude", "--mcp-config", servers], "cwd": "/p", "env": {}})]


def argument(text: str) -> Sequence[Entry]:
    return [Entry(HOST, "spawn", {"argv": ["claude", "--append-system-prompt", text], "cwd": "/p", "env": {}})]


def variable(text: str) -> Sequence[Entry]:
    return [Entry(HOST, "spawn", {"argv": ["claude"], "cwd": "/p", "env": {"CLAUDE_CODE_ENTRYPOINT": text}})]


def stderr(text: str) -> Sequence[Entry]:
    return [Entry(CLI, "stderr", line) for line in f"debug: {text} (end)".split("\n")]


def noise(text: str) -> Sequence[Entry]:
    return [Entry(CLI, "noise", line) for line in f"not JSON: {text} (end)".split("\n")]


def deltas(text: str) -> Sequence[Entry]:
    return [*map(delta, pieces(f"It says: {text} and so on.", len(text))), stop()]


def json_deltas(text: str) -> Sequence[Entry]:
    arguments = json.dumps({"command": f"echo '{text}'", "description": "say it"})
    return [*(delta(piece, kind="json") for piece in pieces(arguments, len(text))), stop()]


def json_in_a_string(text: str) -> Sequence[Entry]:
    return prompt(json.dumps({"outer": json.dumps({"inner": [f"a {text} b"]})}))


def dict_key(text: str) -> Sequence[Entry]:
    call = {"type": "tool_use", "id": "toolu_1", "name": "Put", "input": {f"x {text} y": 1}}
    return [Entry(CLI, "frame", {"type": "assistant", "message": {"role": "assistant", "content": [call]}})]


def url(text: str) -> Sequence[Entry]:
    return prompt(f"GET https://a.test/?q={quote(' ' + text + ' ', safe='')}&x=1")


def base64_text(text: str) -> Sequence[Entry]:
    return prompt(base64.b64encode(f"some: {text} .".encode()).decode())


PLACEMENTS: dict[str, Callable[[str], Sequence[Entry]]] = {
    "prompt": prompt,
    "tool output": tool_output,
    "header": header,
    "argv": argument,
    "env": variable,
    "stderr": stderr,
    "noise": noise,
    "deltas": deltas,
    "deltas of JSON": json_deltas,
    "JSON in a string": json_in_a_string,
    "key of a dict": dict_key,
    "URL-encoded": url,
    "base64": base64_text,
}


def scrub(entries: Sequence[Entry], scrubber: Scrubber | None = None) -> list[Entry]:
    """What a recorder would write of an episode with these entries."""
    scrubber = scrubber or Scrubber()
    written = [given for entry in entries for given in scrubber.entry(entry)]
    return written + scrubber.finish()


def lines(entries: Sequence[Entry]) -> bytes:
    return b"".join(encode_entry(entry) + b"\n" for entry in entries)


def decodings(data: bytes) -> str:
    """All that can be read out of lines: their texts decoded as often as something comes of it, deltas put together."""
    from urllib.parse import unquote

    texts = [data.decode()]
    streamed = ""

    def walk(value: object) -> None:
        nonlocal streamed
        if isinstance(value, dict):
            if value.get("type") in ("text_delta", "input_json_delta"):
                streamed += value.get("text", "") + value.get("partial_json", "")
            for key, inner in value.items():
                walk(key)
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
        elif isinstance(value, str):
            read(value)

    def read(text: str) -> None:
        texts.append(text)
        if "%" in text:
            texts.append(unquote(text))
        for inner in re.findall(r"[\[{].*[\]}]", text):
            try:
                walk(json.loads(inner))
            except ValueError:
                pass
        for run in re.findall(r"[A-Za-z0-9+/]{8,}={0,2}", text):
            try:
                texts.append(base64.b64decode(run, validate=True).decode())
            except ValueError:
                pass

    said: dict[str, list[str]] = {}
    for line in data.splitlines():
        value = json.loads(line)
        walk(value)
        for kind in ("stderr", "noise"):
            if kind in value:
                said.setdefault(kind, []).append(value[kind])
    read(streamed)
    texts += ["\n".join(parts) for parts in said.values()]
    return "\n".join(texts)
