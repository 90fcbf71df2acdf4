"""Rows about cassettes, beside `claude-agent-cassette`, the peer that records and replays.

Above: `experiments.py`, which lists them.  The peer gets an environment of its own, with the newest SDK and the major
version of `mcp` that it works with.
"""

import subprocess
import sys
from pathlib import Path

from .corpora import Corpora
from .environment import Environment
from .experiments import ARGV, OFFICIAL, OURS, Claim, Experiment, Run, cost

PEER = ("claude-agent-cassette==0.5.2", "claude-agent-sdk==0.2.139", "mcp<2")
FRAMES = 100_000


def peer_python(environment: Environment) -> str:
    """The interpreter of the peer's environment, which is made on first use."""
    directory: Path = environment.cache / f"claude-agent-cassette-0.5.2-{sys.implementation.cache_tag}"
    python, complete = directory / "bin" / "python", directory / "complete"
    if not complete.exists():
        print(f"installing {PEER[0]} into {directory}", file=sys.stderr)
        subprocess.run([environment.ours, "-m", "venv", "--clear", str(directory)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEER], check=True)
        complete.touch()
    return str(python)


def recordings(environment: Environment, corpora: Corpora) -> list[Run]:
    def of(label: str, python: str, sdk: str, recorder: str | None) -> Run:
        settings = {
            "cli": environment.fake,
            "corpora": [corpora.mixed(200), corpora.mixed(FRAMES)],
            "recorder": recorder,
            "folder": str(environment.cache),
        }
        return Run(label, python, "recording", sdk, settings)

    return [
        of("ours", environment.ours, OURS, None),
        of("recorded", environment.ours, OURS, "ours"),
        of("official", environment.official, OFFICIAL, None),
        of("peer", peer_python(environment), OFFICIAL, "peer"),
    ]


def costs(*labels: str):
    return lambda samples: " / ".join(f"{cost(samples[label]) * 1e6:.2f}" for label in labels) + " us"


def small(count: int, *, at_once: bool):
    def runs(environment: Environment, corpora: Corpora) -> list[Run]:
        settings = {"cassette": corpora.cassette(20, ARGV), "count": count, "at_once": at_once}
        return [
            Run("ours", environment.ours, "cassettes", OURS, settings),
            Run("peer", peer_python(environment), "cassettes", OFFICIAL, settings),
        ]

    return runs


def sessions(samples) -> str:
    return " / ".join(f"{samples[x]['wall'] / samples[x]['sessions'] * 1e3:.2f}" for x in ("ours", "peer")) + " ms"


def long_replays(environment: Environment, corpora: Corpora) -> list[Run]:
    settings = {"cassette": corpora.cassette(FRAMES, ARGV), "count": 1, "at_once": True}
    return [
        Run("ours", environment.ours, "cassettes", OURS, settings),
        Run("peer", peer_python(environment), "cassettes", OFFICIAL, settings),
    ]


def faster(samples) -> float:
    return samples["peer"]["wall"] / samples["ours"]["wall"]


RECORDING = [
    Experiment(
        "record",
        recordings,
        [
            Claim(
                "record 100,000 frames, CPU of a frame, to the official SDK's that does not",
                1.0,
                0.75,
                lambda s: cost(s["recorded"]) / cost(s["official"]),
                lower=True,
                shown=costs("recorded", "official"),
            ),
            Claim(
                "  to the peer's recorder",
                0.5,
                None,
                lambda s: cost(s["recorded"]) / cost(s["peer"]),
                lower=True,
                shown=costs("recorded", "peer"),
            ),
            Claim(
                "  memory that recording adds",
                5,
                None,
                lambda s: (s["recorded"]["peak"] - s["ours"]["peak"]) / 2**20,
                lower=True,
                unit=" MiB",
                shown=lambda s: (
                    " / ".join(f"{s[x]['peak'] / 2**20:.0f}" for x in ("recorded", "ours", "peer")) + " MiB"
                ),
            ),
        ],
    ),
    Experiment(
        "cassettes-sequential",
        small(1_000, at_once=False),
        [Claim("1,000 small cassettes, one after another", 1.0, None, faster, shown=sessions)],
    ),
    Experiment(
        "cassettes-at-once",
        small(200, at_once=True),
        [Claim("200 small cassettes at once", 1.0, None, faster, shown=sessions)],
    ),
    Experiment(
        "replay-peer",
        long_replays,
        [
            Claim("load and replay 100,000 frames, to the peer", 6, 9, faster, shown=sessions),
            Claim("  peak memory", 0.33, None, lambda s: s["ours"]["peak"] / s["peer"]["peak"], lower=True),
        ],
    ),
]
