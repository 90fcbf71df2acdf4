"""Paths of a machine become placeholders, and the paths of another in their place."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes.placeholders import OPENING, Places, slug

RECORDED = Places(cwd="/home/ada/app", home="/home/ada", temp="/tmp", real=str)
ODD = '/pro"j\\ä/ü x'


def stored(text: str, places: Places = RECORDED) -> str:
    """What a frame with that text says in a cassette."""
    frame = json.dumps({"t": text}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    found: str = json.loads(places.to_placeholders(frame))["t"]
    return found


def replayed(text: str, live: Places) -> str:
    """What a frame that was recorded with that text says to a program that runs elsewhere."""
    frame = json.dumps({"t": text}).encode()
    found: str = json.loads(live.to_live(RECORDED.to_placeholders(frame)))["t"]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/ada/app/x.py", "{{cwd}}/x.py"),
        ("/home/ada/notes", "{{home}}/notes"),
        ("see /tmp.", "see {{temp}}."),
        ("a\n/home/ada/app\tb", "a\n{{cwd}}\tb"),
        ("(/home/ada/app)", "({{cwd}})"),
        ("/home/ada/.claude/projects/-home-ada-app/1.jsonl", "{{home}}/.claude/projects/{{cwd-slug}}/1.jsonl"),
        ("/tmp/claude-0/-home-ada-other/x", "{{temp}}/claude-0/{{home-slug}}-other/x"),
        ("//home/ada/app/**", "/{{cwd}}/**"),
        ("file:///home/ada/app", "file://{{cwd}}"),
    ],
)
def test_paths_become_placeholders_longest_first(text: str, expected: str) -> None:
    assert stored(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "/home/ada2",
        "/home/ada/app2".replace("/home/ada/", "/srv/"),
        "src/tmp/x",
        "~/tmp",
        "${ROOT}/tmp",
        "http://tmp/x",
        "/tmp.bak",
        "my-home-ada-app",
        "{{ cwd }}",
        "{{user}}",
    ],
)
def test_what_only_looks_like_a_path_of_the_machine_stays(text: str) -> None:
    assert stored(text) == text


def test_the_root_of_a_file_system_has_no_placeholder() -> None:
    assert stored("/ /etc", Places(cwd="/", home="/root/", real=str)) == "/ /etc"


def test_a_resolved_path_has_a_placeholder_of_its_own(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    places = Places(cwd=str(link))
    assert stored(f"{link}/a {real}/b /x/{slug(str(real))}/c", places) == "{{cwd}}/a {{cwd-real}}/b /x/{{cwd-slug}}/c"


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_path_is_found_in_either_way_of_writing_json(ascii_only: bool) -> None:
    frame = json.dumps({"t": f"in {ODD}/f"}, ensure_ascii=ascii_only).encode()
    assert Places(cwd=ODD, real=str).to_placeholders(frame) == b'{"t": "in {{cwd}}/f"}'


def test_a_path_is_found_in_json_that_stands_in_a_text() -> None:
    assert stored(json.dumps({"p": ODD}, ensure_ascii=False), Places(cwd=ODD, real=str)) == '{"p": "{{cwd-json}}"}'


def test_a_live_path_is_written_as_json_spells_it() -> None:
    assert replayed("in /home/ada/app/f", Places(cwd=ODD, real=str)) == f"in {ODD}/f"


def test_a_live_path_that_is_not_utf_8_is_written_as_an_escape() -> None:
    cwd = os.fsdecode(b"/p\xff")
    assert replayed("/home/ada/app", Places(cwd=cwd, real=str)) == cwd


def test_the_slug_of_the_live_path_takes_the_place_of_the_recorded_one() -> None:
    live = Places(cwd="/srv/my.app", home="/root", real=str)
    assert replayed("/home/ada/.claude/projects/-home-ada-app/x", live) == "/root/.claude/projects/-srv-my-app/x"


def test_a_place_that_the_run_does_not_have_stays_a_placeholder() -> None:
    assert replayed("/tmp/x", Places(cwd="/srv", real=str)) == "{{temp}}/x"


@pytest.mark.parametrize("literal", ["{{cwd}}", "{{!cwd}}", "{{!!home-slug-json}}", "{{{cwd}}}", "{{{{cwd}}}}"])
def test_a_placeholder_that_was_recorded_text_survives(literal: str) -> None:
    assert stored(literal) != literal
    assert replayed(literal, Places(cwd="/elsewhere", real=str)) == literal


def test_a_frame_without_placeholders_is_not_touched() -> None:
    frame = b'{"a":{"b":{}},"t":"\\u007b{cwd}}"}'
    assert OPENING not in frame
    assert RECORDED.to_live(frame) is frame


def test_arguments_that_are_json_get_paths_escaped_for_json() -> None:
    argument = RECORDED.argument_to_placeholders('{"dir": "/home/ada/app"}')
    live = Places(cwd=ODD, real=str).text_to_live(argument)
    assert json.loads(live) == {"dir": ODD}


def test_other_arguments_get_paths_as_they_are() -> None:
    argument = RECORDED.argument_to_placeholders("/home/ada/app")
    assert Places(cwd=ODD, real=str).text_to_live(argument) == ODD


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/project", "-project"), ("/a b/ü.x", "-a-b---x"), ("/😀", "---"), ("C:\\a", "C--a"), ("/" + "a" * 300, 200)],
)
def test_the_slug_is_the_clis_dash_encoded_form(path: str, expected: str | int) -> None:
    found = slug(path)
    assert (found if isinstance(expected, str) else len(found)) == expected


pieces = st.sampled_from(
    [
        *("/home/ada/app", "/home/ada", "/tmp", "/-home-ada-app", "/-tmp", "{{", "}}", "!", "cwd", "temp-slug-json"),
        *("/", "\\", '"', "\n", " ", ".", "x", "ü", "\ud800", "{{cwd}}", "{{!home-real}}"),
    ]
)
texts = st.lists(pieces, max_size=12).map("".join)


@given(texts)
def test_a_frame_is_the_same_again_where_it_was_recorded(text: str) -> None:
    frame = json.dumps({"t": text}).encode()
    assert RECORDED.to_live(RECORDED.to_placeholders(frame)) == frame


@given(texts)
def test_a_text_is_the_same_again_where_it_was_recorded(text: str) -> None:
    assert RECORDED.text_to_live(RECORDED.text_to_placeholders(text)) == text
    assert RECORDED.text_to_live(RECORDED.argument_to_placeholders(text)) == text


@given(texts, st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_a_frame_is_json_whatever_the_live_path(text: str, name: str) -> None:
    live = Places(cwd=f"/{name}x", home=f"/h{name}x", temp=f"/t{name}x", real=str)
    frame = RECORDED.to_placeholders(json.dumps({"t": text}).encode())
    found: Any = json.loads(live.to_live(frame))
    assert isinstance(found["t"], str)
