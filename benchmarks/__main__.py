"""`python -m benchmarks`: run experiments in interleaved rounds and print the table.  See README.md."""

import argparse
import json
import os

from .corpora import Corpora
from .environment import Environment
from .experiments import EXPERIMENTS as OF_THE_SDK
from .experiments import OURS
from .plugin import PLUGIN
from .recording import RECORDING
from .report import table
from .rounds import measured, worker
from .scripted import SCRIPTED

EXPERIMENTS = {**OF_THE_SDK, **{experiment.name: experiment for experiment in [*RECORDING, *SCRIPTED, *PLUGIN]}}


def main() -> None:
    arguments = parsed()
    # With it every process compiles again what it imports, which an installed package does not do.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    environment = Environment(arguments.ours, arguments.official)
    corpora = Corpora(environment.cache)
    if arguments.profile:
        runs = EXPERIMENTS[arguments.profile].runs(environment, corpora)
        worker(next(run for run in reversed(runs) if run.sdk == OURS), profile=True)
        return
    chosen = [EXPERIMENTS[name] for name in arguments.only or EXPERIMENTS]
    outcomes = [measured(experiment, environment, corpora, arguments.rounds) for experiment in chosen]
    print(json.dumps(outcomes, indent=1) if arguments.json else table(outcomes))


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed beside the official SDK.")
    parser.add_argument("--only", nargs="+", choices=EXPERIMENTS, metavar="ROW", help=", ".join(EXPERIMENTS))
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of each row (default: 5)")
    parser.add_argument("--json", action="store_true", help="print samples and figures as JSON instead of a table")
    parser.add_argument("--profile", choices=EXPERIMENTS, metavar="ROW", help="run our side of ROW once under cProfile")
    parser.add_argument("--ours", metavar="PYTHON", help="interpreter that has our SDK (default: this one)")
    parser.add_argument("--official", metavar="PYTHON", help="interpreter that has the official SDK (default: made)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
