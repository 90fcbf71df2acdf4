"""Permissions: whether a tool may run, by rules and mode, before anybody is asked (wire-facts §4).

Deny rules come first, then ask rules, then what the tool itself says of the call, the mode, and allow rules.  What is
left is asked about, or denied where nobody can be asked.  Above: `asking.py`.  Below: `rules.py`, `settings.py`.
"""

from __future__ import annotations

from os.path import dirname, normpath

from .path_rules import path_fits
from .rules import BEHAVIORS, COMMAND_LINE, SESSION, Rule, Rules
from .saved_permissions import save
from .sensitive import sensitive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process
    from .tools import Tool

NOT_ASKING = (
    "Permission to use {} has been denied because Claude Code is running in don't ask mode. IMPORTANT: You *may* "
    "attempt to accomplish this action using other tools that might naturally be used to accomplish this goal, e.g. "
    "using head instead of cat. But you *should not* attempt to work around this denial in malicious ways, e.g. do not "
    "use your ability to run tests to execute non-test actions. You should only try to work around this restriction in "
    "reasonable ways that do not attempt to bypass the intent behind this denial. If you believe this capability is "
    "essential to complete the user's request, STOP and explain to the user what you were trying to do and why you "
    "need this permission. Let the user decide how to proceed."
)
"""What the model is told in dontAsk mode of a call that would be asked about."""

UNCHECKED_AT_MOST = 10
"""With so many replies of the model with a call that could not be checked, a turn is ended."""

NO_CHECK_CODE, NO_CHECK_END_CODE = "auto_mode_no_check_in_session", "auto_mode_stop_no_check_in_session"
NO_CHECK = (
    "Auto mode is unavailable: its safety check does not run for this session, so {} was not run. Other actions that "
    "need the check will be denied too, and retrying won't help. Finish what you can without them, then tell the user "
    "what is blocked and that they can switch to another permission mode."
)
NO_CHECK_END = (
    "Auto mode is unavailable: its safety check does not run for this session, so {} was not run and this turn has "
    "ended. Wait for the user's next message before doing anything further."
)
NO_CHECK_END_REASON = "Auto mode unavailable — stopped after repeated responses with no safety verdict"
NO_CHECK_STOPPED = (
    "Auto mode can't check actions in this session, so Claude stopped after a run of responses whose actions were "
    "refused. Use another permission mode to continue."
)
NO_CHECK_NOTICE = (
    "Auto mode can't check actions in this session. Its safety check runs on the server, and your requests go through "
    "{host}, which doesn't pass it through. Nobody can be asked to approve actions in this session, so every action "
    "that needs the check is refused. To run these actions, use another permission mode. To use auto mode, ask whoever "
    "runs {host} to pass Claude Code's server-side safety check through: "
    "https://code.claude.com/docs/en/permission-modes#server-side-classifier-review"
)

SAVED = ("userSettings", "projectSettings", "localSettings")
"""Destinations of permission updates that are kept in a file."""

OF_THE_PROJECT = ("projectSettings", "localSettings")
"""Files whose additional directories count, but are not named in `init` (sessions of CLI 2.1.330)."""


