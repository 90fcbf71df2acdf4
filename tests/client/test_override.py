"""use_transport(): a process-global stack, left in the reverse order, that the official SDK is made to ask too.

The official SDK itself is in tests/official; here a package of its name stands in for what is patched of it.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeSDKClient, _official_import, _override, query, use_transport
from claude_code_sdk._override import current
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.transports.legacy import LegacyTransport
from claude_code_sdk.transports.official import official_transport

from .peers import Peer


async def ask(**arguments: Any) -> list[str]:
    with anyio.fail_after(5):
        return [type(message).__name__ async for message in query(prompt="hi", **arguments)]


@pytest.fixture(autouse=True)
def stack_is_empty() -> Iterator[None]:
    """Every test leaves the stack as it found it."""
    assert current() is None
    yield
    assert current() is None
    assert not any(isinstance(finder, _official_import._Watcher) for finder in sys.meta_path)


# The stack


def test_there_is_no_transport_outside_of_a_block() -> None:
    assert current() is None


def test_the_transport_of_the_innermost_block_counts() -> None:
    first, second = Peer().transport, Peer().transport
    with use_transport(first) as outer:
        assert outer is current() is first
        with use_transport(second) as inner:
            assert inner is current() is second
        assert current() is first


def test_a_block_that_is_left_by_an_error_is_left() -> None:
    with pytest.raises(KeyError), use_transport(Peer().transport):
        raise KeyError


async def test_a_block_may_be_asynchronous() -> None:
    transport = Peer().transport
    async with use_transport(transport) as value:
        assert value is current() is transport


async def test_a_block_holds_for_tasks_and_threads_that_began_before_it() -> None:
    seen: list[Any] = []
    go_on = anyio.Event()

    async def look() -> None:
        await go_on.wait()
        seen.append(current())
        await anyio.to_thread.run_sync(lambda: seen.append(current()))

    transport = Peer().transport
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(look)
            await anyio.wait_all_tasks_blocked()
            with use_transport(transport):
                go_on.set()
                while len(seen) < 2:
                    await anyio.lowlevel.checkpoint()
    assert seen == [transport, transport]


def test_one_object_may_be_entered_again() -> None:
    block = use_transport(Peer().transport)
    with block, block:
        assert current() is not None


def test_blocks_that_are_left_out_of_order_are_an_error_that_names_them() -> None:
    class Named:
        def __init__(self, name: str) -> None:
            self.name = name

        def __repr__(self) -> str:
            return self.name

        async def open(self, command: Command, *, on_stderr: Any = None) -> Any: ...

    first, second = use_transport(Named("first")), use_transport(Named("second"))
    first.__enter__()
    second.__enter__()
    with pytest.raises(RuntimeError) as caught:
        first.__exit__(None, None, None)
    assert str(caught.value) == (
        "use_transport(first) was left while 1 block(s) entered after it are open, the last with second: leave them in "
        "the reverse order, and do not use it in tests or threads that run at the same time"
    )
    assert repr(current()) == "second"
    second.__exit__(None, None, None)


@pytest.mark.parametrize("given", [None, "claude", object()])
def test_what_is_no_transport_is_refused_at_once(given: Any) -> None:
    with pytest.raises(TypeError, match=r"transport must have open\(\) .* or connect\(\), write\(\) and read_messages"):
        use_transport(given)


# As a decorator


def test_a_decorated_function_runs_in_a_block_each_time() -> None:
    transport = Peer().transport

    @use_transport(transport)
    def look(value: int) -> tuple[int, Any]:
        """Looks."""
        return value, current()

    assert [look(1), look(2)] == [(1, transport), (2, transport)]
    assert (look.__name__, look.__doc__) == ("look", "Looks.")


async def test_a_decorated_coroutine_function_runs_in_a_block_to_its_end() -> None:
    transport = Peer().transport

    @use_transport(transport)
    async def look() -> Any:
        await anyio.lowlevel.checkpoint()
        return current()

    assert current() is None
    assert await look() is transport


# Our own client


async def test_query_opens_its_run_on_the_transport() -> None:
    peer = Peer()
    with use_transport(peer.transport):
        assert await ask() == ["AssistantMessage", "ResultMessage"]
    assert len(peer.commands) == 1


async def test_a_client_asks_when_it_connects_and_stays_with_it() -> None:
    before, during = Peer(), Peer()
    with use_transport(before.transport):
        client = ClaudeSDKClient()
    with anyio.fail_after(5):
        with use_transport(during.transport):
            await client.connect()
        await client.query("hi")
        assert len([message async for message in client.receive_response()]) == 2
        await client.disconnect()
    assert (before.commands, len(during.commands)) == ([], 1)


async def test_a_transport_that_the_call_names_wins() -> None:
    on_the_stack, named = Peer(), Peer()
    with use_transport(on_the_stack.transport):
        await ask(transport=named.transport)
    assert (on_the_stack.commands, len(named.commands)) == ([], 1)


async def test_a_dict_style_transport_is_wrapped() -> None:
    peer = Peer()
    with use_transport(official_transport(peer.transport, Command(("claude",)))):
        assert isinstance(current(), LegacyTransport)
        assert await ask() == ["AssistantMessage", "ResultMessage"]


# What is patched of the official SDK

STAND_IN = """
class SubprocessCLITransport:
    def __init__(self):
        self.log = []
    async def connect(self):
        self.log.append("its own connect")
