"""The table: what is run in each round, and what is claimed of it.

An `Experiment` says which worker processes make a round; a `Claim` is one figure computed from a round's samples, with
the least that is asked and the goal.  The median of a claim's figures over the rounds is judged.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from .corpora import Corpora
from .environment import Environment
from .frames import SESSION, TOOL_USE_ID

OURS, OFFICIAL = "claude_code_sdk", "claude_agent_sdk"
QUICKSTART = (
    "query, ClaudeSDKClient, {options}, AssistantMessage, TextBlock, ResultMessage, HookMatcher, tool, "
    "create_sdk_mcp_server, PermissionResultAllow, PermissionResultDeny"
)
NEVER_LOADED = ["mcp", "pydantic"]
BIG = 20 * 2**20

Sample = dict[str, Any]
Round = dict[str, Sample]


class Run(NamedTuple):
    """One worker process of a round: `label` names its sample; `once` runs it in the first round only."""

    label: str
    python: str
    workload: str
    sdk: str
    settings: dict[str, Any]
    once: bool = False


class Claim(NamedTuple):
    """`figure` of a round is to be at least `asked` (at most, when `lower`); `shown` gives the absolute figures."""

    what: str
    asked: float
    goal: float | None
    figure: Callable[[Round], float]
    lower: bool = False
    unit: str = "x"
    shown: Callable[[Round], str] = lambda _: ""


class Experiment(NamedTuple):
    name: str
    runs: Callable[[Environment, Corpora], list[Run]]
    claims: list[Claim]


def both(environment: Environment, workload: str, settings: dict[str, Any]) -> list[Run]:
    return [
        Run("ours", environment.ours, workload, OURS, settings),
        Run("official", environment.official, workload, OFFICIAL, settings),
    ]


def ratio(key: str) -> Callable[[Round], float]:
    """Ours over the official SDK's."""
    return lambda samples: samples["ours"][key] / samples["official"][key]


def rate(sample: Sample) -> float:
    return sample["frames"] / sample["wall"]


def cost(sample: Sample) -> float:
    """CPU seconds for each frame."""
    return sample["cpu"] / sample["frames"]


# Importing


def start_up(statement: str) -> Callable[[Environment, Corpora], list[Run]]:
    def runs(environment: Environment, _: Corpora) -> list[Run]:
        def of(label: str, python: str, sdk: str, options: str, count: int) -> Run:
            text = statement.format(sdk=sdk, names=QUICKSTART.format(options=options))
            settings = {"python": python, "statement": text, "count": count, "never": NEVER_LOADED}
            return Run(label, environment.ours, "start_up", sdk, settings)

        return [
            of("ours", environment.ours, OURS, "ClaudeCodeOptions", 9),
            of("official", environment.official, OFFICIAL, "ClaudeAgentOptions", 3),
        ]

    return runs


def net_times(samples: Round) -> str:
    return " / ".join(f"{samples[label]['wall'] * 1000:.0f}" for label in ("ours", "official")) + " ms"


IMPORTS = [
    Experiment(
        "import",
        start_up("import {sdk}"),
        [Claim("import alone, net time", 0.04, 0.02, ratio("wall"), lower=True, shown=net_times)],
    ),
    Experiment(
        "import-names",
        start_up("from {sdk} import {names}"),
        [
            Claim("import, every name of the quickstart, net time", 0.15, 0.1, ratio("wall"), True, shown=net_times),
            Claim("  modules of mcp and pydantic that it loads", 0, None, lambda s: s["ours"]["loaded"], True, ""),
        ],
    ),
]


# Live


def live(corpus: Callable[[Corpora], str], measured: int = 1, *, limit: bool = False) -> Callable[..., list[Run]]:
    def runs(environment: Environment, corpora: Corpora) -> list[Run]:
        files = [corpora.mixed(200)] + [corpus(corpora)] * measured
        settings = {"cli": environment.fake, "corpora": files, "measured": measured}
        yardstick = [Run("limit", environment.ours, "limit", "none", settings)] if limit else []
        return both(environment, "live", settings) + yardstick

    return runs


def frame_rate(samples: Round) -> float:
    return rate(samples["ours"]) / rate(samples["official"])


def frame_rates(samples: Round) -> str:
    rates = " / ".join(f"{rate(samples[label]):,.0f}" for label in ("ours", "official"))
    return f"{rates} frames/s, CPU {ratio('cpu')(samples):.2f}x"


