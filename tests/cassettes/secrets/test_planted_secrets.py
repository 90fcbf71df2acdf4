"""Secrets planted in every place: none gets out of the scrubber, whatever the form."""

from __future__ import annotations

import json

import pytest

from claude_code_sdk.cassettes.entry_line import decode_line
from claude_code_sdk.cassettes.secrets import Scrubber, residues

from .placements import PLACEMENTS, decodings, lines, scrub
from .vectors import IDS, VECTORS, Vector

ENVIRONMENT = {
    "MY_SERVICE_TOKEN": 'he said "tr0ub4dor" & left\\',
    "DB_PASSWORD": "swordfishing",
    "UNICODE_SECRET": "pässwörd→№1",
    "LONG_API_KEY": "Zm9vYmFyL2Jhei9xdXg9Zm9vYmFyL2Jhei9xdXg",
    "PATH": "/usr/bin:/bin",
    "LANG": "en_US.UTF-8",
    "AUTH_MODE": "automatic",
    "MAX_OUTPUT_TOKENS": "32000",
}
SECRET_NAMES = ("MY_SERVICE_TOKEN", "DB_PASSWORD", "UNICODE_SECRET", "LONG_API_KEY")

in_each_place = pytest.mark.parametrize("place", PLACEMENTS)


@in_each_place
@pytest.mark.parametrize("vector", VECTORS, ids=IDS)
def test_a_secret_does_not_get_out(vector: Vector, place: str) -> None:
    planted = PLACEMENTS[place](vector.text)
    assert vector.secret in decodings(lines(planted)), "it was not planted"
    written = lines(scrub(planted))
    assert vector.secret not in decodings(written)
    assert len(written.splitlines()) == len(planted)
    assert residues(written) == []


@in_each_place
@pytest.mark.parametrize("name", SECRET_NAMES)
def test_the_value_of_a_secret_variable_does_not_get_out(name: str, place: str) -> None:
    value = ENVIRONMENT[name]
    planted = PLACEMENTS[place](f"it is {value} .")
    assert value in decodings(lines(planted)), "it was not planted"
    written = lines(scrub(planted, Scrubber(environment=ENVIRONMENT)))
    assert value not in decodings(written)
    assert residues(written, environment=ENVIRONMENT) == []


@in_each_place
@pytest.mark.parametrize("name", [name for name in ENVIRONMENT if name not in SECRET_NAMES])
def test_the_value_of_another_variable_stays(name: str, place: str) -> None:
    planted = PLACEMENTS[place](f"it is {ENVIRONMENT[name]} .")
    assert lines(scrub(planted, Scrubber(environment=ENVIRONMENT))) == lines(planted)


@in_each_place
@pytest.mark.parametrize("vector", VECTORS[::7], ids=IDS[::7])
def test_what_is_written_is_valid_and_scrubbing_it_again_changes_nothing(vector: Vector, place: str) -> None:
    written = lines(scrub(PLACEMENTS[place](vector.text)))
    again = [decode_line(line, 0, len(line), 1, "again") for line in written.splitlines()]
    assert all(json.loads(line) for line in written.splitlines())
    assert lines(scrub(again)) == written


def test_at_least_forty_forms_in_ten_places_were_tried() -> None:
    assert len(VECTORS) >= 40
    assert len(PLACEMENTS) >= 10
