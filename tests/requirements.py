"""What this SDK must not get wrong: behaviour -> why -> where the need comes from.

Tests name the ids by `@pytest.mark.requirement("B7")`, and `test_requirements.py` sees to it that every id has a test
and every marker an id.  B1 to B36 are defects of the existing SDKs: claude-agent-sdk 0.2.187 ("0.2.187", with the file
and line that has it) and claude-code-sdk 0.0.25; `py#` and `cc#` are issues of claude-agent-sdk-python and claude-code.
B25 and B30 speak of session stores and come with those.  The others are what "Better than both" of issue 2 promises.
"""

from __future__ import annotations

from typing import NamedTuple


class Requirement(NamedTuple):
    """- `behaviour`: what holds.
    - `why`: what happens to a user where it does not.
    - `source`: who suffers from it, or who asked.
    """

    behaviour: str
    why: str
    source: str


def _promise(behaviour: str, why: str) -> Requirement:
    return Requirement(behaviour, why, "issue 2, Better than both")


REQUIREMENTS: dict[str, Requirement] = {
    "B1": Requirement(
        "Hooks, permissions, tools and control calls work while nobody reads messages.",
        "300 frames after a result stop the reader: no callback runs, interrupt() is never answered.",
        "0.2.187 _internal/query.py:259; py#425",
    ),
    "B2": Requirement(
        "A CLI that exits, with status 0 too, fails everybody who waits for it, at once.",
        "connect() waits a minute for a process that is gone, and then calls it a timeout.",
        "0.2.187 _internal/query.py:566",
    ),
    "B3": Requirement(
        "Options and settings that cannot be are refused before a process is started, or do no harm.",
        "A process without an owner is left for each failing connect().",
        "0.2.187 client.py:159",
    ),
    "B4": Requirement(
        "A second connect() is refused; the connection goes on.",
        "The first process is forgotten and lives on.",
        "0.2.187 client.py:93",
    ),
    "B5": Requirement(
        "Shutting down completes whatever is cancelled meanwhile, and however often.",
        "The second task.cancel() aborts the closing, and the process stays.",
        "0.2.187 subprocess_cli.py:949",
    ),
    "B6": Requirement(
        "What the CLI started ends with it.",
        "Commands and MCP servers outlive a CLI that was killed.",
        "0.2.187 subprocess_cli.py:828",
    ),
    "B7": Requirement(
        "Errors carry the CLI's own last words, with and without a stderr callback.",
        'All that a bug report says is "Check stderr output for details".',
        "0.2.187 subprocess_cli.py:1113; py#798",
    ),
    "B8": Requirement(
        "A control call that is refused or not answered raises an error of its own type, with subtype and request id.",
        "A program can only catch Exception and read texts.",
        "0.2.187 _internal/query.py:458",
    ),
    "B9": Requirement(
        "Content blocks of new types are kept.",
        "Images and redacted thinking vanish without a word.",
        "0.2.187 _internal/message_parser.py:111; py#1275",
    ),
    "B10": Requirement(
        "Frames of new types are delivered.",
        "Progress, authentication states and suggestions of the CLI stay invisible.",
        "0.2.187 _internal/message_parser.py:397",
    ),
    "B11": Requirement(
        "A frame or block that lacks a field is delivered as far as it can be read.",
        "One thinking block without its signature ends the whole query().",
        "0.2.187 _internal/message_parser.py:171",
    ),
    "B12": Requirement(
        "A CLI that exits with status 0 inside a turn is an error.",
        "Half an answer passes for a whole one.",
        "0.2.187 subprocess_cli.py:1105",
    ),
    "B13": Requirement(
        "Values of any size reach the CLI.",
        "A system prompt of 200 kB is reported as a missing executable.",
        "0.2.187 subprocess_cli.py:525; py#238",
    ),
    "B14": Requirement(
        "A control call that was cancelled leaves nothing behind, and its late answer harms nobody.",
        "Each one leaks an entry, and an answer that nobody wants is kept for ever.",
        "0.2.187 _internal/query.py:776",
    ),
    "B15": Requirement(
        "What cannot be a prompt is refused at once; lists are prompts.",
        "query(prompt=[…]) hangs for ever.",
        "0.2.187 _internal/client.py:181",
    ),
    "B16": Requirement(
        "The input stays open after an iterable that was given to connect() has ended.",
        "The next query() cannot be written.",
        "0.2.187 client.py:257",
    ),
    "B17": Requirement(
        "An error result is remembered until a new turn starts, whatever frame comes in between.",
        "A keep_alive turns the reason of a failure into an exit code.",
        "0.2.187 _internal/query.py:538",
    ),
    "B18": Requirement(
        "No frame of the CLI can be taken for a sign of the SDK's own.",
        "A frame of type error is raised as an exception, one of type end ends the stream.",
        "0.2.187 _internal/query.py:606",
    ),
    "B19": Requirement(
        "A byte that is not UTF-8 costs a character.",
        "It costs the session.",
        "0.2.187 subprocess_cli.py:840",
    ),
    "B20": Requirement(
        "A CLI that closes its output and lives on is ended after a grace.",
        "The iterator of messages never ends.",
        "0.2.187 subprocess_cli.py:1107",
    ),
    "B21": Requirement(
        "JSON Schema is known as such, whatever keys it has.",
        '{"type": "object"} becomes a tool with a string parameter named type.',
        "0.2.187 __init__.py:438",
    ),
    "B22": Requirement(
        "Optional, Literal, Enum, tuple, Any and pydantic models have schemas that say what they are.",
        "The model is told that everything is a required string.",
        "0.2.187 __init__.py:392",
    ),
    "B23": Requirement(
        "Tools may return plain values and be plain functions; what they raise is logged.",
        "The model reads 'str' object has no attribute 'get', and the traceback is lost.",
        "0.2.187 __init__.py:629",
    ),
    "B24": Requirement(
        "A hook that returns None has no opinion; hooks that fail block on request.",
        "A forgotten return is an attribute error, and then the tool runs.",
        "0.2.187 _internal/query.py:703",
    ),
    "B26": Requirement(
        "On request a response ends with the result of its own prompt.",
        "A turn that the CLI starts by itself steals the result, and every later one is off by one.",
        "0.2.187 client.py:602",
    ),
    "B27": Requirement(
        "interrupt() returns the receipt of the CLI, and the aborted turn can be drained.",
        "The next answer is the rest of the aborted turn.",
        "0.2.187 _internal/query.py:847; cc#20648",
    ),
    "B28": Requirement(
        "A callback whose answer cannot be sent any more ends quietly.",
        '"Task exception was never retrieved" at some later time.',
        "0.2.187 _internal/query.py:749",
    ),
    "B29": Requirement(
        "Closing awaits what it cancels; many stuck MCP servers cost one deadline.",
        "disconnect() takes five seconds for each of them.",
        "0.2.187 _internal/query.py:1245",
    ),
    "B31": Requirement(
        "Dicts of the program are not changed.",
        "A session id appears in messages that are sent again elsewhere.",
        "0.2.187 client.py:302",
    ),
    "B32": Requirement(
        "The limit on lines counts bytes, is large, and a line over it costs only itself.",
        "A screenshot ends the session.",
        "0.2.187 subprocess_cli.py:1065; cc#72226",
    ),
    "B33": Requirement(
        "A CLI that is too old is told apart when it connects.",
        "It misbehaves silently.",
        "0.2.187 subprocess_cli.py:1153",
    ),
    "B34": Requirement(
        "Timeouts are options in seconds that shorten and lengthen.",
        "A variable in milliseconds named after something else can only lengthen one of them.",
        "0.2.187 client.py:178",
    ),
    "B35": Requirement(
        "Callbacks have a signal that says when their answer is no longer wanted.",
        "A callback that waits for a human never learns that nobody asks any more.",
        "0.2.187 _internal/query.py:466",
    ),
    "B36": Requirement(
        "Programs for claude-code-sdk 0.0.25 run with today's CLI; connect() takes a string.",
        "connect(str) raises, and so does the first frame of a type that 0.0.25 does not know.",
        "claude-code-sdk 0.0.25; cc#37356",
    ),
    # Better than both
    "control-never-waits": _promise(
        "With nobody reading, hooks, permissions, tools and interrupt() work, all at once.",
        "A program that pauses between reads is locked out of its own session.",
    ),
    "unread-is-bounded": _promise(
        "Memory for unread messages has a documented bound; going over it is an error, never a stall.",
        "A forgotten session fills the memory, or stands still for ever.",
    ),
    "any-task": _promise(
        "connect() and disconnect() may happen in different tasks.",
        "Web frameworks start and stop things in different tasks.",
    ),
    "nothing-left": _promise(
        "Leaving early, cancelling, two connects, a failed handshake: no task, process, descriptor or file stays.",
        "Servers run out of descriptors after a day.",
    ),
    "group-killed": _promise(
        "On a forced end, and after a clean exit too, the CLI's whole process group is killed.",
        "Commands that nobody watches go on changing files.",
    ),
    "background-on-request": _promise(
        "An option keeps background work after a clean exit.",
        "A development server that was asked for dies with the question.",
    ),
    "reading-ends": _promise(
        "Reading ends one second after the exit even if a grandchild holds the pipe.",
        "A background command keeps query() from ever ending.",
    ),
    "ctrl-c": _promise("Ctrl-C reaches the CLI.", "It runs on in a group of its own, unseen."),
    "waiters-resolved": _promise(
        "Every waiter is resolved on every exit path at once.",
        "A call that nobody will answer waits for its timeout.",
    ),
    "errors-have-context": _promise(
        "Every failure is a ClaudeSDKError with what is known: subtype, request id, exit code, stderr, path.",
        "Nobody can tell what happened from a bug report.",
    ),
    "exit-0-in-a-turn": _promise("Exit 0 while a turn is open is an error.", "Half an answer passes for a whole one."),
    "missing-cli": _promise("A missing CLI says how to get one.", "File not found: what, and why me?"),
    "lossless": _promise(
        "Unknown frames and blocks arrive as UnknownMessage and UnknownBlock.",
        "What a newer CLI says is lost until the SDK is updated.",
    ),
    "raw-everywhere": _promise("Every message has its frame as .raw.", "New fields are out of reach."),
    "odd-lines": _promise(
        "A bad byte, a line that is not JSON, a torn last line, one of 20 MB: handled, never a dead session.",
        "A banner of a wrapper script on stdout ends the session.",
    ),
    "large-values": _promise(
        "Above a threshold values travel in files of mode 0600, removed afterwards.",
        "Prompts are lost to the limit of the command line, or left readable on the disk.",
    ),
    "timeouts-are-options": _promise(
        "Timeouts for initialize, control requests, idle and close are options.",
        "A slow machine cannot be waited for, a dead CLI cannot be given up.",
    ),
    "interrupt-receipt": _promise("interrupt() returns the receipt.", "Which prompts still run is anybody's guess."),
    "response-handle": _promise("prompt() returns a handle to its response.", "Results go to the wrong question."),
    "no-uuid-unasked": _promise(
        "uuids are never stamped unasked.", "The CLI behaves differently: it sends lifecycle frames for such prompts."
    ),
    "tool-schemas": _promise(
        "Schemas come from dicts, TypedDict, dataclasses, pydantic models and signatures.",
        "Programs write JSON Schema by hand, beside the types that they have.",
    ),
    "tool-functions": _promise(
        "Functions of tools may be sync (in a thread) or async, and return a str, a dict or blocks.",
        "Every tool starts with the same wrapping.",
    ),
    "tool-validation-once": _promise(
        "Validation is compiled once.", "Each call compiles the schema again: 60 times slower."
    ),
    "tool-traceback": _promise("A tool that raises is logged with its traceback.", "Only the model learns of the bug."),
    "mcp-1-and-2": _promise(
        "mcp 1.x (from 1.23) and 2.x serve alike; the same tests run with either (make test, .ci/run).",
        "An update of a dependency breaks hand-built servers.",
    ),
    "type-hints": _promise(
        "typing.get_type_hints works on every public class although mcp is imported lazily.",
        "Frameworks that read annotations fail on ours.",
    ),
    "hook-none": _promise("A hook returning None means no opinion.", "A forgotten return is an error for each tool."),
    "failing-hooks-block": _promise("An option makes failing hooks block.", "A guard that crashes guards nothing."),
}
