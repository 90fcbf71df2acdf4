"""What goes with a test's cassette when the marker says so: frozen time, and the HTTP of the program's tools.

Above: `plugin.py`.  Below: `clock_fixture.py`; `ToolHttp`, for the file `<test>.http.yaml` beside the cassette.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.errors import CassetteError

from .in_use import told
from .marker import ReplaySettings
from .naming import http_beside
from .plugin import IN_USE

if TYPE_CHECKING:
    from claude_code_sdk.cassettes.secrets.rules import Rule
    from claude_code_sdk.testing.http import Mode, ToolHttp

    from .cassette_fixture import ClaudeCassette

AUTO = "auto"
WORDS = (AUTO, "true", "false")
"""What the ini setting `claude_http` may be."""


def beside(
    request: pytest.FixtureRequest,
    fixture: Generator[ClaudeCassette, None, None],
    settings: ReplaySettings,
    rules: Sequence[Rule],
) -> Iterator[ClaudeCassette]:
    """The fixture `claude_cassette` with what goes with it.

    - `fixture`: the fixture without; `settings`, `rules`: what it was given.
    """
    with closing(fixture):
        cassette = next(fixture)
        http = _http(request, cassette, settings, rules)
        with ExitStack() as stack:
            if settings.freeze_time and not cassette.is_live:
                from .clock_fixture import frozen

                stack.enter_context(frozen(request.node, cassette.path))
            if http is not None:
                _enter(stack, http)
                for in_use in request.node.stash.get(IN_USE, ()):
                    in_use.http = http
            yield cassette
        failed = any(in_use.test_failed for in_use in request.node.stash.get(IN_USE, ()))
        if http is not None and not failed and not cassette.is_live:
            _judge(http, unplayed=settings.unplayed == "fail" and settings.answers != "stub")
        next(fixture, None)  # judges what was played, or saves what was recorded
        if http is not None and not failed and cassette.is_live:
            _save(http)


def _http(
    request: pytest.FixtureRequest, cassette: ClaudeCassette, settings: ReplaySettings, rules: Sequence[Rule]
) -> ToolHttp | None:
    """What records or plays the HTTP of the test's tools; None when it is left alone.

    Unless somebody says otherwise it is recorded with the sessions, and played where it was recorded.
    """
    wanted = _wanted(request.config, settings)
    path = http_beside(cassette._path)
    if wanted == "false" or (wanted == AUTO and not cassette.is_live and not os.path.exists(path)):
        return None
    try:
        from claude_code_sdk.testing.http import ToolHttp
    except ImportError as error:
        missing = str(error)
    else:
        return ToolHttp(path, mode=_mode(cassette), rules=rules, accept=cassette.accept)
    if wanted == AUTO and cassette.is_live:
        return None
    pytest.fail(missing, pytrace=False)


def _wanted(config: pytest.Config, settings: ReplaySettings) -> str:
    if settings.http is not None:
        return "true" if settings.http else "false"
    word = str(config.getini("claude_http") or AUTO).lower()
    if word not in WORDS:
        pytest.fail(f"claude_http={word!r}: it is one of {', '.join(WORDS)}", pytrace=False)
    return word


def _mode(cassette: ClaudeCassette) -> Mode:
    """Requests are live where the sessions are."""
    if not cassette.is_live:
        return "none"
    return "new_episodes" if cassette.record_mode == "new_episodes" else "all"


def _enter(stack: ExitStack, http: ToolHttp) -> None:
    try:
        stack.enter_context(http)
    except CassetteError as error:
        damage = error
    else:
        return
    pytest.fail(told(damage), pytrace=False)


def _judge(http: ToolHttp, *, unplayed: bool) -> None:
    try:
        http.check(unplayed=unplayed)
    except (CassetteMismatch, UnplayedEpisode) as error:
        verdict = error
    else:
        return
    pytest.fail(told(verdict), pytrace=False)


def _save(http: ToolHttp) -> None:
    try:
        http.save()
    except CassetteError as error:
        verdict = error
    else:
        return
    pytest.fail(told(verdict), pytrace=False)
