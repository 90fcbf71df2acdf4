"""One measurement in a process of its own: `python -m benchmarks.worker WORKLOAD SDK SETTINGS [--profile]`.

`WORKLOAD` is a module of `workloads/`, `SDK` the import name of the SDK under test, `SETTINGS` a JSON object for the
workload.  Prints one JSON object: `wall` and `cpu` in seconds, `peak` in bytes, and what the workload adds.
"""

import argparse
import cProfile
import importlib
import json
import pstats
import sys

from .meter import Meter


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workload")
    parser.add_argument("sdk")
    parser.add_argument("settings", type=json.loads)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    profile = cProfile.Profile() if arguments.profile else None
    workload = importlib.import_module(f".workloads.{arguments.workload}", __package__)
    sample = workload.run(arguments.sdk, arguments.settings, Meter(profile))
    if profile is not None:
        statistics = pstats.Stats(profile, stream=sys.stderr)
        statistics.strip_dirs().sort_stats("tottime").print_stats(25)
        statistics.sort_stats("cumulative").print_stats(25)
    print(json.dumps(sample))


if __name__ == "__main__":
    main()
