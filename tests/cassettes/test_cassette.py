"""Entry, Episode, Cassette: values, made by hand or as windows on a file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode, encode_json
from claude_code_sdk.errors import CassetteError

SPAWN = Entry("host", "spawn", {"argv": ["claude", "--verbose"], "cwd": "/p", "env": {}})

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def frame_at(data: bytes, start: int, end: int) -> Entry:
    return Entry("cli", "frame", number=3, path="x.jsonl", data=data, start=start, end=end)


def test_a_frame_of_a_file_is_a_slice_of_its_bytes() -> None:
    data = b'{"at":0,"from":"cli","frame":{"a": 1}}\n'
    assert frame_at(data, 29, 37).frame_bytes == b'{"a": 1}'


def test_a_frame_is_decoded_when_its_value_is_asked_for() -> None:
    assert frame_at(b'{"a": 1}', 0, 8).value == {"a": 1}


def test_the_decoded_value_is_kept() -> None:
    entry = frame_at(b'{"a": 1}', 0, 8)
    assert entry.value is entry.value


@given(st.dictionaries(st.text(), json_values))
def test_a_frame_made_from_a_value_has_bytes_that_decode_to_it(frame: dict[str, Any]) -> None:
    data = Entry("host", "frame", frame).frame_bytes
    assert frame_at(data, 0, len(data)).value == frame


def test_a_lone_surrogate_is_written_as_an_escape() -> None:
    assert encode_json({"t": "é\ud83d"}) == '{"t":"é\\ud83d"}'.encode()


def test_an_entry_that_is_no_frame_has_no_frame_bytes() -> None:
    with pytest.raises(ValueError, match="an entry of kind 'stderr' has no frame"):
        _ = Entry("cli", "stderr", "oops").frame_bytes


@pytest.mark.parametrize("loads", [None, orjson.loads])
@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (b'{"a":1,}', r"^x\.jsonl:3:\d+: the frame is not JSON: "),
        (b'{"a":NaN}', r"^x\.jsonl:3:1: the frame is not JSON: NaN is not JSON$"),
        (b'{"a":"\xff"}', r"^x\.jsonl:3:7: the frame is not UTF-8 \(invalid start byte\)$"),
        (b'{"a":1},{"b":2}', r"^x\.jsonl:3:8: the frame is not JSON: Extra data$"),
        (b'"a"', r"^x\.jsonl:3:1: the frame is not a JSON object$"),
    ],
)
def test_a_damaged_frame_is_found_before_its_delivery_by_any_decoder(
    loads: Callable[[bytes], Any] | None, frame: bytes, error: str
) -> None:
    with pytest.raises(CassetteError, match=error):
        frame_at(frame, 0, len(frame)).check(loads)


def test_what_a_stricter_decoder_refuses_is_judged_by_json() -> None:
    frame = b'{"t":"\\ud83d"}'
    with pytest.raises(ValueError, match="surrogate"):
        orjson.loads(frame)
    frame_at(frame, 0, len(frame)).check(orjson.loads)


def test_the_column_of_damage_counts_characters_of_the_line() -> None:
    data = 'first line\n{"at":0,"from":"cli","frame":{"ä":"öü",x}}\n'.encode()
    with pytest.raises(CassetteError, match=r"^x\.jsonl:3:40: "):
        _ = frame_at(data, data.index(b'{"\xc3'), len(data) - 2).value


def test_an_episode_begins_with_a_spawn() -> None:
    with pytest.raises(ValueError, match="begins with a spawn"):
        Episode([Entry("cli", "exit", 0)])


def test_an_episode_knows_its_command_line() -> None:
    assert Episode([SPAWN]).argv == ["claude", "--verbose"]


def test_the_exit_code_is_that_of_the_last_entry() -> None:
    assert Episode([SPAWN, Entry("cli", "exit", -15)]).exit_code == -15


def test_a_recording_that_ends_before_the_run_has_no_exit_code() -> None:
    assert Episode([SPAWN]).exit_code is None


def test_validate_finds_the_first_damaged_frame_of_any_episode() -> None:
    good, bad = Episode([SPAWN, frame_at(b"{}", 0, 2)]), Episode([SPAWN, frame_at(b"{", 0, 1)])
    with pytest.raises(CassetteError, match=r"^x\.jsonl:3:2: the frame is not JSON"):
        Cassette("x.jsonl", {}, [good, bad]).validate(orjson.loads)


def test_loading_a_cassette_imports_nothing_heavy() -> None:
    heavy = {"dataclasses", "typing", "argparse", "orjson", "anyio", "asyncio"}
    code = (
        "import sys, claude_code_sdk.cassettes.jsonl as j, claude_code_sdk.cassettes.placeholders; print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, env=_path())
    assert run.returncode == 0, run.stderr
    assert heavy & set(run.stdout.split()) == set()


def _path() -> dict[str, str]:
    import claude_code_sdk

    (package,) = claude_code_sdk.__path__
    return {"PYTHONPATH": package.removesuffix("claude_code_sdk")}
