"""Live texts beside recorded ones, and what an error may show."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_code_sdk import record, use_cassette, use_transport
from claude_code_sdk.cassettes.secrets import hide, holds_pseudonym, same_scrubbed
from tests.cassettes.recording.live import LiveCLI, converse
from tests.cassettes.secrets.vectors import VECTORS

TOKENS = [vector.kept + vector.secret for vector in VECTORS if vector.rule == "github-token"]
ONE, OTHER = TOKENS[0], "ghp_" + TOKENS[1][4:]
KEY = next(vector.kept + vector.secret for vector in VECTORS if vector.rule == "anthropic-key")


def test_a_live_secret_is_what_a_pseudonym_stands_for() -> None:
    recorded = hide(f"use {ONE} now", environment={})
    assert holds_pseudonym(recorded.encode())
    assert same_scrubbed(recorded, f"use {OTHER} now", environment={})
    assert not same_scrubbed(recorded, f"use {OTHER} later", environment={})
    assert not same_scrubbed(recorded, "use nothing now", environment={})


def test_numbers_and_lengths_may_differ() -> None:
    assert same_scrubbed("ghp_REDACTED7xx ghp_REDACTED3x ghp_REDACTED7", f"{ONE} {OTHER} {ONE}", environment={})


def test_one_secret_does_not_stand_for_two() -> None:
    assert not same_scrubbed("ghp_REDACTED1x ghp_REDACTED1x", f"{ONE} {OTHER}", environment={})
    assert not same_scrubbed("ghp_REDACTED1x ghp_REDACTED2x", f"{ONE} {ONE}", environment={})


def test_the_values_of_the_environment_given_are_secrets() -> None:
    environment = {"MY_TOKEN": "correct horse battery"}
    assert hide("it is correct horse battery", environment=environment) == "it is REDACTED1xxxxxxxxxxxx"
    assert hide("it is correct horse battery", environment={}) == "it is correct horse battery"


async def block_keys(given: dict[str, object], tool_use_id: str | None, context: object) -> dict[str, object]:
    if "sk-ant-" in str(given.get("prompt")):
        return {"decision": "block", "reason": "that is a key"}
    return {}


async def test_what_a_recording_writes_holds_no_secret_at_any_step(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def look() -> None:
        seen.extend(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    def reply(prompt: str) -> str:
        look()
        return f"You said {prompt}"

    path = tmp_path / "secret.jsonl"
    with use_transport(LiveCLI(reply).transport), record(path):
        await converse(f"my key is {KEY}", f"and {ONE}")
        look()
    look()
    assert len(seen) >= 4
    assert any(b"REDACTED1" in content for content in seen)
    for content in seen:
        assert KEY.encode() not in content
        assert ONE.encode() not in content


async def test_a_program_replays_its_scrubbed_recording_with_another_key(tmp_path: Path) -> None:
    path = tmp_path / "secret.jsonl"
    with use_transport(LiveCLI("I shall {}".format).transport), record(path):
        await converse(f"use {ONE}")
    with use_cassette(path):
        (said,) = await converse(f"use {OTHER}")
    assert said.startswith("I shall use ghp_")


@pytest.mark.parametrize("text", [f"the key is {KEY}", "nothing of that kind"])
async def test_a_hook_decides_about_a_pseudonym_as_about_the_secret(text: str) -> None:
    live = await block_keys({"prompt": text}, None, None)
    assert await block_keys({"prompt": hide(text, environment={})}, None, None) == live


async def test_a_mismatch_shows_no_live_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret.jsonl"
    with use_transport(LiveCLI().transport), record(path):
        await converse("something harmless")
    with pytest.raises(AssertionError) as caught, use_cassette(path):
        await converse(f"use {KEY}")
    assert KEY not in str(caught.value)
    assert "REDACTED1" in str(caught.value)
