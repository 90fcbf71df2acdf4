"""The rows of the scripted fake CLI: its start, a conversation on it, many sessions at once.  Ours alone."""

from collections.abc import Callable

from .corpora import Corpora
from .environment import Environment
from .experiments import OURS, Claim, Experiment, Round, Run


def measuring(*measured: tuple[str, str, int]) -> Callable[[Environment, Corpora], list[Run]]:
    """Runs of functions of `workloads/scripted.py`: label, name and count of each."""

    def runs(environment: Environment, _: Corpora) -> list[Run]:
        return [
            Run(label, environment.ours, "scripted", OURS, {"what": what, "count": count})
            for label, what, count in measured
        ]

    return runs


def over_pass(how: str) -> Callable[[Round], float]:
    """Milliseconds that a start takes more than `python -c pass`."""
    return lambda samples: samples["ours"][how] - samples["ours"]["pass"]


def starts(how: str) -> Callable[[Round], str]:
    return lambda samples: f"{samples['ours'][how]:.1f} ms, python -c pass {samples['ours']['pass']:.1f} ms"


def each(samples: Round) -> float:
    """CPU milliseconds of one session."""
    return samples["ours"]["cpu"] / samples["ours"]["sessions"] * 1000


def altogether(label: str) -> Callable[[Round], str]:
    return lambda samples: f"{samples[label]['sessions']:,} sessions in {samples[label]['wall']:.1f} s"


SCRIPTED = [
    Experiment(
        "fake-start",
        measuring(("ours", "start", 25)),
        [
            Claim(
                "fake-claude, spawn to initialized, over python -c pass",
                40,
                25,
                over_pass("console"),
                lower=True,
                unit=" ms",
                shown=starts("console"),
            ),
            Claim(
                "  the executable of write_executable()",
                40,
                25,
                over_pass("written"),
                lower=True,
                unit=" ms",
                shown=starts("written"),
            ),
        ],
    ),
    Experiment(
        "fake-conversation",
        measuring(("ours", "conversation", 300)),
        [Claim("scripted conversation: 2 turns, hook, tool; CPU", 1.5, None, each, lower=True, unit=" ms")],
    ),
    Experiment(
        "fake-at-once",
        measuring(("processes", "at_once_as_processes", 200), ("ours", "at_once_in_process", 2_000)),
        [
            Claim(
                f"scripted sessions at once{where}: what is left",
                0,
                None,
                lambda samples, label=label: samples[label]["left"],
                lower=True,
                unit="",
                shown=altogether(label),
            )
            for label, where in (("processes", ", each a process"), ("ours", ", in process"))
        ],
    ),
]
