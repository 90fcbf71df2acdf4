"""What a statement costs a fresh interpreter, over `pass`.

Settings: `python`; `statement`; `count`; `never`, modules that it should not load.  `wall` and `cpu` of the sample are
net: the median over `count` starts less the median of `pass`, started in turn.  `loaded` counts those of `never` that
it loads all the same.
"""

import os
import statistics
import subprocess
import time


def run(_sdk, settings, _meter):
    python, statement = settings["python"], settings["statement"]
    loaded = loaded_modules(python, statement, settings["never"])
    starts = {"pass": [], statement: []}
    for _ in range(settings["count"]):
        for text, figures in starts.items():
            figures.append(start(python, text))
    bare, whole = ([statistics.median(column) for column in zip(*rows, strict=True)] for rows in starts.values())
    return {"wall": whole[0] - bare[0], "cpu": whole[1] - bare[1], "peak": 0, "loaded": loaded}


def start(python, statement):
    """Wall clock and CPU seconds of one interpreter."""
    began = time.perf_counter()
    pid = os.posix_spawn(python, [python, "-c", statement], os.environ)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"{python} -c {statement!r} ended with status {status}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime


def loaded_modules(python, statement, named):
    """How many of the modules `named` are loaded after `statement`."""
    report = f"{statement}\nimport sys\nprint(len(set({named!r}) & set(sys.modules)))"
    return int(subprocess.run([python, "-c", report], check=True, capture_output=True, text=True).stdout)
