"""The yardstick for `live`: blocking `os.read`, split on newlines, `orjson.loads`; no event loop and no messages."""

import os
import subprocess

import orjson

READ_SIZE = 64 * 1024
INITIALIZE = b'{"type":"control_request","request_id":"req_1","request":{"subtype":"initialize","hooks":null}}\n'
PROMPT = b'{"type":"user","message":{"role":"user","content":"go"},"parent_tool_use_id":null,"session_id":"default"}\n'


def run(_sdk, settings, meter):
    environment = {**os.environ, "BENCH_CORPORA": ":".join(settings["corpora"])}
    process = subprocess.Popen(
        [settings["cli"]], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    frames = 0
    with process:
        write(process, INITIALIZE)
        os.read(process.stdout.fileno(), READ_SIZE)
        for number in range(len(settings["corpora"])):
            if number < len(settings["corpora"]) - settings["measured"]:
                turn(process)
                continue
            with meter:
                frames += turn(process)
        process.stdin.close()
    return meter.sample(frames=frames)


def write(process, data):
    os.write(process.stdin.fileno(), data)


def turn(process):
    """Send the prompt and decode every frame up to the end of the turn; returns how many there were."""
    write(process, PROMPT)
    descriptor, rest, count = process.stdout.fileno(), b"", 0
    loads, read = orjson.loads, os.read
    while True:
        lines = (rest + read(descriptor, READ_SIZE)).split(b"\n")
        rest = lines.pop()
        for line in lines:
            frame = loads(line)
            count += 1
        if lines and frame.get("state") == "idle":
            return count
