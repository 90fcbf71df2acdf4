"""Slash commands that the CLI answers itself, those of a project, and compaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, one, only, write


def says(words: str, **more: Any) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": words}], **more}


def session(folder: Path, *turns: Any, flags: tuple[str, ...] = ()) -> ByHand:
    return ByHand(Script.from_json({"script": 1, "turns": list(turns)}), folder, *flags)


def said(frames: list[dict[str, Any]]) -> str:
    """The CLI's own answer."""
    message = one(frames, "assistant")["message"]
    assert message["model"] == "<synthetic>"
    return str(message["content"][0]["text"])


def test_cost_adds_up_what_the_session_took(tmp_path: Path) -> None:
    cli = session(tmp_path, says("Hi."))
    cli.prompt("hello")
    frames = cli.prompt("/cost")
    assert "     claude-opus-5-5:  101 input, 20 output, 0 cache read, 0 cache write ($0.0008)" in said(frames)
    assert one(frames, "assistant")["local_command_run"] == {"command": "usage", "args": ""}
    result = one(frames, "result")
    assert (result["local_command"], result["num_turns"], result["result"]) == ("cost", 0, said(frames))
    assert "terminal_reason" not in result


def test_context_says_what_fills_it_as_text_and_as_data(tmp_path: Path) -> None:
    frames = session(tmp_path).prompt("/context")
    assert said(frames).startswith("## Context Usage\n\n**Model:** claude-opus-5-5  \n")
    assert one(frames, "assistant")["context_usage"]["raw_max_tokens"] == 1_000_000


@pytest.mark.parametrize("name", ["help", "status", "exit"])
def test_a_command_of_the_terminal_is_not_available(tmp_path: Path, name: str) -> None:
    frames = session(tmp_path).prompt(f"/{name}")
    assert said(frames) == f"/{name} isn't available in this environment."
    assert one(frames, "assistant")["local_command_outcome"] == {"kind": "unavailable_headless"}
    assert "local_command" not in one(frames, "result")


@pytest.mark.parametrize("prompt", ["/nope x", "/ cost", " /cost", "//", "/tmp/a file", "/Cost"])
def test_what_is_no_command_goes_to_the_model(tmp_path: Path, prompt: str) -> None:
    frames = session(tmp_path, says("Odd.", match=prompt)).prompt(prompt)
    assert one(frames, "result")["result"] == "Odd."


@pytest.mark.parametrize("prompt", ["   ", "\n"])
def test_a_blank_prompt_is_not_sent_to_the_model(tmp_path: Path, prompt: str) -> None:
    frames = session(tmp_path).prompt(prompt)
    notice = one(frames, "informational")
    assert (notice["level"], notice["content"]) == ("warning", one(frames, "result")["result"])
    assert one(frames, "result")["num_turns"] == 0


def test_an_empty_prompt_is_a_prompt(tmp_path: Path) -> None:
    assert one(session(tmp_path, says("Yes?")).prompt(""), "result")["result"] == "Yes?"


def test_clear_begins_a_session_that_knows_nothing(tmp_path: Path) -> None:
    cli = session(tmp_path, says("You said 42.", match="number 42", repeat=True), says("Which?"))
    before = one(cli.prompt("number 42"), "result")["session_id"]
    frames = cli.prompt("/clear")
    assert [frame.get("subtype") or frame["type"] for frame in frames if frame["type"] != "control_response"] == [
        "conversation_reset",
        "background_tasks_changed",
        "init",
        "success",
    ]
    result = one(frames, "result")
    assert (result["session_id"] != before, result["total_cost_usd"], result["local_command"]) == (True, 0, "clear")
    assert one(cli.prompt("which?"), "result")["result"] == "Which?"


def test_the_model_can_be_changed_by_command(tmp_path: Path) -> None:
    cli = session(tmp_path, says("Hi."))
    assert said(cli.prompt("/model sonnet")) == "Set model to `Sonnet 5.5` for this session only"
    assert one(cli.prompt("hello"), "init")["model"] == "claude-sonnet-5-5"


