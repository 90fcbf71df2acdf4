"""Sessions: which conversation a process goes on with, and what is kept of it (wire-facts §9).

The fake keeps sessions in the store of its script, not in transcripts: another process of the script can resume them.
A session is there once a turn of it has ended.  Above: `process.py`.
"""

from __future__ import annotations

from ...protocol.later import re
from .usage import UNTIL_CALLED, turn_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process

_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

NO_SESSION = "No conversation found with session ID: {}"
NO_MESSAGE = "No message found with message.uuid of: {}"
IN_USE = "Error: Session ID {} is already in use."
WHICH = (
    "Error: --resume requires a valid session ID or session title when used with --print. "
    "Usage: claude -p --resume <session-id|title>"
)
NO_TITLE = '. Provided value "{}" is not a UUID and does not match any session title.'


def open_session(cli: Process) -> bool:
    """Take up the session that the command line asks for; False when it cannot be, which the host has been told."""
    launch, store = cli.launch, cli.run.sessions
    given: Any = launch.get("--resume")
    if launch.has("--continue"):
        given = store.latest(cli.cwd)
        if given is None:
            return True
    if given is None:
        if launch.has("--session-id") and store.get(cli.session.id) is not None:
            cli.fail(IN_USE.format(cli.session.id))
            return False
        return True
    if given is True or not re.fullmatch(_UUID, given):
        return _refuse(cli, WHICH if given is True else WHICH + NO_TITLE.format(given), cli.session.id)
    session = store.get(given)
    if session is None:
        return _refuse(cli, NO_SESSION.format(given), given)
    return _take_up(cli, given, session)


def _take_up(cli: Process, session_id: str, session: dict[str, Any]) -> bool:
    launch = cli.launch
    cut = launch.get("--resume-session-at")
    if cut is not None:
        point = session.get("points", {}).get(cut)
        if point is None:
            return _refuse(cli, NO_MESSAGE.format(cut), session_id)
        messages, blocks = point
        session["history"] = session["history"][:messages]
        session["history"][-1]["content"] = session["history"][-1]["content"][:blocks]
    if not launch.has("--fork-session"):
        cli.session.rename(session_id)
    cli.main.history = session["history"]
    cli.main.exchanges = sum(message["role"] == "user" for message in session["history"])
    cli.main.points = {uuid: (point[0], point[1]) for uuid, point in session.get("points", {}).items()}
    cli.session.deferred = session.get("deferred") if cut is None else None
    cli.session.checkpoints = set(session.get("checkpoints", ()))
    cli.session.usage.models = session.get("usage", {})
    for entry in cli.session.usage.models.values():
        for name in UNTIL_CALLED:  # which the CLI knows again with the first call
            entry.pop(name, None)
    if not launch.has("--model"):
        cli.main.model = session.get("model", cli.main.model)
    return True


def keep_session(cli: Process) -> None:
    """Keep the conversation as it is now."""
    if cli.launch.has("--no-session-persistence"):
        return
    main = cli.main
    session: dict[str, Any] = {"cwd": cli.cwd, "history": main.history, "points": main.points, "model": main.model}
    session["checkpoints"], session["deferred"] = sorted(cli.session.checkpoints), cli.session.deferred
    cli.run.sessions.put(cli.session.id, session | {"usage": cli.session.usage.models})


def _refuse(cli: Process, text: str, session_id: str) -> bool:
    """Say why there is nothing to go on with, on stderr and in a result, and end with 1."""
    frame: Frame = {
        "type": "result",
        "subtype": "error_during_execution",
        "duration_ms": 0,
        "duration_api_ms": 0,
        "is_error": True,
        "num_turns": 0,
        "stop_reason": None,
        "session_id": session_id,
        "total_cost_usd": 0,
        "usage": turn_usage(),
        "modelUsage": {},
        "permission_denials": [],
        "uuid": cli.mint.uuid(),
        "errors": [text],
        "result_index": 0,
    }
    cli.frames.emit(frame)
    cli.fail(text)
    return False
