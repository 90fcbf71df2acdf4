"""One thing changed at a time in what a program sends, for `test_mutations.py`.

A `Mutation` has the deeds or the command line of a host with one change in them, says where it is, and what the text of
a mismatch must name.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from claude_code_sdk.cassettes import free_fields as free
from claude_code_sdk.cassettes.cassette import Episode
from claude_code_sdk.cassettes.ids import ID

from .recorded_host import Deed, Frame, deeds_of

Path = tuple[str | int, ...]

MINTED = "22222222-2222-4222-8222-222222222222"
"""An id of the CLI; that another one may stand for it has tests of its own."""


class Mutation(NamedTuple):
    """- `kind`, `path`: which kind of frame, as in `FREE_FIELDS`, and the field in it.
    - `how`: what was done to it.
    - `names`: keys of which the text must name one.
    """

    kind: str
    path: Path
    how: str
    names: tuple[str, ...]
    deeds: list[Deed]
    argv: list[str]

    @property
    def dotted(self) -> str:
        """The path as `FREE_FIELDS` writes it."""
        return "".join("[]" if isinstance(step, int) else f".{step}" for step in self.path).removeprefix(".")

    def __str__(self) -> str:
        return f"{self.kind}: {self.dotted or 'the frame'}: {self.how}"


def mutations_of(episode: Episode) -> Iterator[Mutation]:
    """Every single change that the tests know, of one recorded run."""
    deeds, argv = deeds_of(episode), list(episode.argv)
    asked = requests_of(episode)
    for number, (deed, value) in enumerate(deeds):
        if deed != "frame":
            continue
        kind = kind_of(value, asked)
        for path, how, changed in changes_of(value):
            others = [*deeds[:number], ("frame", changed), *deeds[number + 1 :]]
            yield Mutation(kind, path, how, names_in(path, value), others, argv)
        without = deeds[:number] + deeds[number + 1 :]
        yield Mutation(kind, (), "left out", (), without, argv)
        twice = [*deeds[: number + 1], *deeds[number:]]
        yield Mutation(kind, (), "sent twice", (), twice, argv)
        lane = lane_of(value)
        after = next((n for n in range(number + 1, len(deeds)) if lane_of(deeds[n][1]) == lane), None)
        if lane and after is not None and not same_but_ids(value, deeds[after][1]):
            swapped = list(deeds)
            swapped[number], swapped[after] = swapped[after], swapped[number]
            yield Mutation(kind, (), "sent after the next of its lane", (), swapped, argv)
    for position in range(len(deeds)):
        for kind, frame in added_frames():
            yield Mutation(kind, (), "added", (), [*deeds[:position], ("frame", frame), *deeds[position:]], argv)
    for changed_argv, flag, how in changes_of_argv(argv):
        yield Mutation(free.SPAWN, (flag,), how, (flag,), deeds, changed_argv)


def added_frames() -> Iterator[tuple[str, Frame]]:
    """Frames that no recording has."""
    yield free.USER, {"type": "user", "message": {"role": "user", "content": "one more"}, "parent_tool_use_id": None}
    yield free.REQUEST, {"type": "control_request", "request_id": "more", "request": {"subtype": "set_more"}}
    yield "control_cancel_request", {"type": "control_cancel_request", "request_id": "more"}
    answer = {"subtype": "success", "request_id": "more", "response": {}}
    yield free.ANSWER, {"type": "control_response", "response": answer}
    yield "unknown", {"type": "unknown"}
    yield free.KEEP_ALIVE, {"type": "keep_alive"}


# Kinds


def requests_of(episode: Episode) -> dict[str, tuple[Frame, bool]]:
    """The CLI's requests by id, and whether their answers are waited for."""
    found: dict[str, tuple[Frame, bool]] = {}
    for entry in episode.entries:
        if entry.kind != "frame" or entry.source != "cli":
            continue
        frame = entry.value
        if frame.get("type") == "control_request":
            message = frame["request"].get("message") or {}
            heard = frame["request"]["subtype"] != "mcp_message" or message.get("id") is not None
            found[frame["request_id"]] = frame["request"], heard
        elif frame.get("type") == "control_cancel_request" and frame["request_id"] in found:
            found[frame["request_id"]] = found[frame["request_id"]][0], False
    return found


