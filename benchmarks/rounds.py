"""Runs an experiment: its workers one after the other, round by round (A B A B), and what its claims make of them."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from .corpora import Corpora
from .environment import Environment
from .experiments import Claim, Experiment, Round, Run, Sample

REPOSITORY = Path(__file__).parent.parent
WORKER_TIMEOUT = 300.0
"""Seconds; no workload takes a tenth of it on an idle machine."""


class WorkerError(Exception):
    """A worker ended without a sample; the text is the end of its stderr."""


def worker(run: Run, *, profile: bool = False) -> Sample:
    """Run one worker process; with `profile`, its cProfile report goes to stderr."""
    command = [run.python, "-m", f"{__package__}.worker", run.workload, run.sdk, json.dumps(run.settings)]
    environment = {**os.environ, "PYTHONPATH": "", "CLAUDE_AGENT_SDK_SKIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        command + ["--profile"] * profile,
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=None if profile else subprocess.PIPE,
        text=True,
        timeout=WORKER_TIMEOUT,
    )
    if done.returncode:
        raise WorkerError(f"{run.label}: {' | '.join((done.stderr or '').strip().splitlines()[-3:])}")
    return json.loads(done.stdout)


def measured(experiment: Experiment, environment: Environment, corpora: Corpora, count: int) -> dict:
    """The experiment's rounds and, for each claim, its figure; or the `error` that ended it."""
    outcome = {"experiment": experiment.name, "claims": [judged(claim, []) for claim in experiment.claims]}
    rounds: list[Round] = []
    try:
        runs = experiment.runs(environment, corpora)
        for number in range(count):
            say(f"{experiment.name}: round {number + 1} of {count}")
            rounds.append({run.label: again(run, rounds) for run in runs})
    except (WorkerError, subprocess.TimeoutExpired) as error:
        return {**outcome, "error": str(error)}
    finally:
        say("")
    return {**outcome, "rounds": rounds, "claims": [judged(claim, rounds) for claim in experiment.claims]}


def again(run: Run, rounds: list[Round]) -> Sample:
    return rounds[0][run.label] if run.once and rounds else worker(run)


def judged(claim: Claim, rounds: list[Round]) -> dict:
    """The median of the claim's figures over the rounds, and the verdict: goal, asked, short or not measured."""
    row = {"what": claim.what, "asked": claim.asked, "goal": claim.goal, "lower": claim.lower, "unit": claim.unit}
    if not rounds:
        return {**row, "reached": None, "verdict": "not measured"}
    figures = sorted(claim.figure(samples) for samples in rounds)
    reached = statistics.median(figures)

    def within(bound: float | None) -> bool:
        return bound is not None and (reached <= bound if claim.lower else reached >= bound)

    middle = min(rounds, key=lambda samples: abs(claim.figure(samples) - reached))
    return {
        **row,
        "reached": reached,
        "least": figures[0],
        "most": figures[-1],
        "shown": claim.shown(middle),
        "verdict": "goal" if within(claim.goal) else "asked" if within(claim.asked) else "short",
    }


def say(text: str) -> None:
    """Progress, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