"""


def forget_official() -> dict[str, Any]:
    names = [name for name in sys.modules if name.split(".")[0] == "claude_agent_sdk"]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture
def official(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Imports a stand-in for the official SDK's module, of which only what is patched is there."""
    folder = tmp_path
    for part in _official_import.MODULE.split(".")[:-1]:
        folder /= part
        folder.mkdir()
        (folder / "__init__.py").write_text("__version__ = '9.9.9'\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # sources of one second would be taken for one another

    def load(source: str = STAND_IN) -> Any:
        forget_official()
        (folder / "subprocess_cli.py").write_text(source)
        return importlib.import_module(_official_import.MODULE)

    real = forget_official()
    yield load
    forget_official()
    sys.modules.update(real)


def connect_of(module: Any) -> Any:
    return vars(module.SubprocessCLITransport)["connect"]


def test_a_module_that_is_imported_is_patched_at_once_and_restored_to_the_same_object(
    official: Callable[[], Any],
) -> None:
    module = official()
    before = connect_of(module)
    with use_transport(Peer().transport):
        inside = connect_of(module)
        with use_transport(Peer().transport):
            assert connect_of(module) is inside
        assert connect_of(module) is inside
    assert inside is not before
    assert connect_of(module) is before


def test_a_module_that_is_imported_later_is_patched_then(official: Callable[[], Any]) -> None:
    finders = [*sys.meta_path]
    with use_transport(Peer().transport):
        assert sys.meta_path[1:] == finders
        module = official()
        assert connect_of(module).__module__ == "claude_code_sdk._official_patch"
        assert sys.meta_path == finders
    assert connect_of(module).__module__ == module.__name__
    assert sys.meta_path == finders


def test_a_module_that_is_imported_after_the_block_is_not_patched(official: Callable[[], Any]) -> None:
    with use_transport(Peer().transport):
        pass
    assert connect_of(official()).__module__ == _official_import.MODULE


def test_an_import_that_fails_is_watched_on(official: Callable[..., Any]) -> None:
    with use_transport(Peer().transport):
        with pytest.raises(ZeroDivisionError):
            official("1 / 0")
        assert connect_of(official()).__module__ == "claude_code_sdk._official_patch"


@pytest.mark.parametrize("source", ["", "SubprocessCLITransport = print", "class SubprocessCLITransport: pass"])
def test_a_version_that_cannot_be_patched_is_an_error_that_names_it(official: Callable[..., Any], source: str) -> None:
    official(source)
    with pytest.raises(RuntimeError) as caught, use_transport(Peer().transport):
        raise AssertionError("the block was entered")
    assert str(caught.value) == (
        "use_transport() cannot reach the installed claude_agent_sdk 9.9.9: "
        "claude_agent_sdk._internal.transport.subprocess_cli has no SubprocessCLITransport.connect(). Give its query() "
        "or ClaudeSDKClient transport=official_transport(...) instead (claude_code_sdk.transports.official), or use "
        "version 0.2.187"
    )


async def test_a_connect_that_was_looked_up_inside_runs_its_own_code_after_the_block(
    official: Callable[[], Any],
) -> None:
    instance = official().SubprocessCLITransport()
    with use_transport(Peer().transport):
        connect = instance.connect
    await connect()
    assert instance.log == ["its own connect"]


def test_entering_imports_neither_the_official_sdk_nor_our_client(official: Callable[[], Any]) -> None:
    del official
    with use_transport(Peer().transport):
        assert not [name for name in sys.modules if name.startswith("claude_agent_sdk")]


def test_a_block_in_another_thread_is_the_same_stack() -> None:
    transport = Peer().transport
    seen: list[Any] = []
    with use_transport(transport):
        thread = threading.Thread(target=lambda: seen.append(_override.current()))
        thread.start()
        thread.join(5)
    assert seen == [transport]