def peaks(samples: Round) -> str:
    return " / ".join(f"{samples[label]['peak'] / 2**20:.0f}" for label in ("ours", "official")) + " MiB"


LIVE = [
    Experiment(
        "live-mixed",
        live(lambda corpora: corpora.mixed(100_000), limit=True),
        [
            Claim("live, mixed frames of ~500 B", 4, 5, frame_rate, shown=frame_rates),
            Claim(
                "  of the limit (os.read, split, orjson.loads)",
                0.40,
                0.50,
                lambda s: rate(s["ours"]) / rate(s["limit"]),
                shown=lambda s: f"limit {rate(s['limit']):,.0f} frames/s",
            ),
        ],
    ),
    Experiment(
        "live-deltas",
        live(lambda corpora: corpora.deltas(100_000)),
        [Claim("live, small deltas", 5, 6, frame_rate, shown=frame_rates)],
    ),
    Experiment(
        "live-64k",
        live(lambda corpora: corpora.large(1_500, 64 * 1024)),
        [Claim("live, frames of 64 KiB", 1.5, 1.6, frame_rate, shown=frame_rates)],
    ),
    Experiment(
        "live-20m",
        live(lambda corpora: corpora.large(1, BIG), 3),
        [
            Claim("live, one frame of 20 MiB", 1.05, 1.15, frame_rate, shown=frame_rates),
            Claim("  peak memory", 0.75, None, ratio("peak"), lower=True, shown=peaks),
        ],
    ),
]


# Round trips

SUGGESTIONS = [
    {
        "type": "addRules",
        "rules": [{"toolName": "Bash", "ruleContent": "touch made.txt"}],
        "behavior": "allow",
        "destination": "localSettings",
    },
    {"type": "addDirectories", "directories": ["/project"], "destination": "session"},
    {"type": "setMode", "mode": "acceptEdits", "destination": "session"},
]
BASH = {"command": "touch made.txt", "description": "touch"}
HOOK_INPUT = {
    "session_id": SESSION,
    "transcript_path": f"/home/user/.claude/projects/-project/{SESSION}.jsonl",
    "cwd": "/project",
    "prompt_id": SESSION,
    "permission_mode": "default",
    "effort": {"level": "medium"},
    "hook_event_name": "PreToolUse",
    "tool_name": "Bash",
    "tool_input": BASH,
    "tool_use_id": TOOL_USE_ID,
}
REQUESTS = {
    "hook": {"subtype": "hook_callback", "callback_id": "@CALLBACK@", "input": HOOK_INPUT, "tool_use_id": TOOL_USE_ID},
    "permission": {
        "subtype": "can_use_tool",
        "tool_name": "Bash",
        "display_name": "Bash",
        "input": BASH,
        "description": "touch",
        "permission_suggestions": SUGGESTIONS,
        "blocked_path": "/project/made.txt",
        "tool_use_id": TOOL_USE_ID,
    },
}


def mcp(method: str, number: object = None, **parameters: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"method": method, "jsonrpc": "2.0"}
    if number is not None:
        message["id"] = number
    if parameters:
        message["params"] = parameters
    return {"subtype": "mcp_message", "server_name": "kit", "message": message}


HANDSHAKE = [
    mcp(
        "initialize",
        0,
        protocolVersion="2025-11-25",
        capabilities={},
        clientInfo={"name": "claude-code", "version": "2.1.330"},
    ),
    mcp("notifications/initialized"),
    mcp("tools/list", 1),
]
REQUESTS["mcp"] = mcp("tools/call", "@N@", name="add", arguments={"a": 2, "b": 40})


def exchange(kind: str, count: int) -> Callable[[Environment, Corpora], list[Run]]:
    def runs(environment: Environment, corpora: Corpora) -> list[Run]:
        settings = {"cli": environment.fake, "kind": kind, "count": count}
        settings["request"] = corpora.requests([REQUESTS[kind]])
        if kind == "mcp":
            settings["handshake"] = corpora.requests(HANDSHAKE)
        return both(environment, "exchange", settings)

    return runs


def round_trips(samples: Round) -> str:
    microseconds = " / ".join(f"{cost(samples[label]) * 1e6:.0f}" for label in ("ours", "official"))
    return f"{microseconds} us CPU, median round trip {ratio('median')(samples):.2f}x"