def kind_of(frame: Frame, asked: Mapping[str, tuple[Frame, bool]]) -> str:
    """The kind of a host frame, as `FREE_FIELDS` calls it."""
    if frame["type"] != "control_response":
        return str(frame["type"])
    response = frame["response"]
    request, heard = asked[response["request_id"]]
    if not heard:
        return free.UNHEARD
    if response["subtype"] == "error":
        return free.ERROR
    if request["subtype"] != "mcp_message":
        return free.ANSWER
    if response["response"]["mcp_response"].get("error") is not None:
        return free.MCP_ERROR
    method = request["message"]["method"]
    methods = {"initialize": free.MCP_INITIALIZE, "tools/list": free.MCP_LIST, "tools/call": free.MCP_CALL}
    return methods.get(method, free.MCP)


def is_free(mutation: Mutation) -> bool:
    """Whether the table says that nobody is told of this change."""
    places = [mutation.kind]
    if mutation.kind in (free.MCP_INITIALIZE, free.MCP_LIST, free.MCP_CALL, free.MCP_ERROR):
        places.append(free.MCP)
    dotted = f"{mutation.dotted}.*" if mutation.how == "nothing in it" else mutation.dotted
    return any(
        place in places and below(dotted, path) and not any(touches(mutation, other) for other in compared)
        for place, path, compared, _ in free.FREE_FIELDS
    )


def below(dotted: str, path: str) -> bool:
    if path.endswith(".*"):
        return dotted.startswith((path[:-1], f"{path[:-2]}["))
    return not path or dotted == path or dotted.startswith((f"{path}.", f"{path}["))


def touches(mutation: Mutation, compared: str) -> bool:
    """Whether a change lies in a field that is compared, or changes one that holds it (but not only its order)."""
    if not mutation.path:
        return False
    holds = below(compared, mutation.dotted) and mutation.how not in ("a key more", "two items swapped")
    return holds or below(mutation.dotted, compared)


def lane_of(value: Any) -> str:
    """The lane of a host frame in which order counts; empty for what has none."""
    if not isinstance(value, dict) or value["type"] in ("control_response", "keep_alive"):
        return ""
    if value["type"] == "control_request":
        return f"control {value['request']['subtype']}"
    return "withdrawals" if value["type"] == "control_cancel_request" else "conversation"


def same_but_ids(one: Frame, other: Frame) -> bool:
    return {**one, "request_id": 0, "session_id": 0} == {**other, "request_id": 0, "session_id": 0}


def names_in(path: Path, frame: Frame) -> tuple[str, ...]:
    """The key of the field, and those of what stood in it: of a field that is gone, this may be what counts."""
    last = max(number for number, step in enumerate(path) if isinstance(step, str))
    value: Any = frame
    for step in path:
        value = value.get(step) if isinstance(value, dict) else value[step]
    below = [step for inner, _ in fields_of(value, ()) for step in inner if isinstance(step, str)]
    above = ["tools"] if "tools" in path else []  # whose names are compared as a list of their own
    return (str(path[last]), *below, *above)


# Changes of a frame


def changes_of(frame: Frame) -> Iterator[tuple[Path, str, Frame]]:
    """Path, what was done there, and the changed frame."""
    for path, value in fields_of(frame, ()):
        for how, changed in changed_values(value):
            yield path, how, put(frame, path, changed)
        if isinstance(path[-1], str) and value is not None and not (path[-1] == "isError" and value is False):
            yield path, "left out", put(frame, path, _GONE)
        if isinstance(path[-1], int):
            yield path, "an item less", put(frame, path, _GONE)
        if isinstance(value, dict):
            yield (*path, "added"), "a key more", put(frame, (*path, "added"), 1)
    yield ("added",), "a key more", {**frame, "added": 1}


