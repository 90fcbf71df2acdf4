"""The rows of the pytest plugin: what it adds to a test, and to every run of pytest.  Ours alone."""

from collections.abc import Callable

from .corpora import Corpora
from .environment import Environment
from .experiments import OURS, Claim, Experiment, Round, Run


def measuring(what: str, count: int) -> Callable[[Environment, Corpora], list[Run]]:
    """Runs of a function of `workloads/plugin.py`."""
    return lambda environment, _: [Run("ours", environment.ours, "plugin", OURS, {"what": what, "count": count})]


def added(by: str) -> Callable[[Round], float]:
    """CPU milliseconds over an empty test."""
    return lambda samples: samples["ours"][by] - samples["ours"]["empty"]


def beside_an_empty_one(by: str) -> Callable[[Round], str]:
    return lambda samples: f"{samples['ours'][by]:.2f} ms, an empty async test {samples['ours']['empty']:.2f} ms"


PLUGIN = [
    Experiment(
        "plugin-fixtures",
        measuring("fixtures", 300),
        [
            Claim(what, asked, None, added(by), lower=True, unit=" ms", shown=beside_an_empty_one(by))
            for what, by, asked in (
                ("pytest plugin: claude_cassette, over an empty async test; CPU", "fixture", 0.35),
                ("  and one prompt played from it", "played", 3.0),
                ("  fake_claude, and one prompt", "scripted", 5.0),
            )
        ],
    ),
    Experiment(
        "plugin-loading",
        measuring("loading", 9),
        [
            Claim(
                "pytest plugin: added to every run of pytest; CPU",
                10,
                None,
                lambda samples: samples["ours"]["loading"],
                lower=True,
                unit=" ms",
            )
        ],
    ),
]