SET_MODES = ("acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "plan")
"""The modes that a session may be put into."""


class Decision:
    """What is decided about one call.

    - `behavior`: allow, deny or ask.
    - `reason_type`, `reason`: why, in the CLI's words (rule, mode, subcommandResults, workingDir …), None where it says
      nothing.
    - `told`: what a denial tells the model; of a call that would be asked about, where nobody can be asked.
    - `rule`: the rule that decided.
    - `facts`: what `can_use_tool` says besides, `permission_suggestions` and `blocked_path` among them.
    - `safety`: whether it is asked about in every mode.
    - `refused`: whether a denial has the form of a refusal of the tool itself.
    """

    __slots__ = ("behavior", "facts", "reason", "reason_type", "refused", "rule", "safety", "told")

    def __init__(
        self,
        behavior: str,
        reason_type: str | None = None,
        told: str = "",
        *,
        reason: str | None = None,
        rule: Rule | None = None,
        safety: bool = False,
        refused: bool = False,
        **facts: Any,
    ) -> None:
        self.behavior = behavior
        self.reason_type = reason_type
        self.reason = reason
        self.told = told
        self.rule = rule
        self.safety = safety
        self.refused = refused
        self.facts = facts

    def why(self) -> Frame:
        """What `permission_denied` says of the reason."""
        told = {"decision_reason_type": self.reason_type, "decision_reason": self.reason}
        return {key: value for key, value in told.items() if value is not None}

    @property
    def stops_turn(self) -> bool:
        """Whether it is a denial with which the turn ends."""
        return self.facts.get("decision_reason_code") == NO_CHECK_END_CODE

    def question(self) -> Frame:
        """What `can_use_tool` says of the reason, and its suggestions."""
        asked = {**self.facts, **self.why()}
        if self.rule is not None and self.behavior == "ask":
            asked |= {"decision_reason_rule_source": self.rule.source, "server_policy_ask_only": False}
        return asked


def asked_by_rule(rule: Rule, told: str, reason_type: str = "rule", **facts: Any) -> Decision:
    """The decision that an ask rule makes, which counts in every mode."""
    return Decision("ask", reason_type, told, rule=rule, safety=True, **facts)


class Permissions:
    """The rules, the mode and the directories of one session.

    - `directories`: those that were added to the working directory, absolute.
    - `listed_directories`: those of them that `init` names.
    """

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self.rules = Rules()
        self._unchecked_replies = 0  # of the turn, with a call that could not be checked
        self._reply_counts = False  # whether the one that runs is among them
        self._told_of_no_check = False
        self.directories: list[str] = []
        self._unlisted: set[str] = set()
        self.mode = self._first_mode()
        self._read_settings()
        for behavior, flag in (("allow", "--allowedTools"), ("deny", "--disallowedTools")):
            self.rules.add(behavior, [Rule(text, COMMAND_LINE) for text in cli.launch.listed(flag)])
        self._add_directories(cli.launch.get("--add-dir", []))

    def _first_mode(self) -> str:
        launch = self._cli.launch
        if launch.has("--permission-mode") or launch.has("--dangerously-skip-permissions"):
            return launch.mode
        chosen = "default"
        for layer in self._cli.settings.layers:
            mode = layer.part("permissions").get("defaultMode")
            if isinstance(mode, str) and (mode != "bypassPermissions" or layer.source != "projectSettings"):
                chosen = mode
        return "default" if chosen == "manual" else chosen

    def _read_settings(self) -> None:
        settings = self._cli.settings
        for layer in settings.layers:
            permissions = layer.part("permissions")
            if not permissions:
                continue
            untrusted = layer.source == "projectSettings" and not settings.trusted
            for behavior in BEHAVIORS:
                texts = [text for text in permissions.get(behavior) or () if isinstance(text, str)]
                if behavior == "allow" and untrusted:
                    self._complain_of_trust(layer.path, "allow", len(texts))
                else:
                    self.rules.add(behavior, [Rule(text, layer.source) for text in texts])
            directories = permissions.get("additionalDirectories") or []
            if untrusted:
                self._complain_of_trust(layer.path, "additionalDirectories", len(directories))
            else:
                self._add_directories(directories, source=layer.source)

    def _complain_of_trust(self, path: str, what: str, count: int) -> None:
        """Why what the project's own settings allow does not count (wire-facts §11)."""
        if not count:
            return
        cli = self._cli
        entries = "entry" if count == 1 else "entries"
        cli.host.complain(
            f"Ignoring {count} permissions.{what} {entries} from {path.removeprefix(cli.cwd + '/')}: this workspace "
            "has not been trusted. Run Claude Code interactively here once and accept the trust dialog, or set "
            f'projects["{cli.cwd}"].hasTrustDialogAccepted: true in {cli.settings.state_path(cli.env)}.'
        )

    def _add_directories(self, directories: list[str], *, cwd_too: bool = False, source: str = SESSION) -> None:
        for directory in directories:
            path = self._cli.paths.absolute(directory)
            if path not in self.directories and (cwd_too or path != self._cli.cwd):
                self.directories.append(path)
                if source in OF_THE_PROJECT:
                    self._unlisted.add(path)
            if source not in OF_THE_PROJECT:
                self._unlisted.discard(path)

    @property
    def listed_directories(self) -> list[str]:
        return [path for path in self.directories if path not in self._unlisted]

    def apply(self, updates: list[Frame]) -> None:
        """Permission updates that came with an answer; those for a settings file are kept there as well."""
        for update in updates:
            kind, destination = update.get("type"), update.get("destination", SESSION)
            if destination in SAVED:
                save(self._cli.settings.path(destination), update)
            behavior = update.get("behavior", "allow")
            rules = [Rule.of_update(rule, destination) for rule in update.get("rules") or ()]
            if kind == "addRules":
                self.rules.add(behavior, rules)
            elif kind == "replaceRules":
                self.rules.replace(behavior, destination, rules)
            elif kind == "removeRules":
                self.rules.remove(behavior, rules)
            elif kind == "addDirectories":
                self._add_directories(update.get("directories") or [], cwd_too=True, source=destination)
            elif kind == "removeDirectories":
                gone = [self._cli.paths.absolute(path) for path in update.get("directories") or ()]
                self.directories = [path for path in self.directories if path not in gone]
            elif kind == "setMode":
                self.set_mode(update.get("mode", self.mode))

    def set_mode(self, mode: str) -> None:
        """Change the mode; the host is told when it is another."""
        if mode != self.mode:
            self.mode = mode
            self._cli.frames.system("status", status=None, permissionMode=mode)

    def begin_turn(self) -> None:
        """A turn of the main thread begins."""
        self._unchecked_replies = 0

    def begin_reply(self) -> None:
        """The model is called in the main thread."""
        self._reply_counts = False

    def tell_of_no_check(self) -> None:
        """Say, once a session, why calls are refused in plan mode."""
        if not self._told_of_no_check:
            self._told_of_no_check = True
            from .model_errors import gateway

            host = gateway(self._cli)
            content = NO_CHECK_NOTICE.format(host=host)
            fields = {"isMeta": False, "level": "warning", "tag": "auto_mode_no_server_check"}
            moment = self._cli.frames.timestamp()
            self._cli.frames.system("informational", content=content, **fields, timestamp=moment)

    # Places

    @property
    def places(self) -> list[str]:
        """The working directories."""
        return [self._cli.cwd, *self.directories]

    def within(self, path: str) -> bool:
        """Whether a path lies in a working directory."""
        return any(path == place or path.startswith(place.rstrip("/") + "/") for place in self.places)

    def path_rule(self, behavior: str, tool: str, path: str) -> Rule | None:
        """A rule `Read(…)` or `Edit(…)` that is about a file."""
        for rule in self.rules.about(behavior, tool):
            if rule.content is not None and self._is_about(rule, path):
                return rule
        return None

    def _is_about(self, rule: Rule, path: str) -> bool:
        cli = self._cli
        origin = dirname(cli.settings.path("userSettings")) if rule.source == "userSettings" else cli.cwd
        return path_fits(rule.content or "", normpath(path), cwd=cli.cwd, home=cli.paths.home, origin=origin)

    def sensitive(self, path: str) -> str | None:
        """Why a file is changed only if the user says so."""
        return sensitive(path, self._cli.cwd, self._cli.paths.home)

    # Decisions

    def decide(self, tool: Tool, given: Frame, *, mode: str | None = None, hooked: bool = False) -> Decision:
        """What rules and mode say of a call; `mode`: a sub-agent's own; `hooked`: a hook has decided too."""
        session_mode = self.mode
        self.mode = mode or session_mode
        try:
            decision = self._decide(tool, given)
            asks = decision.behavior == "ask" and not hooked
            return self._instead_of_asking(tool, decision) if asks else decision
        finally:
            self.mode = session_mode

    def _decide(self, tool: Tool, given: Frame) -> Decision:
        denied = self.rules.whole("deny", tool.name)
        if denied is not None:
            return Decision("deny", "rule", f"Permission to use {tool.name} has been denied.", rule=denied)
        own = tool.decide(self._cli, given)
        if own.behavior == "deny":
            return own
        asked = self.rules.whole("ask", tool.name)
        if asked is not None and own.behavior != "deny":
            return asked_by_rule(asked, own.told or tool.nobody_to_ask(self._cli, given))
        if own.behavior == "ask" and (own.safety or tool.always_asks):
            return own
        if self.mode == "bypassPermissions":
            return Decision("allow", "mode")
        if own.behavior == "ask" and own.reason_type == "mode":
            return own
        allowed = self.rules.whole("allow", tool.name)
        if allowed is not None:
            return Decision("allow", "rule", rule=allowed)
        return own

    def _instead_of_asking(self, tool: Tool, decision: Decision) -> Decision:
        """What the mode makes of a call that would be asked about, where no hook has a say."""
        if tool.always_asks or decision.safety:
            return decision
        if self.mode == "dontAsk":
            return Decision("deny", "mode", NOT_ASKING.format(tool.name))
        if self.mode == "plan" and decision.reason_type != "mode":
            return self._unchecked(tool)
        return decision

    def _unchecked(self, tool: Tool) -> Decision:
        """In plan mode what is neither harmless nor an edit would be checked by a server, which is not there."""
        if not self._reply_counts:
            self._reply_counts = True
            self._unchecked_replies += 1
        ends = self._unchecked_replies >= UNCHECKED_AT_MOST
        code = NO_CHECK_END_CODE if ends else NO_CHECK_CODE
        told = (NO_CHECK_END if ends else NO_CHECK).format(tool.name)
        reason = NO_CHECK_END_REASON if ends else "Classifier unavailable"
        return Decision("deny", "classifier", told, reason=reason, decision_reason_code=code)