def test_a_command_of_the_project_is_told_to_the_model_with_its_arguments(tmp_path: Path) -> None:
    write(
        tmp_path / "project/.claude/commands/team/greet.md", "---\ndescription: x\n---\nGreet $0, then $1: $ARGUMENTS"
    )
    cli = session(tmp_path, says("Greeted.", match="Greet Bob, then Ann: Bob Ann"))
    assert one(cli.prompt("/team:greet Bob Ann"), "result")["result"] == "Greeted."


def test_a_command_without_a_place_for_its_arguments_has_them_at_the_end(tmp_path: Path) -> None:
    write(tmp_path / "home/.claude/commands/go.md", "Go on.")
    cli = session(tmp_path, says("Going.", match="Go on.\\n\\nARGUMENTS: now"))
    assert one(cli.prompt("/go now"), "result")["result"] == "Going."


def test_places_for_arguments_that_there_are_not_stay(tmp_path: Path) -> None:
    write(tmp_path / "home/.claude/commands/go.md", "Go $0, $1, $2, $ARGUMENTS[1], $ARGUMENTS[4] of $ARGUMENTS.")
    cli = session(tmp_path, says("Going.", match="Go a, b, $2, b, $ARGUMENTS[4] of a b."))
    assert one(cli.prompt("/go a b"), "result")["result"] == "Going."


def test_a_command_of_a_file_goes_before_the_clis_own(tmp_path: Path) -> None:
    write(tmp_path / "home/.claude/commands/cost.md", "What does it cost?")
    cli = session(tmp_path, says("Nothing.", match="What does it cost?"))
    assert one(cli.prompt("/cost"), "result")["result"] == "Nothing."


def test_a_command_may_name_the_model_that_answers_it(tmp_path: Path) -> None:
    write(tmp_path / "home/.claude/commands/go.md", "---\nmodel: sonnet\n---\nGo.")
    cli = session(tmp_path, says("Going."), says("Gone."))
    for prompt, model in (("/go", "claude-sonnet-5-5"), ("on", "claude-opus-5-5")):
        frames = cli.prompt(prompt)
        assert (one(frames, "init")["model"], one(frames, "assistant")["message"]["model"]) == (model, model)


def test_a_text_that_the_host_composed_is_no_command(tmp_path: Path) -> None:
    cli = session(tmp_path, says("A slash."))
    message = {"role": "user", "content": "/cost"}
    frames = cli.send({"type": "user", "message": message, "client_composed": True})
    assert one(frames, "result")["result"] == "A slash."


