"""The heads of Markdown files."""

from __future__ import annotations

import pytest

from claude_code_sdk.testing.fake_cli.front_matter import Document


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        ("---\nname: a\n---\nBody\n", {"name": "a"}, "Body\n"),
        ("---\nname: 'a b'\nother: \"c: d\"\n---\n", {"name": "a b", "other": "c: d"}, ""),
        ("---\ntools: [Read, 'Bash']\n---\n", {"tools": "Read, Bash"}, ""),
        ("---\ntools:\n  - Read\n  - Bash(git:*)\nname: a\n---\n", {"tools": "Read, Bash(git:*)", "name": "a"}, ""),
        ("---\nname: a\n---", {"name": "a"}, ""),
        ("---\n---\nBody", {}, "Body"),
        ("No head\n---\nname: a\n---\n", {}, "No head\n---\nname: a\n---\n"),
        ("---\nname: a\nnot closed\n", {}, "---\nname: a\nnot closed\n"),
    ],
)
def test_a_head_is_told_from_what_stands_below(text: str, head: dict[str, str], body: str) -> None:
    read = Document("a.md", text)
    assert (read.head, read.body) == (head, body)


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("---\ndescription: Says\n---\nBody", "Says"),
        ("\n## A title\n\nBody", "A title"),
        ("", ""),
    ],
)
def test_a_file_without_a_description_is_described_by_its_first_line(text: str, description: str) -> None:
    assert Document("a.md", text).description == description
