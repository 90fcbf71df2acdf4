"""Matchers of the user's own: what they are given, and what becomes of what they raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeSDKClient, query, use_transport
from claude_code_sdk.cassettes.matchers import WORDS, checked_matchers, names_of
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.protocol.command import Command

from .playing import (
    ARGV,
    Frame,
    Host,
    answer,
    asks_for,
    cassette,
    cli,
    eof,
    exits,
    handshake,
    host,
    initialize,
    player,
    prompt,
    request,
    result,
    says,
    spawn,
    turn,
)

HELLO = [spawn(), *handshake(), *turn("hello", "hi"), eof(), exits()]
MINTED, REAL = "22222222-2222-4222-8222-222222222222", "77777777-7777-4777-8777-777777777777"


def same_words(recorded: Frame, live: Frame) -> None:
    """Prompts may differ in their case."""
    if live["type"] == "user":
        said, expected = live["message"]["content"].lower(), recorded["message"]["content"].lower()
        if said != expected:
            raise AssertionError(f"said {said!r} instead of {expected!r}")


def broken(recorded: Frame, live: Frame) -> None:
    raise ZeroDivisionError("in the matcher")


def test_a_matcher_may_be_laxer_than_the_word_that_it_stands_for() -> None:
    run = Host(player(HELLO, match_on=("argv", same_words)))
    run.send(initialize())
    assert run.send(prompt("HELLO"))[-1] == result("hi")


def test_what_a_matcher_raises_is_in_the_text() -> None:
    run = Host(player(HELLO, match_on=("argv", same_words)))
    run.send(initialize())
    with pytest.raises(CassetteMismatch) as caught:
        run.send(prompt("goodbye"))
    assert str(caught.value).splitlines() == [
        "frame 4 of episode 1 is not what was recorded",
        "",
        '  cassettes/test_it.jsonl:5   host sends user "hello"',
        "    matcher same_words: said 'goodbye' instead of 'hello'",
        "",
        "  played 3 of 8 entries; waiting behind this one: assistant, result",
        "  record mode none; matched on argv, same_words; answers: verify",
        "  accept the new behaviour:  record this cassette again",
    ]


def test_an_assertion_without_a_text_is_shown_by_its_line() -> None:
    def short(recorded: Frame, live: Frame) -> None:
        if live["message"]["content"] == "bye":
            raise AssertionError  # as `assert` does where pytest rewrites nothing

    run = Host(player([spawn(), host(prompt("hello")), exits()], match_on=[short]))
    with pytest.raises(CassetteMismatch, match=r"matcher .*short: .*test_matchers\.py:\d+: raise AssertionError"):
        run.send(prompt("bye"))


def test_it_sees_prompts_and_requests_and_no_answers() -> None:
    seen: list[tuple[Frame, Frame]] = []
    entries = [host(prompt("go")), cli(asks_for("a")), host(answer("a")), cli(result()), eof(), exits()]
    run = Host(
        player(
            [spawn(), *handshake("req_1_ab12cd34"), *entries],
            match_on=("argv", lambda recorded, live: seen.append((recorded, live))),
            answers="ignore",
        )
    )
    run.send(initialize("mine"), prompt("go"))
    run.send(answer("a", {"behavior": "deny"}))
    assert seen == [(initialize("mine"), initialize("mine")), (prompt("go"), prompt("go"))]


def test_the_recorded_frame_has_the_paths_and_ids_of_this_run() -> None:
    seen: list[Frame] = []
    text = f"{{{{cwd}}}}/a of {MINTED}"
    entries = [cli(says("x", session_id=MINTED)), host(prompt(text, note=1)), cli(result()), eof(), exits()]
    recorded = [spawn(f"--resume={MINTED}"), host(prompt("go")), *entries]
    first = [spawn(), host(prompt("one")), cli(says("x", session_id=MINTED)), cli(result()), exits()]
    run = Host(player(first, recorded, match_on=("argv", lambda one, other: seen.append(one))), f"--resume={REAL}")
    run.send(prompt("go"), prompt(f"/project/a of {REAL}", note=2))
    assert seen[-1] == prompt(f"/project/a of {REAL}", note=1)


def test_it_cannot_change_what_is_compared_afterwards() -> None:
    def forgetful(recorded: Frame, live: Frame) -> None:
        recorded.clear()
        live.clear()

    run = Host(player(HELLO, match_on=("argv", forgetful, "prompt", same_words)))
    run.send(initialize())
    with pytest.raises(CassetteMismatch):
        run.send(prompt("goodbye"))


def test_it_helps_to_choose_the_episode() -> None:
    def parity(recorded: Frame, live: Frame) -> None:
        if live["type"] == "user":
            assert live["message"]["content"] % 2 == recorded["message"]["content"] % 2

    def numbered(number: Any, reply: str) -> list[Any]:
        return [spawn(), *handshake(), host(prompt(number)), cli(result(reply)), eof(), exits()]

    run = Host(player(numbered(2, "even"), numbered(1, "odd"), match_on=("argv", parity)))
    run.send(initialize())
    number: Any = 7
    assert run.send(prompt(number)) == [result("odd")]


def test_another_exception_is_the_programs_own_and_ends_the_run() -> None:
    run = Host(player(HELLO, match_on=("argv", broken)))
    with pytest.raises(ZeroDivisionError, match="in the matcher") as caught:
        run.send(initialize())
    assert caught.traceback[-1].name == "broken"
    with pytest.raises(ZeroDivisionError):  # once more, for a program that swallowed it
        run.receive()
    run.receive()
    assert run.exit == 70


@pytest.mark.parametrize("returned", [False, True, "different"])
def test_a_matcher_that_returns_something_is_told_how_matchers_speak(returned: object) -> None:
    """A predicate, as vcrpy takes it, would pass for everything."""

    def predicate(recorded: Frame, live: Frame) -> Any:
        return returned

    run = Host(player(HELLO, match_on=[predicate]))
    with pytest.raises(TypeError, match=rf"predicate returned {returned!r}: a matcher raises AssertionError with the"):
        run.send(initialize())


Maker = Callable[[Any], object]


def _player(match_on: Any) -> object:
    return Player([], match_on=match_on)


def _transport(match_on: Any) -> object:
    return CassetteTransport("none.jsonl", match_on=match_on)


def _executable(match_on: Any) -> object:
    from claude_code_sdk.testing.executable import write_executable

    return write_executable("/nowhere", cassette="none.jsonl", match_on=match_on)


def _use_cassette(match_on: Any) -> object:
    from claude_code_sdk.cassettes.use_cassette import use_cassette

    return use_cassette("none.jsonl", match_on=match_on)


@pytest.mark.parametrize("make", [_player, _transport, _executable, _use_cassette])
def test_an_unknown_word_is_refused_everywhere_with_the_list(make: Maker) -> None:
    text = (
        r"match_on has 'promt': it is one of argv, prompt, control, raw, or a function \(recorded, live\) that raises"
    )
    with pytest.raises(ValueError, match=text):
        make(("argv", "promt"))
    with pytest.raises(ValueError, match="match_on has 3: it is one of"):
        make(("argv", 3))
    with pytest.raises(TypeError, match=r"match_on='prompt': it is a sequence of matchers, such as \('argv', "):
        make("prompt")


def test_each_word_is_taken() -> None:
    assert checked_matchers(list(WORDS)) == ("argv", "prompt", "control", "raw")


def test_only_a_function_of_a_module_can_be_named_for_another_process() -> None:
    assert names_of(("argv", same_words)) == f"argv,{__name__}:same_words"
    with pytest.raises(ValueError, match="a process of its own imports matchers by their name"):
        names_of([lambda recorded, live: None])


@pytest.mark.anyio
async def test_a_program_error_in_a_matcher_reaches_the_program_and_the_end() -> None:
    transport = CassetteTransport(cassette(HELLO), match_on=("argv", "control", only_in_prompts(broken)))
    with use_transport(transport), anyio.fail_after(5):
        with pytest.raises(ZeroDivisionError, match="in the matcher") as caught:
            async for _ in query(prompt="hello"):
                pass
        assert caught.traceback[-1].name == "broken"
    with pytest.raises(ZeroDivisionError, match="in the matcher"):
        transport.check()


@pytest.mark.anyio
async def test_a_program_that_swallows_a_matchers_error_is_told_at_the_end() -> None:
    transport = CassetteTransport(cassette(HELLO), match_on=("argv", "control", only_in_prompts(broken)))
    with use_transport(transport), anyio.fail_after(5):
        async with ClaudeSDKClient() as client:
            with pytest.raises(Exception):  # noqa: B017  # a program that swallows everything
                await client.query("hello")
    with pytest.raises(ZeroDivisionError, match="in the matcher"):
        transport.check()


def only_in_prompts(matcher: Callable[[Frame, Frame], None]) -> Callable[[Frame, Frame], None]:
    def matches(recorded: Frame, live: Frame) -> None:
        if live["type"] == "user":
            matcher(recorded, live)

    return matches


def test_matchers_see_control_requests_with_the_live_id() -> None:
    seen: list[Frame] = []
    run = Host(
        player(
            [spawn(), host(request("rec", "set_model", model="a")), cli(answer("rec")), exits()],
            match_on=[lambda recorded, live: seen.append(recorded)],
        ),
        command=Command(ARGV),
    )
    run.send(request("live", "set_model", model="b"))
    assert seen == [request("live", "set_model", model="a")]
