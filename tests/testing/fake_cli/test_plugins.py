"""Plugins, and commands, skills and agents in files: what the host is told of them and what they come to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script, tool_use

from .by_hand import ByHand, Frame, one, only, payload, result_block, write


def matched(reply: str, request: str) -> Frame:
    """A reply that only a request gets which has a text in it."""
    return {"content": [{"type": "text", "text": reply}], "match": request}


def box(folder: Path) -> Path:
    """A plugin with one of each."""
    place = folder / "box"
    write(place / ".claude-plugin" / "plugin.json", {"name": "box", "version": "1.2.0"})
    write(place / "commands" / "say.md", "---\ndescription: says\nargument-hint: <word>\n---\nSay $ARGUMENTS\n")
    write(place / "commands" / "deep" / "er.md", "# Deeper\n\nGo deeper.\n")
    write(place / "agents" / "helper.md", "---\nname: helper\ndescription: Helps\ntools: Read, Bash\n---\nYou help.\n")
    write(
        place / "skills" / "fold" / "SKILL.md", "---\nname: fold\ndescription: Folds\n---\nFold it twice: $ARGUMENTS.\n"
    )
    hook = {"type": "command", "command": "echo no >&2; exit 2"}
    write(place / "hooks" / "hooks.json", {"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [hook]}]}})
    return place


def init(cli: ByHand) -> Frame:
    return one(cli.frames, "init")


def named(entries: list[Frame], name: str) -> Frame:
    (entry,) = [entry for entry in entries if entry["name"] == name]
    return entry


def test_a_plugin_is_listed_before_those_of_the_cli(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, "--plugin-dir", str(box(tmp_path)))
    cli.start()
    cli.prompt("go")
    first, *others = init(cli)["plugins"]
    assert first == {"name": "box", "path": str(tmp_path / "box"), "source": "box@inline", "version": "1.2.0"}
    assert {other["path"] for other in others} == {"builtin"}


def test_what_a_plugin_has_is_named_after_it(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, "--plugin-dir", str(box(tmp_path)))
    cli.start()
    cli.prompt("go")
    commands = init(cli)["slash_commands"]
    place = commands.index("deep-research") + 1
    assert commands[place : place + 3] == ["box:deep:er", "box:say", "box:fold"]
    assert "box:fold" in init(cli)["skills"]
    assert "box:say" not in init(cli)["skills"]
    assert "box:helper" in init(cli)["agents"]


def test_the_handshake_describes_what_a_plugin_has(tmp_path: Path) -> None:
    cli = ByHand(Script(), tmp_path, "--plugin-dir", str(box(tmp_path)))
    answer = payload(cli.start())
    assert named(answer["commands"], "box:say") == {
        "name": "box:say",
        "description": "(box) says",
        "argumentHint": "<word>",
    }
    assert named(answer["commands"], "box:deep:er")["description"] == "(box) Deeper"
    assert named(answer["commands"], "box:fold")["aliases"] == ["fold"]
    assert named(answer["agents"], "box:helper") == {"name": "box:helper", "description": "Helps"}
    assert named(answer["agents"], "Plan")["model"] == "inherit"


def test_a_plugin_without_a_manifest_is_named_by_its_folder(tmp_path: Path) -> None:
    write(tmp_path / "plain" / "agents" / "x.md", "Be x.\n")
    cli = ByHand(Script().says("Hi."), tmp_path, "--plugin-dir", str(tmp_path / "plain"))
    answer = payload(cli.start())
    assert named(answer["agents"], "plain:x")["description"] == "Agent from plain plugin"
    cli.prompt("go")
    assert init(cli)["plugins"][0] == {
        "name": "plain",
        "path": str(tmp_path / "plain"),
        "source": "plain@inline",
    }


@pytest.mark.parametrize(
    ("manifest", "kind", "message"),
    [
        (None, "path-not-found", "Path not found: {0}"),
        (
            "{not json",
            "generic-error",
            "Failed to load plugin: Plugin bad has a corrupt manifest file at {0}/.claude-plugin/plugin.json. ",
        ),
    ],
)
def test_a_plugin_that_cannot_be_read_is_left_out_and_says_why(
    tmp_path: Path, manifest: str | None, kind: str, message: str
) -> None:
    if manifest is not None:
        write(tmp_path / "bad" / ".claude-plugin" / "plugin.json", manifest)
    cli = ByHand(Script().says("Hi."), tmp_path, "--plugin-dir", str(tmp_path / "bad"))
    cli.start()
    cli.prompt("go")
    assert {plugin["path"] for plugin in init(cli)["plugins"]} == {"builtin"}
    (error,) = init(cli)["plugin_errors"]
    assert (error["plugin"], error["type"], error["path"]) == ("inline[0]", kind, str(tmp_path / "bad"))
    assert error["message"].startswith(message.format(tmp_path / "bad"))


def test_a_command_of_a_plugin_is_expanded_for_the_model(tmp_path: Path) -> None:
    cli = ByHand(Script([matched("Said.", "Say hello")]), tmp_path, "--plugin-dir", str(box(tmp_path)))
    cli.start()
    cli.prompt("/box:say hello")
    assert one(cli.frames, "result")["result"] == "Said."


@pytest.mark.parametrize("call", ["/box:fold now", "/fold now"])
def test_a_skill_is_a_command_too(tmp_path: Path, call: str) -> None:
    place = box(tmp_path)
    text = f"Base directory for this skill: {place}/skills/fold\\n\\nFold it twice: now."
    cli = ByHand(Script([matched("Folded.", text)]), tmp_path, "--plugin-dir", str(place))
    cli.start()
    cli.prompt(call)
    assert one(cli.frames, "result")["result"] == "Folded."


def test_a_hook_of_a_plugin_says_where_it_comes_from(tmp_path: Path) -> None:
    script = Script().calls("Bash", command="touch x").says("Done.")
    cli = ByHand(script, tmp_path, "--plugin-dir", str(box(tmp_path)), "--allowedTools", "Bash")
    cli.start()
    cli.prompt("go")
    assert result_block(cli.frames)["content"] == (
        "PreToolUse:Bash hook error: [echo no >&2; exit 2]: no\n\nThis hook comes from the box@inline plugin."
    )


def test_hooks_of_a_plugin_may_stand_in_its_manifest_and_know_its_folder(tmp_path: Path) -> None:
    hook = {"type": "command", "command": "echo ${CLAUDE_PLUGIN_ROOT}"}
    manifest = {"name": "box", "hooks": {"Stop": [{"hooks": [hook]}]}}
    write(tmp_path / "box" / ".claude-plugin" / "plugin.json", manifest)
    cli = ByHand(Script().says("Hi."), tmp_path, "--plugin-dir", str(tmp_path / "box"), "--include-hook-events")
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "hook_response")["stdout"] == f"{tmp_path}/box\n"


def agent_call(kind: str) -> dict[str, Any]:
    return tool_use("Agent", description="help", prompt="SUB", subagent_type=kind, run_in_background=False)


def test_the_model_is_shown_the_folder_in_the_command_of_a_plugins_hook(tmp_path: Path) -> None:
    hook = {"type": "command", "command": "echo $CLAUDE_PLUGIN_ROOT ${CLAUDE_PLUGIN_ROOT} >&2; exit 2"}
    manifest = {"name": "box", "hooks": {"PreToolUse": [{"hooks": [hook]}]}}
    write(tmp_path / "box" / ".claude-plugin" / "plugin.json", manifest)
    script = Script().calls("Bash", command="touch x").says("Done.")
    cli = ByHand(script, tmp_path, "--plugin-dir", str(tmp_path / "box"))
    cli.start()
    cli.prompt("go")
    place = f"{tmp_path}/box"
    assert result_block(cli.frames)["content"] == (
        f"PreToolUse:Bash hook error: [echo {place} {place} >&2; exit 2]: {place} {place}\n\n"
        "This hook comes from the box@inline plugin."
    )


def test_an_agent_of_a_plugin_works_with_the_tools_of_its_file(tmp_path: Path) -> None:
    script = Script().replies(agent_call("box:helper"))
    script.add({"content": [tool_use("Write", file_path="x", content="")], "match": "You help."})
    script.add(matched("Helped.", "You help."))
    script.says("All done.")
    cli = ByHand(script, tmp_path, "--plugin-dir", str(box(tmp_path)))
    cli.start()
    cli.prompt("go")
    refusal, report = [frame["tool_use_result"] for frame in only(cli.frames, "user") if "tool_use_result" in frame]
    assert refusal == (
        "Error: No such tool available: Write. Write is not among the tools available here. Continue with the tools "
        "you have."
    )
    assert (report["agentType"], report["content"][-1]["text"]) == ("box:helper", "Helped.")


def test_agents_of_the_user_and_the_project_are_those_with_a_name(tmp_path: Path) -> None:
    write(tmp_path / "project" / ".claude" / "agents" / "a.md", "---\nname: mine\ndescription: Mine\n---\nI am.\n")
    write(tmp_path / "project" / ".claude" / "agents" / "b.md", "Nobody.\n")
    write(tmp_path / "home" / ".claude" / "agents" / "c.md", "---\nname: theirs\nmodel: sonnet\n---\nThey are.\n")
    answer = payload(ByHand(Script(), tmp_path).start())
    names = [agent["name"] for agent in answer["agents"]]
    assert names == ["claude", "Explore", "general-purpose", "mine", "Plan", "statusline-setup", "theirs"]
    assert named(answer["agents"], "theirs")["model"] == "sonnet"


def test_agents_of_initialize_go_before_those_in_files(tmp_path: Path) -> None:
    write(tmp_path / "project" / ".claude" / "agents" / "a.md", "---\nname: mine\ndescription: file\n---\nI am.\n")
    answer = payload(ByHand(Script(), tmp_path).start(agents={"mine": {"description": "given", "prompt": "p"}}))
    assert named(answer["agents"], "mine")["description"] == "given"


def test_commands_and_skills_of_user_and_project_are_listed_first(tmp_path: Path) -> None:
    write(tmp_path / "project" / ".claude" / "skills" / "paper" / "SKILL.md", "---\ndescription: Paper\n---\nFold.\n")
    write(tmp_path / "home" / ".claude" / "skills" / "wood" / "SKILL.md", "# Wood\n\nSaw.\n")
    write(tmp_path / "project" / ".claude" / "commands" / "greet.md", "Greet $1\n")
    write(tmp_path / "home" / ".claude" / "commands" / "wave.md", "Wave\n")
    cli = ByHand(Script().says("Hi."), tmp_path)
    commands = payload(cli.start())["commands"]
    assert [(entry["name"], entry["description"]) for entry in commands[:4]] == [
        ("wood", "Wood (user)"),
        ("paper", "Paper (project)"),
        ("greet", "Greet $1 (project)"),
        ("wave", "Wave (user)"),
    ]
    cli.prompt("go")
    assert init(cli)["slash_commands"][:4] == ["wood", "paper", "greet", "wave"]
    assert init(cli)["skills"][:2] == ["paper", "deep-research"]


def test_sources_that_are_not_asked_for_have_no_commands_skills_or_agents(tmp_path: Path) -> None:
    write(tmp_path / "project" / ".claude" / "skills" / "paper" / "SKILL.md", "---\ndescription: Paper\n---\nFold.\n")
    write(tmp_path / "project" / ".claude" / "commands" / "greet.md", "Greet\n")
    write(tmp_path / "project" / ".claude" / "agents" / "a.md", "---\nname: mine\n---\nI am.\n")
    answer = payload(ByHand(Script(), tmp_path, "--setting-sources", "user").start())
    assert not {"paper", "greet"} & {entry["name"] for entry in answer["commands"]}
    assert "mine" not in {agent["name"] for agent in answer["agents"]}


def test_a_skill_that_is_not_for_the_user_is_no_command(tmp_path: Path) -> None:
    write(
        tmp_path / "project" / ".claude" / "skills" / "paper" / "SKILL.md", "---\nuser-invocable: false\n---\nFold.\n"
    )
    answer = payload(ByHand(Script(), tmp_path).start())
    assert "paper" not in {entry["name"] for entry in answer["commands"]}
