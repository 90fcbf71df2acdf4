"""Sessions that go on in another process: --resume, --continue, --fork-session, --session-id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ResultMessage, query
from claude_code_sdk.testing import Script, use_script

from .by_hand import ByHand, one

ID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"


def counting(*more: dict[str, Any]) -> Script:
    """Replies that say whether the model was told of the number."""
    known = {"content": [{"type": "text", "text": "You said 42."}], "match": "number 42", "repeat": True}
    unknown = {"content": [{"type": "text", "text": "Which number?"}], "repeat": True}
    return Script.from_json({"script": 1, "turns": [*more, known, unknown]})


def noted(script: Script, folder: Path, *flags: str) -> str:
    """A session in which the number was said; its id."""
    cli = ByHand(script, folder, *flags)
    result = one(cli.prompt("number 42"), "result")
    cli.end()
    return str(result["session_id"])


def test_a_resumed_session_knows_what_was_said_and_keeps_its_id(tmp_path: Path) -> None:
    script = counting()
    session = noted(script, tmp_path)
    frames = ByHand(script, tmp_path, "--resume", session).prompt("which?")
    assert one(frames, "result")["result"] == "You said 42."
    assert one(frames, "init")["session_id"] == session


@pytest.mark.parametrize("resumed", [True, False])
def test_files_can_be_rewound_to_a_prompt_of_the_process_before(tmp_path: Path, resumed: bool) -> None:
    script, env = counting(), {"CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING": "true"}
    before = ByHand(script, tmp_path, "--session-id", ID, **env)
    before.send({"type": "user", "message": {"role": "user", "content": "hello"}, "uuid": OTHER})
    before.end()
    cli = ByHand(script, tmp_path, *(("--resume", ID) if resumed else ()), **env)
    answer = one(cli.request("rewind_files", user_message_id=OTHER), "control_response")["response"]
    assert answer["subtype"] == ("success" if resumed else "error")


def test_another_session_does_not_know_it(tmp_path: Path) -> None:
    script = counting()
    noted(script, tmp_path)
    assert one(ByHand(script, tmp_path).prompt("which?"), "result")["result"] == "Which number?"


def test_a_fork_knows_it_and_has_an_id_of_its_own(tmp_path: Path) -> None:
    script = counting()
    session = noted(script, tmp_path)
    result = one(ByHand(script, tmp_path, "--resume", session, "--fork-session").prompt("which?"), "result")
    assert (result["result"], result["session_id"] != session) == ("You said 42.", True)


def test_a_fork_takes_the_id_that_it_is_given(tmp_path: Path) -> None:
    script = counting()
    session = noted(script, tmp_path)
    cli = ByHand(script, tmp_path, "--resume", session, "--fork-session", "--session-id", OTHER)
    assert one(cli.prompt("which?"), "result")["session_id"] == OTHER


def test_continue_takes_the_session_of_the_folder_that_was_used_last(tmp_path: Path) -> None:
    script = counting()
    noted(script, tmp_path / "there")
    session = noted(script, tmp_path / "here")
    noted(script, tmp_path / "there")
    assert one(ByHand(script, tmp_path / "here", "--continue").prompt("which?"), "result")["session_id"] == session


def test_continue_without_a_session_begins_one(tmp_path: Path) -> None:
    assert one(ByHand(counting(), tmp_path, "--continue").prompt("which?"), "result")["result"] == "Which number?"


def test_an_unknown_session_is_told_in_a_result_and_on_stderr(tmp_path: Path) -> None:
    cli = ByHand(counting(), tmp_path, "--resume", ID)
    result = one(cli.start(), "result")
    said = f"No conversation found with session ID: {ID}"
    assert (result["errors"], result["num_turns"], result["session_id"]) == ([said], 0, ID)
    assert (cli.stderr, cli.exit_code, len(cli.frames)) == ([said], 1, 1)


def test_an_id_that_is_in_use_is_refused(tmp_path: Path) -> None:
    script = counting()
    noted(script, tmp_path, "--session-id", ID)
    cli = ByHand(script, tmp_path, "--session-id", ID)
    cli.read()
    assert (cli.stderr, cli.exit_code) == ([f"Error: Session ID {ID} is already in use."], 1)


def test_a_session_resumed_at_a_message_does_not_know_what_came_after(tmp_path: Path) -> None:
    script = counting({"content": [{"type": "text", "text": "Hello."}], "match": "say hello"})
    cli = ByHand(script, tmp_path)
    point = one(cli.prompt("say hello"), "assistant")["uuid"]
    session = one(cli.prompt("number 42"), "result")["session_id"]
    cli.end()
    flags = ("--resume", session, "--resume-session-at", point)
    assert one(ByHand(script, tmp_path, *flags).prompt("which?"), "result")["result"] == "Which number?"


def test_a_message_that_is_not_in_the_session_is_told(tmp_path: Path) -> None:
    script = counting()
    session = noted(script, tmp_path)
    cli = ByHand(script, tmp_path, "--resume", session, "--resume-session-at", OTHER)
    assert one(cli.start(), "result")["errors"] == [f"No message found with message.uuid of: {OTHER}"]


def test_a_session_that_is_not_kept_cannot_be_resumed(tmp_path: Path) -> None:
    script = counting()
    session = noted(script, tmp_path, "--no-session-persistence")
    cli = ByHand(script, tmp_path, "--resume", session)
    cli.start()
    assert cli.exit_code == 1


def test_a_resumed_session_has_its_model_and_its_costs_and_not_its_mode(tmp_path: Path) -> None:
    script = counting()
    session = noted(script, tmp_path, "--model", "sonnet", "--permission-mode", "plan")
    frames = ByHand(script, tmp_path, "--resume", session).prompt("which?")
    init, result = one(frames, "init"), one(frames, "result")
    assert (init["model"], init["permissionMode"]) == ("claude-sonnet-5-5", "default")
    assert result["modelUsage"]["claude-sonnet-5-5"]["outputTokens"] == 40


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--session-id", "nope"), "Error: Invalid session ID. Must be a valid UUID."),
        (("--resume", ID, "--session-id", OTHER), "Error: --session-id with --continue or --resume also needs"),
        (("--resume-session-at", ID), "Error: --resume-session-at requires --resume"),
        (("--resume", "a title"), "Error: --resume requires a valid session ID or session title"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, flags: tuple[str, ...], said: str) -> None:
    cli = ByHand(counting(), tmp_path, *flags)
    cli.read()
    assert (cli.exit_code, cli.stderr[0].startswith(said)) == (1, True)


async def test_our_client_resumes_a_session() -> None:
    async def result_of(prompt: str, **options: Any) -> ResultMessage:
        with anyio.fail_after(20):
            messages = [message async for message in query(prompt=prompt, options=ClaudeCodeOptions(**options))]
        assert isinstance(messages[-1], ResultMessage)
        return messages[-1]

    with use_script(counting()):
        first = await result_of("number 42")
        second = await result_of("which?", resume=first.session_id)
    assert second.result == "You said 42."


def test_a_mirrored_session_tells_its_transcript_before_each_result(tmp_path: Path) -> None:
    cli = ByHand(Script().says("One."), tmp_path, "--session-mirror")
    frames = cli.prompt("hello")
    kinds = [frame["type"] for frame in frames]
    assert kinds == ["system", "assistant", "transcript_mirror", "result"]
    entries = one(frames, "transcript_mirror")["entries"]
    assert [entry["type"] for entry in entries] == [
        "queue-operation",
        "queue-operation",
        "user",
        "assistant",
        "last-prompt",
    ]
    said = entries[3]
    assert (said["parentUuid"], said["message"]["content"][0]["text"]) == (entries[2]["uuid"], "One.")
    (end,) = cli.end()
    assert [entry["type"] for entry in end["entries"]] == ["cost-state"]
