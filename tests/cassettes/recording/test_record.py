"""record(): programs that take no transport, their runs in a cassette; and what the end of the block makes of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookMatcher,
    PermissionResultAllow,
    RecordingTransport,
    query,
    record,
    use_cassette,
    use_transport,
)
from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.saving import recover
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing.executable import write_executable
from claude_code_sdk.transports.in_process import InProcessTransport
from tests.client.peers import Peer, asks, assistant, result

from .live import (
    CASSETTES,
    LiveCLI,
    NoCLI,
    ask,
    content_of,
    converse,
    files_in,
    frames_of,
    lines_of,
    recorded_run,
    text_of,
)

CONVERSATION = [
    ("host", "spawn"),
    ("host", "control_request"),
    ("cli", "control_response"),
    ("host", "user"),
    ("cli", "assistant"),
    ("cli", "result"),
    ("host", "eof"),
    ("cli", "exit"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "x.jsonl"


def partial(path: Path) -> Path:
    return path.with_name(f"{path.name}.partial")


# What is recorded


async def test_a_query_is_recorded_and_replays(path: Path) -> None:
    with record(path, live=LiveCLI().transport):
        live = await ask("hello")
    assert frames_of(path) == [CONVERSATION]
    assert content_of(partial(path)) is None
    with use_cassette(path, live=NoCLI()):
        replayed = await ask("hello")
    assert replayed == live


async def test_it_is_an_asynchronous_context_manager_too(path: Path) -> None:
    async with record(path, live=LiveCLI().transport) as transport:
        assert isinstance(transport, RecordingTransport)
        await ask("hello")
    async with use_cassette(path, live=NoCLI()):
        assert text_of(await ask("hello")) == "HELLO"


async def test_it_decorates_functions(path: Path) -> None:
    @record(path, live=LiveCLI().transport)
    async def program() -> str:
        return text_of(await ask("hello"))

    assert await program() == "HELLO"
    assert await use_cassette(path, live=NoCLI())(program.__wrapped__)() == "HELLO"  # type: ignore[attr-defined]


def test_it_decorates_functions_that_run_their_own_event_loop(path: Path) -> None:
    @record(path, live=LiveCLI().transport)
    def program() -> str:
        return text_of(anyio.run(ask, "hello"))

    assert program() == "HELLO"
    with use_cassette(path, live=NoCLI()):
        assert text_of(anyio.run(ask, "hello", backend="trio")) == "HELLO"


async def test_sessions_one_after_another_are_an_episode_each(path: Path) -> None:
    with record(path, live=LiveCLI().transport):
        await ask("one")
        await converse("two", "three")
    assert [len(episode) for episode in frames_of(path)] == [8, 11]
    with use_cassette(path, live=NoCLI()):
        assert text_of(await ask("one")) == "ONE"
        assert await converse("two", "three") == ["TWO", "THREE"]


async def test_sessions_at_once_are_apart(path: Path) -> None:
    said: dict[str, str] = {}

    async def session(prompt: str) -> None:
        said[prompt] = text_of(await ask(prompt))

    async def at_once() -> None:
        async with anyio.create_task_group() as tasks:
            for prompt in ("one", "two", "three"):
                tasks.start_soon(session, prompt)

    with record(path, live=LiveCLI().transport):
        await at_once()
    assert frames_of(path) == [CONVERSATION] * 3
    live, said = said, {}
    with use_cassette(path, live=NoCLI()):
        await at_once()
    assert said == live


async def test_the_header_says_where_the_recording_comes_from(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claude_code_sdk.cassettes.saving.wall_clock", lambda: "2026-01-02T03:04:05Z")
    with record(path, live=recorded_run("oneshot_query")):
        await ask("Say hello")
    header = lines_of(path)[0]
    assert header["mode"] == "record"
    assert header["sdk"].startswith("claude-code-sdk-harness ")
    assert header["cli"] == "2.1.330"
    assert header["recorded"] == "2026-01-02T03:04:05Z"
    assert header["redacted"] == {}
    assert header["rules"]


async def test_without_a_live_transport_the_one_around_the_block_is_recorded(path: Path) -> None:
    cli = LiveCLI()
    with use_transport(cli.transport), record(path):
        await ask("hello")
    assert cli.prompts == ["hello"]
    assert frames_of(path) == [CONVERSATION]


async def test_without_any_transport_a_process_is_recorded(tmp_path: Path, path: Path) -> None:
    executable = write_executable(tmp_path, cassette=CASSETTES / "oneshot_query.jsonl", answers="ignore")
    with record(path):
        live = await ask("Say hello", cli_path=executable, cwd=tmp_path, system_prompt="")
    assert load(path).episodes[0].exit_code == 0
    assert load(path).episodes[0].argv[0] == "claude"
    with use_cassette(path, live=NoCLI()):
        replayed = await ask("Say hello", cwd=tmp_path, system_prompt="")
    assert [type(message) for message in replayed] == [type(message) for message in live]
    assert text_of(replayed) == text_of(live) == "Hello from the scripted model."


async def test_a_recorded_process_closes_as_its_options_say(tmp_path: Path, path: Path) -> None:
    executable = tmp_path / "stubborn-cli"
    executable.write_text("#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n")
    executable.chmod(0o755)
    options = ClaudeCodeOptions(cli_path=executable, close_timeout=0.05, initialize_timeout=0.05)
    with record(path), pytest.raises(Exception, match="initialize"), anyio.fail_after(9):
        async with ClaudeSDKClient(options):
            pass
    assert load(path).episodes[0].exit_code == -9


async def test_recording_changes_nothing_of_what_crosses(path: Path) -> None:
    class Tap:
        """Keeps the bytes that cross on the side of the CLI."""

        def __init__(self) -> None:
            self.peer = Peer(lambda frame: [assistant("a"), b'{"type": "odd",  "n":1.0}\n', b"noise\n", result()])
            self.heard: list[bytes] = []

        async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Any:
            return await InProcessTransport(lambda _: self.peer).open(command, on_stderr=on_stderr)

    async def program() -> list[Any]:
        return [m async for m in query(prompt="hi", options=ClaudeCodeOptions())]

    without, recorded = Tap(), Tap()
    with use_transport(without):
        seen_without = await program()
    with record(path, live=recorded):
        seen = await program()
    assert seen == seen_without
    assert recorded.peer.received == without.peer.received


async def test_callbacks_are_recorded_with_their_answers(path: Path) -> None:
    def turn(frame: dict[str, Any]) -> list[Any]:
        return [asks("ask-1", "can_use_tool", tool_name="Bash", input={"command": "ls"}, permission_suggestions=[])]

    peer = Peer(turn, on_answer=lambda frame: [assistant("done"), result()])

    async def allow(tool: str, given: dict[str, Any], context: Any) -> PermissionResultAllow:
        return PermissionResultAllow()

    async def program() -> str:
        async with ClaudeSDKClient(ClaudeCodeOptions(can_use_tool=allow)) as client:
            await client.query("list")
            return text_of([message async for message in client.receive_response()])

    with record(path, live=peer.transport), anyio.fail_after(10):
        assert await program() == "done"
    assert ("cli", "control_request") in frames_of(path)[0]
    assert ("host", "control_response") in frames_of(path)[0]
    with use_cassette(path, live=NoCLI(), answers="verify"), anyio.fail_after(10):
        assert await program() == "done"


async def test_before_record_and_rules_reach_the_recorder(path: Path) -> None:
    from claude_code_sdk.cassettes.secrets import Rule

    def without_stderr(entry: Entry) -> Entry | None:
        return None if entry.kind == "stderr" else entry

    rule = Rule("badge", r"badge-[0-9]{4}", literals=["badge-"])
    cli = LiveCLI(lambda prompt: "your badge-1234")
    with record(path, live=cli.transport, before_record=[without_stderr], rules=[rule]):
        assert text_of(await ask("who?")) == "your badge-1234"
    assert b"badge-1234" not in (content_of(path) or b"")
    assert lines_of(path)[0]["redacted"] == {"badge": 1}


async def test_a_cassette_recorded_with_own_rules_is_replayed_with_them(path: Path) -> None:
    from claude_code_sdk.cassettes.secrets import Rule

    rule = Rule("badge", r"badge-[0-9]{4}", literals=["badge-"])
    with record(path, live=LiveCLI().transport, rules=[rule]):
        await ask("let badge-1234 in")
    with use_cassette(path, rules=[rule]):
        await ask("let badge-9876 in")  # as a key that was changed since
    with pytest.raises(CassetteMismatch) as caught, use_cassette(path, rules=[rule]):
        await ask("keep badge-9876 out")
    assert "badge-9876" not in str(caught.value)


# The end of the block


async def test_recording_the_same_behaviour_again_leaves_the_file_byte_for_byte(path: Path) -> None:
    for name, prompts in (("oneshot_query", ["Say hello"]), ("client_two_turns", ["one", "two"])):
        file = path.with_name(f"{name}.jsonl")
        contents = set()
        for _ in range(3):
            with record(file, live=recorded_run(name)):
                await converse(*prompts)
            contents.add(content_of(file))
        assert len(contents) == 1


async def test_a_block_that_starts_no_run_is_an_error(path: Path) -> None:
    with pytest.raises(CassetteError) as caught, record(path, live=LiveCLI().transport):
        pass
    assert str(caught.value) == (
        f"{path}: nothing was recorded: the program started no run of the CLI in this block. A query() or client that "
        "is given a transport= is not seen (wrap that transport in RecordingTransport), nor is another process "
        "(claude-cassette record --out PATH -- PROGRAM …)"
    )
    assert files_in(path.parent) == []


async def test_an_exception_leaves_the_cassette_untouched_and_says_where_the_recording_is(path: Path) -> None:
    with record(path, live=LiveCLI().transport):
        await ask("old")
    before = content_of(path)
    with pytest.raises(ZeroDivisionError) as caught, record(path, live=LiveCLI().transport):
        await ask("new")
        raise ZeroDivisionError
    assert content_of(path) == before
    (note,) = caught.value.__notes__
    assert note.startswith(
        f"the cassette {path} is as it was; what was recorded until then:  {partial(path)}\n"
        "  make a cassette of that:  claude-cassette recover "
    )
    (episode,) = recover(partial(path)).episodes
    assert [
        e.value["message"]["content"] for e in episode.entries if e.kind == "frame" and e.value["type"] == "user"
    ] == ["new"]


async def test_an_exception_in_a_block_without_a_run_leaves_nothing(path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as caught, record(path):
        raise ZeroDivisionError
    assert not hasattr(caught.value, "__notes__")
    assert files_in(path.parent) == []


async def test_a_cancelled_block_leaves_the_cassette_untouched(path: Path) -> None:
    with anyio.CancelScope() as scope:
        async with record(path, live=LiveCLI().transport):
            await ask("hello")
            scope.cancel()
            await anyio.sleep(5)
    assert content_of(path) is None
    assert len(recover(partial(path)).episodes) == 1


async def test_a_program_that_is_cancelled_in_the_middle_is_recorded_as_far_as_it_got(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claude_code_sdk.cassettes.recording_transport.LAST_WORDS", 0.05)
    silent = Peer(lambda frame: [assistant("thinking")], exit_at_eof=None)
    with record(path, live=silent.transport), anyio.move_on_after(0.05):
        await ask("hello")
    frames = frames_of(path)[0]
    assert frames[:5] == CONVERSATION[:5]
    assert frames[-1] == ("cli", "exit")


async def test_a_client_that_is_closed_early_is_recorded_and_replays(path: Path) -> None:
    async def program() -> str:
        async with ClaudeSDKClient() as client:
            await client.query("hello")
            async for message in client.receive_messages():
                if said := text_of([message]):
                    return said
        return ""

    with record(path, live=LiveCLI().transport), anyio.fail_after(10):
        assert await program() == "HELLO"
    with use_cassette(path, live=NoCLI()), anyio.fail_after(10):
        assert await program() == "HELLO"


async def test_an_interrupt_is_recorded_and_replays(path: Path) -> None:
    async def program() -> list[str]:
        async with ClaudeSDKClient() as client:
            await client.query("count")
            said: list[str] = []
            async for message in client.receive_response():
                if not said:
                    await client.interrupt()
                said.append(type(message).__name__)
            return said

    def interrupted(request: Any) -> dict[str, Any]:
        peer.say(result(subtype="error_during_execution", is_error=True))
        return {}

    peer = Peer(lambda frame: [assistant("1")], on_control={"interrupt": interrupted})
    with record(path, live=peer.transport), anyio.fail_after(10):
        live = await program()
    with use_cassette(path, live=NoCLI()), anyio.fail_after(10):
        assert await program() == live


async def test_a_run_that_is_open_at_the_end_of_the_block_is_recorded_up_to_there(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = ClaudeSDKClient()
    with record(path, live=LiveCLI().transport), anyio.fail_after(10):
        await client.connect()
        await client.query("hello")
        async for _ in client.receive_response():
            pass
    with anyio.fail_after(10):
        await client.query("later")
        assert text_of([message async for message in client.receive_response()]) == "LATER"
        await client.disconnect()
    assert frames_of(path) == [CONVERSATION[:6]]
    assert [r.message for r in caplog.records if r.levelno == logging.WARNING] == [
        f"a run is still open where the recording of {path} ends; it is recorded up to here"
    ]


async def test_two_blocks_cannot_record_one_cassette(path: Path) -> None:
    with record(path, live=LiveCLI().transport):
        await ask("hello")
        with pytest.raises(CassetteError, match="this process is recording this cassette right now"):
            record(path).__enter__()
    assert frames_of(path) == [CONVERSATION]


async def test_a_verdict_of_a_recorded_replay_is_not_swallowed_by_the_recording(path: Path) -> None:
    live = CassetteTransport(CASSETTES / "oneshot_query.jsonl", answers="ignore", match_on=["prompt"])
    with pytest.raises(AssertionError, match="is not what was recorded"), record(path, live=live):
        await ask("Say something else")
    assert content_of(path) is None


async def test_a_long_recording_is_written_beside_the_event_loop(path: Path) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await checkpoint()
            ticks += 1

    long = Peer(lambda frame: [*(assistant("word " * 40) for _ in range(8_000)), result()])
    async with anyio.create_task_group() as tasks:
        block = record(path, live=long.transport)
        await block.__aenter__()
        await ask("write")
        tasks.start_soon(tick)
        await checkpoint()
        before = ticks
        await block.__aexit__(None, None, None)
        assert ticks > before + 3
        tasks.cancel_scope.cancel()
    assert len(frames_of(path)[0]) == 8_007


async def test_hooks_that_fail_are_recorded_as_failures(path: Path) -> None:
    async def fails(given: Any, tool_use_id: str | None, context: Any) -> dict[str, Any]:
        raise ValueError("no")

    def turn(frame: dict[str, Any]) -> list[Any]:
        return [asks("h", "hook_callback", callback_id="hook_0", input={"hook_event_name": "PreToolUse"})]

    peer = Peer(turn, on_answer=lambda frame: [assistant("done"), result()])
    options = ClaudeCodeOptions(hooks={"PreToolUse": [HookMatcher(hooks=[fails])]})
    with record(path, live=peer.transport), anyio.fail_after(10):
        async with ClaudeSDKClient(options) as client:
            await client.query("go")
            async for _ in client.receive_response():
                pass
    answers = [e.value for e in load(path).episodes[0].entries if e.source == "host" and e.kind == "frame"]
    assert "error" in [a["response"]["subtype"] for a in answers if a["type"] == "control_response"]
