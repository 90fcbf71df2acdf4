"""How alike two recordings of the same programs are, on the CLI's frames, over all processes of each.

    python3 stability.py --harness DIR FIRST SECOND

DIR is the shared material's harness/, whose comparison is used.  Prints what differs, then the figures.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--harness", required=True, help="the shared material's harness/")
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    given = parser.parse_args()
    sys.path.insert(0, given.harness)
    from difftrace import compare  # type: ignore[import-not-found]
    from normalise import normalise  # type: ignore[import-not-found]

    skeletons, deeps = [], []
    for folder in sorted(given.first.iterdir()):
        again = given.second / folder.name
        if not (again / "meta.json").exists():
            continue
        frames = skeleton = deep = 0.0
        for wire in sorted(folder.glob("wire*.jsonl")):
            other = normalise(str(again / wire.name)) if (again / wire.name).exists() else []
            score, lines = compare(normalise(str(wire)), other, only="from_cli")
            weight = score["frames_a"] + score["frames_b"]
            frames += weight
            skeleton += weight * score["skeleton"]
            deep += weight * score["deep"]
            if score["deep"] < 1:
                print(folder.name, wire.name, score)
                print("\n".join(line[:200] for line in lines if not line.startswith("  =")))
        skeletons.append(skeleton / frames)
        deeps.append(deep / frames)
    for name, scores in (("skeleton", skeletons), ("deep", deeps)):
        whole = sum(score > 0.99999 for score in scores)
        print(f"{name}: mean {statistics.mean(scores):.4f}, least {min(scores):.4f}, 1.0 in {whole} of {len(scores)}")


if __name__ == "__main__":
    main()