def expanded(folder: Path, answer: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a hook is asked about a command, and what follows its answer."""
    write(folder / "home/.claude/commands/go.md", "Go.")
    cli = session(folder, says("Going.", match="It rains."), says("Going."))
    cli.start(hooks={"UserPromptExpansion": [{"matcher": "go|on", "hookCallbackIds": ["hook_0"]}]})
    asked = one(cli.prompt("/go now", patient=False), "hook_callback")
    return asked["request"]["input"], cli.answer(asked, answer)


def test_hooks_are_asked_about_the_expansion_of_a_command(tmp_path: Path) -> None:
    context = {"hookEventName": "UserPromptExpansion", "additionalContext": "It rains."}
    asked, frames = expanded(tmp_path, {"hookSpecificOutput": context})
    names = ("expansion_type", "command_name", "command_args", "command_source", "prompt")
    assert [asked[name] for name in names] == ["slash_command", "go", "now", "userSettings", "/go now"]
    assert [frame["type"] for frame in frames if frame["type"] != "system"] == ["assistant", "result"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            {"decision": "block", "reason": "not now"},
            "UserPromptExpansion operation blocked by hook:\nnot now\n\nOriginal prompt: /go now",
        ),
        ({"continue": False, "stopReason": "enough"}, "Operation stopped by hook: enough"),
    ],
)
def test_a_hook_can_stop_the_expansion_of_a_command(tmp_path: Path, answer: dict[str, Any], told: str) -> None:
    _, frames = expanded(tmp_path, answer)
    notice, result = one(frames, "informational"), one(frames, "result")
    assert (notice["content"], notice["prevent_continuation"]) == (told, True)
    assert (result["result"], result["num_turns"], result["local_command"]) == (told, 0, "custom")


def test_hooks_are_not_asked_about_commands_of_the_clis_own(tmp_path: Path) -> None:
    cli = session(tmp_path)
    cli.start(hooks={"UserPromptExpansion": [{"matcher": None, "hookCallbackIds": ["hook_0"]}]})
    assert not only(cli.prompt("/cost"), "hook_callback")


def test_commands_of_sources_that_are_not_read_are_not_there(tmp_path: Path) -> None:
    write(tmp_path / "project/.claude/commands/go.md", "Go on.")
    cli = session(tmp_path, says("Going.", match="Go on."), says("What?"), flags=("--setting-sources=user",))
    assert one(cli.prompt("/go"), "result")["result"] == "What?"


def test_the_tools_that_a_command_allows_run_while_it_is_answered(tmp_path: Path) -> None:
    write(tmp_path / "project/.claude/commands/touch.md", "---\nallowed-tools: Bash(touch:*)\n---\nTouch it.")
    call = {"type": "tool_use", "name": "Bash", "input": {"command": "touch a"}}
    turns = [[{**call, "id": "toolu_1"}], says("Done."), [{**call, "id": "toolu_2"}], says("Denied.")]
    cli = session(tmp_path, *turns)
    assert only(cli.prompt("/touch"), "permission_denied") == []
    assert len(only(cli.prompt("touch it"), "permission_denied")) == 1


def test_compaction_puts_a_summary_in_place_of_the_conversation(tmp_path: Path) -> None:
    cli = session(
        tmp_path,
        says("<analysis>a</analysis><summary>They told a story.</summary>", match="keep the names"),
        says("It had 1001 nights.", match="1001", repeat=True),
        says("Which story?"),
    )
    cli.prompt("tell of 1001 nights")
    frames = cli.prompt("/compact keep the names")
    kinds = [frame.get("subtype") or frame["type"] for frame in frames]
    assert kinds == ["status", "status", "init", "compact_boundary", "user", "user", "success"]
    summary = next(frame for frame in frames if frame.get("isSynthetic"))["message"]["content"]
    assert "\nSummary:\nThey told a story.\n" in summary
    assert one(frames, "result")["num_turns"] == 0
    assert one(cli.prompt("which?"), "result")["result"] == "Which story?"


def test_a_summary_without_its_mark_is_asked_for_twice_and_the_first_is_taken(tmp_path: Path) -> None:
    cli = session(tmp_path, says("Hi."), says("Short."), says("Other."), says("On."))
    cli.prompt("hello")
    summary = next(frame for frame in cli.prompt("/compact") if frame.get("isSynthetic"))["message"]["content"]
    assert "\nShort.\n" in summary
    assert one(cli.prompt("go on"), "result")["result"] == "On."


def test_there_must_be_something_to_compact(tmp_path: Path) -> None:
    cli = session(tmp_path)
    assert said(cli.prompt("/compact")) == "Error: No messages to compact"
    frames = cli.prompt("/compact")
    assert said(frames) == "Not enough messages to compact."
    assert only(frames, "status")[-1]["compact_result"] == "failed"


def test_a_context_that_is_nearly_full_is_compacted_before_the_next_call(tmp_path: Path) -> None:
    full = {"input_tokens": 990_000}
    cli = session(tmp_path, says("Long.", usage=full), says("<summary>S.</summary>"), says("After."))
    cli.prompt("one")
    frames = cli.prompt("two")
    assert one(frames, "compact_boundary")["compact_metadata"]["trigger"] == "auto"
    assert (one(frames, "result")["result"], one(frames, "result")["num_turns"]) == ("After.", 2)


def test_a_compaction_by_command_keeps_the_last_reply_when_there_was_one_before(tmp_path: Path) -> None:
    cli = session(tmp_path, says("One."), says("Two."), says("<summary>S</summary>"), says("Three."))
    cli.prompt("one")
    last = one(cli.prompt("two"), "assistant")["uuid"]
    frames = cli.prompt("/compact")
    metadata = one(frames, "compact_boundary")["compact_metadata"]
    summary = next(frame for frame in frames if frame.get("isSynthetic"))
    assert metadata["preserved_messages"] == {"anchor_uuid": summary["uuid"], "uuids": [last], "all_uuids": [last]}
    assert "kept verbatim" in summary["message"]["content"]


def test_a_compaction_keeps_each_block_of_the_last_reply_and_what_stop_hooks_left_behind_it(tmp_path: Path) -> None:
    command = {"type": "command", "command": """echo '{"systemMessage": "well"}'"""}
    write(tmp_path / "home" / ".claude" / "settings.json", {"hooks": {"Stop": [{"hooks": [command]}]}})
    reply = [{"type": "text", "text": "Two."}, {"type": "text", "text": "Three."}]
    cli = session(tmp_path, says("One."), {"content": reply}, says("<summary>S</summary>"))
    cli.prompt("one")
    frames = cli.prompt("two")
    replied, notice = [frame["uuid"] for frame in only(frames, "assistant")], one(frames, "informational")["uuid"]
    boundary = one(cli.prompt("/compact"), "compact_boundary")
    segment = boundary["compact_metadata"]["preserved_segment"]
    kept, seen = (boundary["compact_metadata"]["preserved_messages"][key] for key in ("all_uuids", "uuids"))
    assert [*kept[:2], kept[3]] == [*replied, notice]
    assert seen == [*replied, notice, kept[4]]
    assert (segment["head_uuid"], segment["tail_uuid"], boundary["logical_parent_uuid"]) == (kept[0], kept[4], kept[4])


def test_a_summary_names_the_tools_of_sub_agents_and_those_that_a_summary_before_named(tmp_path: Path) -> None:
    given = {"description": "d", "prompt": "Go.", "subagent_type": "general-purpose", "run_in_background": False}
    cli = session(
        tmp_path,
        {"content": [{"type": "tool_use", "name": "Agent", "input": given}]},
        {"content": [{"type": "tool_use", "name": "Read", "input": {"file_path": "/a"}}]},
        says("Read it."),
        says("Done."),
        says("<summary>S</summary>"),
        says("More."),
        says("<summary>T</summary>"),
        flags=("--permission-mode", "bypassPermissions", "--allow-dangerously-skip-permissions"),
    )
    cli.prompt("one")
    for compacted in (cli.prompt("/compact"), [frame for text in ("two", "/compact") for frame in cli.prompt(text)]):
        summary = next(frame for frame in compacted if frame.get("isSynthetic"))["message"]["content"]
        assert "<tools-used-before-summary>Agent, Read</tools-used-before-summary>" in summary


def test_a_compaction_of_one_reply_keeps_nothing(tmp_path: Path) -> None:
    cli = session(tmp_path, says("One."), says("<summary>S</summary>"))
    reply = one(cli.prompt("one"), "assistant")["uuid"]
    frames = cli.prompt("/compact")
    boundary = one(frames, "compact_boundary")
    assert "preserved_messages" not in boundary["compact_metadata"]
    assert boundary["logical_parent_uuid"] != reply
    assert "kept verbatim" not in next(frame for frame in frames if frame.get("isSynthetic"))["message"]["content"]


@pytest.mark.parametrize("prompt", ["/cost", "/clear", "/model haiku", "/help"])
def test_no_command_is_available_where_they_are_switched_off(tmp_path: Path, prompt: str) -> None:
    frames = session(tmp_path, flags=("--disable-slash-commands",)).prompt(prompt)
    assert said(frames) == f"{prompt.partition(' ')[0]} isn't available in this environment."
    assert "local_command" not in one(frames, "result")
    init = one(frames, "init")
    assert (init["slash_commands"], init["skills"]) == ([], [])
    assert "terminal_slash_commands" not in init


def test_a_prompt_of_blocks_is_told_to_hooks_without_the_blank_at_its_ends(tmp_path: Path) -> None:
    cli = session(tmp_path, says("One."))
    cli.start(hooks={"UserPromptSubmit": [{"hookCallbackIds": ["hook_0"]}]})
    content = [{"type": "text", "text": text} for text in (" a ", "  ", "b ", "\n")]
    frames = cli.send({"type": "user", "message": {"role": "user", "content": content}}, patient=False)
    assert one(frames, "hook_callback")["request"]["input"]["prompt"] == "a \n  \nb"
