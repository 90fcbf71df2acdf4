"""A script: what the model says and the world answers while a program runs on the fake CLI.

    errors.py       ScriptError, ScriptFormatError
    blocks.py       text, thinking, tool_use, sleep: the pieces of a reply
    turn.py         Turn: one reply
    result.py       Result, Answer: what built-in tools return
    patterns.py     what a value must be like
    expectation.py  Expectation: what the program must send
    fault.py        Fault: what goes wrong, and where
    fluent.py       the chain of calls that writes a script
    script.py       Script: all of it, and its JSON form
    shapes.py       values that are checked, and described as JSON Schema, by one text
    format.py       the JSON form
    state.py        State: what is used up; sessions
    run.py          ScriptRun: one process's view, which the fake CLI plays from

On the fake path.
"""

from .blocks import sleep, text, thinking, tool_use
from .errors import ScriptError, ScriptFormatError
from .expectation import Expectation
from .fault import Fault
from .patterns import containing
from .result import ABSENT, Answer, Result
from .run import ScriptRun
from .script import Script
from .state import State
from .turn import Turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import Store as Store

__all__ = [
    "ABSENT",
    "Answer",
    "Expectation",
    "Fault",
    "Result",
    "Script",
    "ScriptError",
    "ScriptFormatError",
    "ScriptRun",
    "State",
    "Turn",
    "containing",
    "sleep",
    "text",
    "thinking",
    "tool_use",
]
