"""Orders in which a program may do what it did, over the cassettes of this project: those that the causes allow pass,
those that break one rule fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Cassette
from claude_code_sdk.cassettes.plan import Plan
from claude_code_sdk.cassettes.verdicts import not_played

from .mutations import lane_of, same_but_ids
from .recorded_host import Deed, Replay, command_of, deeds_of, verdict_on
from .test_mutations import RECORDINGS

PLANS: dict[str, dict[int, Plan]] = {name: {} for name in RECORDINGS}


class Causes:
    """What a deed of a recorded host waits for.

    A frame: those before it in its lane.  An answer: its question.  The end: everything else.  What a program does upon
    something that it heard is the program's affair: here it hears nothing but questions.
    """

    def __init__(self, deeds: list[Deed]) -> None:
        self.deeds = deeds

    def allowed(self, done: set[int], asked: list[str]) -> list[int]:
        """The deeds that may come next."""
        return [number for number in range(len(self.deeds)) if number not in done and self._may(number, done, asked)]

    def _may(self, number: int, done: set[int], asked: list[str]) -> bool:
        kind, value = self.deeds[number]
        if kind != "frame":
            return all(other in done for other in range(number))
        if value["type"] == "control_response":
            return value["response"]["request_id"] in asked
        return all(other in done for other in range(number) if lane_of(self.deeds[other][1]) == lane_of(value))


def several_ways(recorded: Cassette) -> bool:
    """Whether the host of a recording could have done something in another order."""
    return sum(kind == "frame" for kind, _ in deeds_of(recorded.episodes[0])) > 2


NAMES = [name for name, recorded in RECORDINGS.items() if several_ways(recorded)]


def begin(name: str) -> Replay:
    recorded = RECORDINGS[name]
    return Replay(recorded, command_of(recorded.episodes[0]), answers="verify", plans=PLANS[name])


def test_there_are_orders_to_try() -> None:
    assert len(NAMES) >= 18
    assert any("agents_subagent" in name for name in NAMES)
    assert any("interrupt" in name for name in NAMES)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_each_order_that_the_causes_allow_passes(name: str, data: st.DataObject) -> None:
    """Also a prompt before the handshake is answered, and an interrupt before the prompt: control requests and the
    conversation are a race."""
    run, causes = begin(name), Causes(deeds_of(RECORDINGS[name].episodes[0]))
    done: set[int] = set()
    while len(done) < len(causes.deeds):
        if data.draw(st.booleans()):
            run.hear()
        allowed = causes.allowed(done, run.requests())
        if not allowed:
            run.hear()
            allowed = causes.allowed(done, run.requests())
        assert allowed, "the recording waits for what nothing brings about"
        number = data.draw(st.sampled_from(allowed))
        run.do(causes.deeds[number])
        done.add(number)
    run.finish()
    assert not_played(run.recorded.episodes, [run.player], "") is None


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_two_of_a_lane_in_the_wrong_order_fail(name: str, data: st.DataObject) -> None:
    recorded = RECORDINGS[name]
    deeds = deeds_of(recorded.episodes[0])
    pairs = [
        (one, other)
        for one in range(len(deeds))
        for other in range(one + 1, len(deeds))
        if deeds[one][0] == deeds[other][0] == "frame"
        if lane_of(deeds[one][1]) and lane_of(deeds[one][1]) == lane_of(deeds[other][1])
        if not same_but_ids(deeds[one][1], deeds[other][1])
    ]
    assume(pairs)
    one, other = data.draw(st.sampled_from(pairs))
    deeds[one], deeds[other] = deeds[other], deeds[one]
    assert told(name, deeds)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_an_answer_before_its_question_fails(name: str, data: st.DataObject) -> None:
    deeds = deeds_of(RECORDINGS[name].episodes[0])
    answers = [number for number, deed in enumerate(deeds) if _is_answer(deed)]
    assume(answers)
    number = data.draw(st.sampled_from(answers))
    run = begin(name)
    early = deeds.pop(number)
    assert told(name, [early, *deeds])
    assert early[1]["response"]["request_id"] not in run.requests()


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_the_end_before_something_else_fails(name: str, data: st.DataObject) -> None:
    deeds = deeds_of(RECORDINGS[name].episodes[0])
    ends = [number for number, (kind, _) in enumerate(deeds) if kind == "eof"]
    assume(ends)
    heard = [number for number, deed in enumerate(deeds[: ends[0]]) if not _says_nothing(name, deed)]
    assume(heard)
    deeds.insert(data.draw(st.sampled_from(heard)), deeds.pop(ends[0]))
    assert told(name, deeds)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_answers_given_to_each_others_questions_fail(name: str, data: st.DataObject) -> None:
    """Concurrent callbacks may answer in any order, but each its own question."""
    recorded = RECORDINGS[name]
    deeds = deeds_of(recorded.episodes[0])
    pairs = [
        (one, other)
        for one in range(len(deeds))
        for other in range(one + 1, len(deeds))
        if _is_answer(deeds[one]) and _is_answer(deeds[other])
        if _plain(name, deeds[one]) and _plain(name, deeds[other])
        if deeds[one][1]["response"].get("response") != deeds[other][1]["response"].get("response")
    ]
    assume(pairs)
    one, other = data.draw(st.sampled_from(pairs))
    first, second = (json.loads(json.dumps(deeds[number][1])) for number in (one, other))
    first["response"]["request_id"], second["response"]["request_id"] = (
        second["response"]["request_id"],
        first["response"]["request_id"],
    )
    deeds[one], deeds[other] = ("frame", second), ("frame", first)
    assert told(name, deeds)


def told(name: str, deeds: list[Deed]) -> AssertionError | None:
    recorded = RECORDINGS[name]
    return verdict_on(recorded, command_of(recorded.episodes[0]), deeds, answers="verify", plans=PLANS[name])


def _is_answer(deed: Deed) -> bool:
    return deed[0] == "frame" and bool(deed[1]["type"] == "control_response")


def _says_nothing(name: str, deed: Deed) -> bool:
    """Whether nobody waits for it: the acknowledgement of a notification, an answer to a withdrawn question."""
    kind, value = deed
    if kind != "frame" or value["type"] == "keep_alive":
        return True
    return _is_answer(deed) and value["response"]["request_id"] in dict(_not_waited_for(name))


def _plain(name: str, deed: Deed) -> bool:
    """Whether an answer is compared as it is: of a permission callback or a hook."""
    subtype = {frame["request_id"]: frame["request"]["subtype"] for frame in _questions(name)}
    request_id = deed[1]["response"]["request_id"]
    return subtype[request_id] != "mcp_message" and request_id not in dict(_not_waited_for(name))


def _questions(name: str) -> Iterator[dict[str, Any]]:
    for entry in RECORDINGS[name].episodes[0].entries:
        if entry.source == "cli" and entry.kind == "frame" and entry.value.get("type") == "control_request":
            yield entry.value


def _not_waited_for(name: str) -> Iterator[tuple[str, bool]]:
    for frame in _questions(name):
        if "message" in frame["request"] and frame["request"]["message"].get("id") is None:
            yield frame["request_id"], True
    for entry in RECORDINGS[name].episodes[0].entries:
        if entry.source == "cli" and entry.kind == "frame" and entry.value.get("type") == "control_cancel_request":
            yield entry.value["request_id"], True


@pytest.mark.parametrize("name", [name for name in NAMES if "agents_subagent" in name])
def test_concurrent_answers_pass_in_the_reverse_order(name: str) -> None:
    run = begin(name)
    deeds = deeds_of(RECORDINGS[name].episodes[0])
    while deeds:
        run.hear()
        asked = run.requests()
        ready = [deed for deed in deeds if _is_answer(deed) and deed[1]["response"]["request_id"] in asked]
        deed = ready[-1] if ready else deeds[0]
        deeds.remove(deed)
        run.do(deed)
    run.finish()