EXCHANGES = [
    Experiment(
        "hook",
        exchange("hook", 4_000),
        [Claim("hook round trip, CPU", 0.75, 0.5, ratio("cpu"), lower=True, shown=round_trips)],
    ),
    Experiment(
        "permission",
        exchange("permission", 4_000),
        [Claim("permission round trip, CPU", 0.5, 0.35, ratio("cpu"), lower=True, shown=round_trips)],
    ),
    Experiment(
        "mcp",
        exchange("mcp", 1_000),
        [Claim("in-process MCP tools/call, CPU", 0.12, 0.06, ratio("cpu"), lower=True, shown=round_trips)],
    ),
]


# Sessions, control, replay, scale


def sessions(count: int, *, over_process: bool) -> Callable[[Environment, Corpora], list[Run]]:
    def runs(environment: Environment, corpora: Corpora) -> list[Run]:
        settings = {"corpus": corpora.short_turn(), "count": count}
        return both(environment, "session", {**settings, "cli": environment.fake} if over_process else settings)

    return runs


def session_times(samples: Round) -> str:
    medians = " / ".join(f"{samples[label]['median']:.2f}" for label in ("ours", "official"))
    return f"{medians} ms, CPU {ratio('cpu')(samples):.2f}x"


SESSIONS = [
    Experiment(
        "session-process",
        sessions(150, over_process=True),
        [Claim("connect, query, result, disconnect: process", 0.65, 0.55, ratio("median"), True, shown=session_times)],
    ),
    Experiment(
        "session-memory",
        sessions(1_000, over_process=False),
        [Claim("  the same in process", 0.6, 0.5, ratio("median"), True, shown=session_times)],
    ),
]


def interrupts(environment: Environment, corpora: Corpora) -> list[Run]:
    settings = {"cli": environment.fake, "corpus": corpora.unfinished(1_000), "ending": corpora.ending()}
    return [
        Run("ours", environment.ours, "interrupt", OURS, {**settings, "count": 10}),
        Run("official", environment.official, "interrupt", OFFICIAL, {**settings, "count": 1}, once=True),
    ]


def interrupt_times(samples: Round) -> str:
    official = samples["official"]["median"]
    return f"worst {samples['ours']['worst']:.1f} ms, official " + (f"{official:.1f} ms" if official else "none in 5 s")


CONTROL = [
    Experiment(
        "interrupt",
        interrupts,
        [
            Claim(
                "interrupt() while 1,000 frames lie unread",
                20,
                5,
                lambda s: float("inf") if s["ours"]["median"] is None else s["ours"]["median"],
                lower=True,
                unit=" ms",
                shown=interrupt_times,
            )
        ],
    ),
]

ARGV = ["claude", "--output-format", "stream-json", "--verbose", "--system-prompt", "", "--input-format", "stream-json"]


def replays(environment: Environment, corpora: Corpora) -> list[Run]:
    settings = {"cassette": corpora.cassette(100_000, ARGV), "warm_up": corpora.cassette(200, ARGV)}
    return both(environment, "replay", settings)


REPLAY = [
    Experiment(
        "replay",
        replays,
        [
            Claim("load and replay 100,000 frames", 6, 9, frame_rate, shown=frame_rates),
            Claim("  peak memory", 0.33, None, ratio("peak"), lower=True, shown=peaks),
        ],
    ),
]


def growing(environment: Environment, corpora: Corpora) -> list[Run]:
    def of(label: str, count: int, measured: int) -> Run:
        files = [corpora.mixed(200)] + [corpora.mixed(count)] * measured
        settings = {"cli": environment.fake, "corpora": files, "measured": measured}
        return Run(label, environment.ours, "live", OURS, settings)

    return [of("10,000", 10_000, 5), of("300,000", 300_000, 1)]


SCALE = [
    Experiment(
        "scale",
        growing,
        [
            Claim(
                "CPU of a frame among 300,000, of one among 10,000",
                1.1,
                None,
                lambda s: cost(s["300,000"]) / cost(s["10,000"]),
                lower=True,
                shown=lambda s: " / ".join(f"{cost(s[label]) * 1e6:.2f}" for label in ("300,000", "10,000")) + " us",
            ),
            Claim(
                "  peak memory",
                1.1,
                None,
                lambda s: s["300,000"]["peak"] / s["10,000"]["peak"],
                lower=True,
                shown=lambda s: " / ".join(f"{s[x]['peak'] / 2**20:.1f}" for x in ("300,000", "10,000")) + " MiB",
            ),
        ],
    ),
]

EXPERIMENTS = {e.name: e for e in IMPORTS + LIVE + EXCHANGES + SESSIONS + CONTROL + REPLAY + SCALE}
