"""The Skill tool: skills and commands in files that the model calls by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_code_sdk.testing import Script, tool_use

from .by_hand import ByHand, Frame, one, only, result_block, write

WOOD = "---\nname: wood\ndescription: Works with wood\nallowed-tools: Bash(touch:*)\n---\nSaw wood.\n"
PAPER = "---\nname: paper\ndescription: Folds\n---\nFold paper $ARGUMENTS times.\n"


def skills(folder: Path, **texts: str) -> Path:
    place = folder / "project" / ".claude" / "skills"
    for name, text in texts.items():
        write(place / name / "SKILL.md", text)
    return place


def called(folder: Path, skill: str, *flags: str, **given: str) -> ByHand:
    """A session whose model calls a skill."""
    cli = ByHand(Script().calls("Skill", skill=skill, **given).says("Done."), folder, *flags)
    cli.start()
    cli.prompt("go")
    return cli


@pytest.mark.parametrize("name", ["paper", "/paper"])
def test_a_skill_starts_and_then_its_text_is_told(tmp_path: Path, name: str) -> None:
    place = skills(tmp_path, paper=PAPER)
    cli = called(tmp_path, name, args="two")
    started, told = only(cli.frames, "user")
    assert started["message"]["content"][0]["content"] == "Launching skill: paper"
    assert started["tool_use_result"] == {"success": True, "commandName": "paper"}
    assert told["isSynthetic"] is True
    assert told["message"]["content"][0]["text"] == (
        f"Base directory for this skill: {place}/paper\n\nFold paper two times.\n"
    )
    assert one(cli.frames, "result")["num_turns"] == 3


def test_the_model_is_told_the_text_of_the_skill(tmp_path: Path) -> None:
    skills(tmp_path, paper=PAPER)
    script = Script().calls("Skill", skill="paper", args="two")
    script.add({"content": [{"type": "text", "text": "Folded."}], "match": "Fold paper two times."})
    cli = ByHand(script, tmp_path)
    cli.start()
    cli.prompt("go")
    assert one(cli.frames, "result")["result"] == "Folded."


def test_a_skill_has_started_before_the_next_call_of_its_message(tmp_path: Path) -> None:
    skills(tmp_path, paper=PAPER)
    script = Script().replies(tool_use("Skill", skill="paper"), tool_use("Skill", skill="paper")).says("Done.")
    cli = ByHand(script, tmp_path)
    cli.start()
    cli.prompt("go")
    kinds = [frame["type"] for frame in cli.frames if frame["type"] in ("assistant", "user")]
    assert kinds == ["assistant", "user", "user"] * 2 + ["assistant"]


def texts(frames: list[Frame]) -> list[str]:
    return [frame["message"]["content"][0]["text"] for frame in only(frames, "user") if frame.get("isSynthetic")]


def test_a_skill_that_is_loaded_is_not_told_again(tmp_path: Path) -> None:
    skills(tmp_path, paper="---\nname: paper\ndescription: d\n---\nFold $0.\n")
    script = Script()
    for args in ("a", "a", "b"):
        script.calls("Skill", skill="paper", args=args)
    cli = ByHand(script.says("Done.").calls("Skill", skill="paper", args="b").says("Done."), tmp_path)
    cli.start()
    cli.prompt("go")
    loaded, again, another, body = texts(cli.frames)
    assert (loaded.splitlines()[-1], body.splitlines()[-1]) == ("Fold a.", "Fold b.")
    assert again == "Skill /paper is already loaded above; instructions unchanged. Arguments: a"
    assert another.startswith("(Re-invocation of /paper — the skill instructions were previously loaded;")
    cli.prompt("/clear")
    assert texts(cli.prompt("go"))[0].splitlines()[-1] == "Fold b."


def test_a_command_of_the_user_loads_it_too(tmp_path: Path) -> None:
    write(tmp_path / "project" / ".claude" / "commands" / "greet.md", "Greet.\n")
    cli = ByHand(Script().says("Hello.").calls("Skill", skill="greet").says("Done."), tmp_path)
    cli.start()
    cli.prompt("/greet")
    assert texts(cli.prompt("go")) == ["Skill /greet is already loaded above; instructions unchanged."]


def test_the_text_of_a_skill_that_a_sub_agent_calls_is_not_shown(tmp_path: Path) -> None:
    skills(tmp_path, paper=PAPER)
    script = Script().calls("Agent", description="d", prompt="Go.", run_in_background=False)
    cli = ByHand(script.calls("Skill", skill="paper").says("Folded.").says("Done."), tmp_path)
    cli.start()
    cli.prompt("go")
    assert texts(cli.frames) == []


def test_a_command_is_called_like_a_skill(tmp_path: Path) -> None:
    write(tmp_path / "project" / ".claude" / "commands" / "greet.md", "Greet $1\n")
    _, told = only(called(tmp_path, "greet", args="a b").frames, "user")
    assert told["message"]["content"][0]["text"] == "Greet b\n"


def test_a_skill_of_a_plugin_has_the_plugins_name(tmp_path: Path) -> None:
    write(tmp_path / "box" / "skills" / "fold" / "SKILL.md", "---\nname: fold\n---\nFold.\n")
    cli = called(tmp_path, "box:fold", "--plugin-dir", str(tmp_path / "box"))
    assert only(cli.frames, "user")[0]["tool_use_result"]["commandName"] == "box:fold"


def test_a_skill_that_brings_tools_is_asked_about(tmp_path: Path) -> None:
    skills(tmp_path, wood=WOOD)
    cli = called(tmp_path, "wood", "--permission-prompt-tool", "stdio")
    question = one(cli.frames, "can_use_tool")
    assert question["request"]["description"] == "Works with wood"
    rules = [suggestion["rules"] for suggestion in question["request"]["permission_suggestions"]]
    assert rules == [
        [{"toolName": "Skill", "ruleContent": "wood"}],
        [{"toolName": "Skill", "ruleContent": "wood:*"}],
    ]


def test_where_nobody_can_be_asked_the_rule_that_helps_is_named(tmp_path: Path) -> None:
    skills(tmp_path, wood=WOOD)
    cli = called(tmp_path, "wood")
    assert result_block(cli.frames)["content"] == (
        "Execute skill: wood. The user can add the allow rule Skill(wood) to .claude/settings.local.json to let it run "
        "without asking."
    )


@pytest.mark.parametrize("rule", ["Skill", "Skill(wood)", "Skill(wo:*)"])
def test_a_rule_lets_it_start_with_its_tools(tmp_path: Path, rule: str) -> None:
    skills(tmp_path, wood=WOOD)
    script = Script().calls("Skill", skill="wood").calls("Bash", command="touch x").says("Done.")
    cli = ByHand(script, tmp_path, "--allowedTools", rule)
    cli.start()
    cli.prompt("go")
    results = [frame["tool_use_result"] for frame in only(cli.frames, "user") if "tool_use_result" in frame]
    assert results[0] == {"success": True, "commandName": "wood", "allowedTools": ["Bash(touch:*)"]}
    assert one(cli.frames, "result")["permission_denials"] == []


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("nothing", "Unknown skill: nothing"),
        (
            "help",
            (
                "help is a UI command, not a skill. Ask the user to run /help themselves — it cannot be invoked via "
                "the Skill tool."
            ),
        ),
        (
            "mine",
            (
                "Skill mine cannot be used with Skill tool due to disable-model-invocation. Ask the user to run /mine "
                "themselves — it cannot be invoked via the Skill tool. Do not replicate this skill's workflow by other "
                "means — it is reserved for explicit user invocation."
            ),
        ),
    ],
)
def test_what_is_no_skill_of_the_models_is_refused(tmp_path: Path, name: str, refusal: str) -> None:
    skills(tmp_path, mine="---\ndescription: Mine\ndisable-model-invocation: true\n---\nMine.\n")
    block: Frame = result_block(called(tmp_path, name).frames)
    assert block["content"] == f"<tool_use_error>{refusal}</tool_use_error>"


def test_a_plugin_that_did_not_load_is_mentioned_where_a_skill_is_missing(tmp_path: Path) -> None:
    cli = called(tmp_path, "nothing", "--plugin-dir", str(tmp_path / "none"))
    assert result_block(cli.frames)["content"] == (
        "<tool_use_error>Unknown skill: nothing. 1 plugin did not load in this session (path not found); if this skill "
        "belongs to it, tell the user its plugin could not be loaded here, not that the skill is not "
        "installed.</tool_use_error>"
    )
