"""What taking secrets out costs a clean frame: microseconds of CPU, best of five.

    python -m benchmarks.scrubbing

20,000 mixed frames of 500 B (frames.py) through a `Scrubber`: in reads of 130 frames, one by one; the prefilter alone.
"""

import time

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.secrets import Scrubber

from .frames import FrameMaker

FRAMES, READ = 20_000, 130
ENVIRONMENT = {"MY_TOKEN": "a1B2" * 9, "DB_PASSWORD": "correct horse", "HOME": "/home/grace", "USER": "grace"}


def in_reads(scrubber: Scrubber, reads: list[bytes]) -> None:
    written = [scrubber.lines(read) for read in reads]
    assert b"".join([*written, scrubber.flush()]) == b"".join(reads)


def one_by_one(scrubber: Scrubber, frames: list[bytes]) -> None:
    for frame in frames:
        scrubber.entry(Entry("cli", "frame", at=5, data=frame))
    scrubber.finish()


def prefilter(scrubber: Scrubber, reads: list[bytes]) -> None:
    assert all(scrubber.clean(read) for read in reads)


def main() -> None:
    maker = FrameMaker(3)
    frames = [maker.mixed()[:-1] for _ in range(FRAMES)]
    lines = [b'{"at":5,"from":"cli","frame":%b}\n' % frame for frame in frames]
    reads = [b"".join(lines[i : i + READ]) for i in range(0, FRAMES, READ)]
    for environment in ({}, ENVIRONMENT):
        print(f"{len(environment)} variables", end="")
        for work, given in ((in_reads, reads), (one_by_one, frames), (prefilter, reads)):
            times = []
            for _ in range(5):
                scrubber = Scrubber(environment=environment)
                began = time.process_time()
                work(scrubber, given)
                times.append(time.process_time() - began)
            print(f"   {work.__name__} {min(times) / FRAMES * 1e6:.1f} us", end="")
        print()


if __name__ == "__main__":
    main()
