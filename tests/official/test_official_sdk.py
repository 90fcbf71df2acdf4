"""The official SDK on our transports: its own entry points, its own messages and errors, its own command line.

Needs an environment with `claude-agent-sdk` (docs: contributing); everywhere else it is skipped.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
import pytest

from claude_code_sdk import _official_import, use_transport
from claude_code_sdk import query as our_query
from claude_code_sdk._override import current
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, WriteErr
from claude_code_sdk.transports.legacy import LegacyTransport
from claude_code_sdk.transports.official import official_transport
from claude_code_sdk.transports.subprocess import SubprocessTransport
from tests.client.peers import INFO, Frame, Peer, asks, assistant, result

sdk: Any = pytest.importorskip("claude_agent_sdk")
subprocess_cli: Any = sys.modules[_official_import.MODULE]

# The official SDK leaves its memory streams and generators to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(params=["query", "ClaudeSDKClient"])
def entry(request: pytest.FixtureRequest) -> str:
    """Both entry points of the official SDK; each imports the transport class for itself."""
    return str(request.param)


async def ask(entry: str, prompt: str = "hi", options: Any = None, transport: Any = None) -> list[Any]:
    """What one prompt gives, through an entry point of the official SDK."""
    with anyio.fail_after(10):
        if entry == "query":
            return [message async for message in sdk.query(prompt=prompt, options=options, transport=transport)]
        async with sdk.ClaudeSDKClient(options, transport=transport) as client:
            await client.query(prompt)
            return [message async for message in client.receive_response()]


def is_hello(messages: list[Any]) -> bool:
    kinds = [type(message) for message in messages]
    return kinds == [sdk.AssistantMessage, sdk.ResultMessage] and messages[0].content == [sdk.TextBlock("hello")]


# use_transport()


async def test_both_entry_points_meet_the_transport_on_the_stack(entry: str) -> None:
    peer = Peer()
    with use_transport(peer.transport):
        assert is_hello(await ask(entry))
    assert [frame["message"]["content"] for frame in peer.of_type("user")] == ["hi"]
    assert peer.closed


async def test_the_transport_sees_the_command_that_the_official_sdk_would_run(entry: str) -> None:
    peer = Peer()
    options = sdk.ClaudeAgentOptions(
        cli_path="/opt/claude", model="m", cwd="/tmp", env={"A": "1"}, max_turns=3, client_app="app"
    )
    with use_transport(peer.transport):
        await ask(entry, options=options)
    (command,) = peer.commands
    assert list(command.argv) == subprocess_cli.SubprocessCLITransport(prompt="", options=options)._build_command()
    assert command.argv[0] == "/opt/claude"
    assert "--max-turns" in command.argv
    assert command.cwd == "/tmp"
    wanted = {
        "A": "1",
        "CLAUDE_CODE_ENTRYPOINT": "sdk-py",
        "CLAUDE_AGENT_SDK_VERSION": sdk.__version__,
        "CLAUDE_AGENT_SDK_CLIENT_APP": "app",
        "CLAUDE_CODE_SDK_READS_SESSION_STATE": "1",
        "PWD": "/tmp",
        "PATH": os.environ["PATH"],
    }
    assert {name: command.env.get(name) for name in wanted} == wanted


async def test_the_environment_is_the_one_that_the_official_sdk_starts_a_process_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLAUDECODE", "1")
    monkeypatch.setenv("CLAUDE_AGENT_SDK_DERIVED_CLIENT_APP", "outer")
    options = sdk.ClaudeAgentOptions(cli_path="/opt/claude", enable_file_checkpointing=True, cwd="/", env={"B": "2"})
    seen: dict[str, Any] = {}

    async def open_process(argv: Any, **arguments: Any) -> None:
        seen.update(arguments, argv=argv)
        raise OSError("seen enough")

    with monkeypatch.context() as patch, anyio.fail_after(10):
        patch.setattr(anyio, "open_process", open_process)
        with pytest.raises(sdk.CLIConnectionError):
            await subprocess_cli.SubprocessCLITransport(prompt="", options=options).connect()
    peer = Peer()
    with use_transport(peer.transport):
        await ask("query", options=options)
    (command,) = peer.commands
    assert (command.env, list(command.argv), command.cwd) == (seen["env"], seen["argv"], seen["cwd"])


async def test_without_a_cli_path_the_bundled_cli_is_named_as_it_is_live() -> None:
    peer = Peer()
    with use_transport(peer.transport):
        await ask("query")
    (command,) = peer.commands
    bundled = subprocess_cli.SubprocessCLITransport(prompt="", options=sdk.ClaudeAgentOptions())._find_bundled_cli()
    assert command.argv[0] == (bundled or "claude")


async def test_callbacks_of_the_official_sdk_are_served(entry: str) -> None:
    asked: list[str] = []

    async def can_use_tool(name: str, tool_input: Frame, context: Any) -> Any:
        asked.append(name)
        return sdk.PermissionResultDeny(message="no")

    def on_answer(response: Frame) -> list[Any]:
        return [assistant(response["response"]["message"]), result()]

    body: Frame = {
        "tool_name": "Bash",
        "input": {},
        "tool_use_id": "t",
        "permission_suggestions": None,
        "blocked_path": None,
    }
    peer = Peer(lambda frame: [asks("r", "can_use_tool", **body)], on_answer=on_answer)
    options = sdk.ClaudeAgentOptions(can_use_tool=can_use_tool)

    async def prompts() -> AsyncIterator[Frame]:
        yield {"type": "user", "message": {"role": "user", "content": "hi"}}

    with use_transport(peer.transport), anyio.fail_after(10):
        if entry == "query":
            messages = [message async for message in sdk.query(prompt=prompts(), options=options)]
        else:
            messages = await ask(entry, options=options)
    assert asked == ["Bash"]
    assert messages[0].content == [sdk.TextBlock("no")]


async def test_a_transport_that_the_call_names_wins(entry: str) -> None:
    on_the_stack, named = Peer(), Peer()
    with use_transport(on_the_stack.transport):
        assert is_hello(await ask(entry, transport=official_transport(named.transport)))
    assert (on_the_stack.commands, len(named.commands)) == ([], 1)


async def test_of_nested_blocks_the_inner_one_counts(entry: str) -> None:
    outer, inner = Peer(), Peer()
    with use_transport(outer.transport):
        with use_transport(inner.transport):
            await ask(entry)
        await ask(entry)
    assert (len(outer.commands), len(inner.commands)) == (1, 1)


async def test_a_dict_style_transport_on_the_stack_serves_the_official_sdk_too(entry: str) -> None:
    peer = Peer()
    dict_style = official_transport(peer.transport)  # any subclass of the official Transport
    with use_transport(dict_style):
        assert isinstance(current(), LegacyTransport)
        assert is_hello(await ask(entry))


async def test_a_client_that_connected_inside_the_block_goes_on_after_it() -> None:
    peer = Peer()
    client = sdk.ClaudeSDKClient()
    with anyio.fail_after(10):
        with use_transport(peer.transport):
            await client.connect()
        await client.query("hi")
        assert is_hello([message async for message in client.receive_response()])
        await client.disconnect()
    assert peer.closed


async def test_an_instance_that_connected_before_the_block_is_left_alone() -> None:
    first, second = Peer(), Peer()
    with anyio.fail_after(10):
        with use_transport(first.transport):
            client = sdk.ClaudeSDKClient()
            await client.connect()
        with use_transport(second.transport):
            await client.query("hi")
            assert is_hello([message async for message in client.receive_response()])
            await client.disconnect()
    assert second.commands == []


@pytest.fixture
def traces() -> Iterator[None]:
    """Fails when anything of the class, its module or the import system is not the identical object afterwards."""
    cls = subprocess_cli.SubprocessCLITransport

    def seen() -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
        return dict(vars(cls)), {k: v for k, v in vars(subprocess_cli).items() if k != "__builtins__"}, [*sys.meta_path]

    before = seen()
    yield
    for old, new in zip(before[:2], seen()[:2], strict=True):
        assert {name: id(value) for name, value in old.items()} == {name: id(value) for name, value in new.items()}
    assert [id(finder) for finder in before[2]] == [id(finder) for finder in sys.meta_path]


@pytest.mark.usefixtures("traces")
async def test_no_trace_is_left_after_the_last_block(entry: str) -> None:
    with use_transport(Peer().transport):
        assert "claude_code_sdk" in subprocess_cli.SubprocessCLITransport.connect.__module__
        with use_transport(Peer().transport):
            await ask(entry)


@pytest.mark.usefixtures("traces")
async def test_no_trace_is_left_when_the_transport_cannot_be_opened(entry: str) -> None:
    class Broken:
        async def open(self, command: Command, *, on_stderr: Any = None) -> Any:
            raise RuntimeError("broken")

    with use_transport(Broken()), pytest.raises(RuntimeError, match="broken"):
        await ask(entry)


# Errors are the official SDK's own


async def test_an_exit_code_is_a_process_error_of_theirs_with_the_real_stderr(entry: str) -> None:
    peer = Peer(lambda frame: [WriteErr("it went wrong"), WriteErr("badly"), Exit(3)])
    with use_transport(peer.transport), pytest.raises(sdk.ProcessError) as caught:
        await ask(entry)
    assert (caught.value.exit_code, caught.value.stderr) == (3, "it went wrong\nbadly")
    assert str(caught.value) == "Command failed with exit code 3 (exit code: 3)\nError output: it went wrong\nbadly"


async def test_after_an_error_result_the_official_sdk_makes_its_result_error() -> None:
    bad = result(is_error=True, subtype="error_max_turns", errors=["too many turns"])
    peer = Peer(lambda frame: [bad, Exit(1)])
    with use_transport(peer.transport), pytest.raises(sdk.ResultError, match="too many turns") as caught:
        await ask("query")
    assert caught.value.exit_code == 1


async def test_a_missing_cli_is_their_not_found_error(entry: str) -> None:
    options = sdk.ClaudeAgentOptions(cli_path="/nonexistent/claude")
    with use_transport(SubprocessTransport()), pytest.raises(sdk.CLINotFoundError, match="/nonexistent/claude"):
        await ask(entry, options=options)


async def test_a_missing_directory_is_their_connection_error(entry: str) -> None:
    options = sdk.ClaudeAgentOptions(cli_path=sys.executable, cwd="/nonexistent")
    with use_transport(SubprocessTransport()), pytest.raises(sdk.CLIConnectionError, match="/nonexistent"):
        await ask(entry, options=options)


async def test_a_write_to_a_run_that_ended_is_their_connection_error() -> None:
    peer = Peer(on_control={"initialize": lambda request: INFO, "interrupt": lambda request: Exit(0)})
    transport = official_transport(peer.transport)
    with anyio.fail_after(10):
        await transport.connect()
        await transport.write('{"type":"control_request","request_id":"1","request":{"subtype":"interrupt"}}\n')
        assert [frame async for frame in transport.read_messages()] == []
        with pytest.raises(sdk.CLIConnectionError, match="the run's input is closed"):
            await transport.write("{}\n")
        await transport.close()


async def test_the_verdict_of_a_recording_stays_an_assertion_error() -> None:
    class Mismatch(AssertionError):
        pass

    def turn(frame: Frame) -> list[Any]:
        raise Mismatch("not what was recorded")

    with use_transport(Peer(turn).transport), pytest.raises(Mismatch):
        await ask("query")


async def test_noise_is_skipped_and_a_broken_frame_is_their_decode_error() -> None:
    peer = Peer(lambda frame: [b"[SandboxDebug] noise\n\n[1]\n", assistant("hello"), result(), b'{"torn\n'])
    seen: list[Any] = []

    async def collect() -> None:
        async for message in sdk.query(prompt="hi"):
            seen.append(message)

    with use_transport(peer.transport), anyio.fail_after(10), pytest.raises(sdk.CLIJSONDecodeError) as caught:
        await collect()
    assert is_hello(seen)
    assert caught.value.line == '{"torn'


async def test_a_line_over_max_buffer_size_is_their_decode_error() -> None:
    peer = Peer(lambda frame: [assistant("x" * 5000), result()])
    options = sdk.ClaudeAgentOptions(max_buffer_size=4000)
    with use_transport(peer.transport), pytest.raises(sdk.CLIJSONDecodeError) as caught:
        await ask("query", options=options)
    assert caught.value.line == "JSON message exceeded maximum buffer size of 4000 bytes"


async def test_stderr_comes_line_by_line_to_the_callback_of_the_options(entry: str) -> None:
    lines: list[str] = []
    peer = Peer(lambda frame: [WriteErr("first  "), WriteErr("  "), WriteErr("second"), assistant("hello"), result()])
    with use_transport(peer.transport):
        await ask(entry, options=sdk.ClaudeAgentOptions(stderr=lines.append))
    assert lines == ["first", "second"]


# official_transport()


async def test_an_official_transport_is_one(entry: str) -> None:
    peer = Peer()
    transport = official_transport(peer.transport, Command(("claude", "--mine")))
    assert isinstance(transport, sdk.Transport)
    assert not transport.is_ready()
    assert is_hello(await ask(entry, transport=transport))
    assert [command.argv for command in peer.commands] == [("claude", "--mine")]
    assert not transport.is_ready()


async def test_an_official_transport_is_opened_with_what_the_options_say(entry: str) -> None:
    peer = Peer(lambda frame: [WriteErr("a line"), assistant("hello"), result()])
    lines: list[str] = []
    options = sdk.ClaudeAgentOptions(cli_path="/opt/claude", system_prompt="be brief", stderr=lines.append)
    transport = official_transport(peer.transport, options=options)
    assert is_hello(await ask(entry, options=options, transport=transport))
    (command,) = peer.commands
    assert list(command.argv) == subprocess_cli.SubprocessCLITransport(prompt="", options=options)._build_command()
    assert lines == ["a line"]


async def test_a_version_that_cannot_be_asked_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(subprocess_cli.SubprocessCLITransport, "_build_command")
    transport = official_transport(Peer().transport, options=sdk.ClaudeAgentOptions(cli_path="/opt/claude"))
    with anyio.fail_after(10), pytest.raises(sdk.CLIConnectionError) as caught:
        await transport.connect()
    assert str(caught.value) == (
        f"cannot tell what claude_agent_sdk {sdk.__version__} would run: its SubprocessCLITransport has no "
        "_build_command. Give official_transport() the command, or use version 0.2.187"
    )


async def test_our_own_query_takes_a_transport_of_the_official_sdk() -> None:
    peer = Peer()
    with anyio.fail_after(10):
        messages = [message async for message in our_query(prompt="hi", transport=official_transport(peer.transport))]
    assert [type(message).__name__ for message in messages] == ["AssistantMessage", "ResultMessage"]
    assert type(messages[0]).__module__.startswith("claude_code_sdk")