def fields_of(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key), inner
        yield from fields_of(inner, (*path, key))


def changed_values(value: Any) -> Iterator[tuple[str, Any]]:
    """Other values in the place of this one."""
    if value is None:
        yield "no longer null", "x"
    elif isinstance(value, bool):
        yield "the other truth value", not value
        yield "a number of the same truth", int(value)
    elif isinstance(value, int):
        yield "another number", value + 1
        yield "sent as another kind of number", float(value)
        yield "sent as a text", str(value)
    elif isinstance(value, float):
        yield "another number", value + 1
    elif isinstance(value, str):
        yield "a longer text", f"{value}x"
        if value:
            yield "no text", ""
            yield "a shorter text", value[:-1]
            yield "null", None
        if ID.search(value) and MINTED not in value:
            yield "another id", ID.sub(lambda found: other_id(found[0]), value)
    elif isinstance(value, list):
        yield "an item more", [*value, "added"]
        different = [n for n in range(len(value) - 1) if value[n] != value[n + 1]]
        if different:
            first = different[0]
            yield "two items swapped", [*value[:first], value[first + 1], value[first], *value[first + 2 :]]
        yield "a text instead", "x"
    elif isinstance(value, dict):
        yield "a list instead", []
        if value:
            yield "nothing in it", {}


def other_id(one: str) -> str:
    """An id of the same shape that no recording has."""
    return re.sub(r"[0-9a-f](?=[0-9a-f]{3}$)", lambda found: "7" if found[0] != "7" else "8", one)


class _Gone:
    pass


_GONE = _Gone()


def put(frame: Frame, path: Path, value: Any) -> Frame:
    changed = copy.deepcopy(frame)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    if value is _GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


# Changes of a command line


def changes_of_argv(argv: list[str]) -> Iterator[tuple[list[str], str, str]]:
    """The changed command line, the flag that a text must name, and what was done."""
    yield ["/elsewhere/claude", *argv[1:]], "argv[0]", "another CLI"
    yield [*argv, "--added"], "--added", "a flag more"
    yield [*argv, "--added=1"], "--added", "a flag more"
    flag = ""
    for number, item in enumerate(argv[1:], 1):
        if item.startswith("--"):
            flag = item.partition("=")[0]
            yield [*argv[:number], item.replace(flag, f"{flag}x", 1), *argv[number + 1 :]], flag, "another flag"
            if "=" in item:
                yield [*argv[:number], f"{item}x", *argv[number + 1 :]], flag, "another value"
                yield [*argv[:number], *argv[number + 1 :]], flag, "left out"
                yield [*argv[:number], item, item, *argv[number + 1 :]], flag, "twice"
            elif number + 1 == len(argv) or argv[number + 1].startswith("--"):
                yield [*argv[:number], *argv[number + 1 :]], flag, "left out"
                yield [*argv[:number], item, item, *argv[number + 1 :]], flag, "twice"
            else:
                yield [*argv[:number], *argv[number + 2 :]], flag, "left out with its value"
                pair = argv[number : number + 2]
                yield [*argv[:number], *pair, *pair, *argv[number + 2 :]], flag, "twice"
        elif item.startswith(("{", "[")):
            whole = {"value": json.loads(item)}
            for path, how, changed in changes_of(whole):
                if path[0] == "value" and "value" in changed and isinstance(changed["value"], (dict, list)):
                    name = next((step for step in reversed(path) if isinstance(step, str) and step != "value"), flag)
                    yield [*argv[:number], json.dumps(changed["value"]), *argv[number + 1 :]], name, how
        else:
            yield [*argv[:number], f"{item}x", *argv[number + 1 :]], flag, "another value"
            if item:
                yield [*argv[:number], "", *argv[number + 1 :]], flag, "no value"
