"""Which engine a test runs on: the setting, unless its marker or its parameter says otherwise.

Above: `plugin.py`.  Below: `config.py`.
"""

from __future__ import annotations

import pytest

from .config import ENGINE, chosen, is_explicit

MARKER = "claude_engine"


def engine_of(request: pytest.FixtureRequest) -> str:
    """The engine of a test.  Skips the test, with the marker's reason, on an engine that its marker does not name.

    A parameter of the fixture counts before everything else.  Where neither the environment nor the command line names
    an engine, a test whose marker does not have the usual one runs on the first that it names.
    """
    allowed, reason = _restriction(request)
    param: object = getattr(request, "param", None)
    try:
        if param is not None:
            engine = ENGINE.checked(str(param), "the parameter of claude_engine")
        else:
            choice = chosen(request.config, ENGINE)
            engine = choice.value
            if engine not in allowed and not is_explicit(choice, ENGINE):
                engine = allowed[0]
    except ValueError as error:
        wrong = str(error)
    else:
        wrong = ""
    if wrong:
        pytest.fail(wrong, pytrace=False)
    if engine not in allowed:
        pytest.skip(f"not on the engine {engine}: {reason}")
    return engine


def _restriction(request: pytest.FixtureRequest) -> tuple[tuple[str, ...], str]:
    """The engines that the nearest marker names, and why; all of them without one."""
    marker = request.node.get_closest_marker(MARKER)
    if marker is None:
        return ENGINE.words, ""
    reason = marker.kwargs.get("reason")
    wrong = [word for word in marker.args if word not in ENGINE.words]
    if wrong or not marker.args or not isinstance(reason, str) or marker.kwargs.keys() != {"reason"}:
        pytest.fail(
            f'@pytest.mark.{MARKER}("ENGINE", …, reason="…"): an engine is one of {", ".join(ENGINE.words)}, and the '
            "reason is a text",
            pytrace=False,
        )
    return marker.args, reason
