"""ScriptError and ScriptFormatError.

Above: everything that reads or plays a script.  Below: nothing.  On the fake path.
"""

from __future__ import annotations


class ScriptError(AssertionError):
    """The program does not do what the script is written for, or asks for more than the script has.

    An AssertionError and not a `ClaudeSDKError`: it is the verdict of a test, which the program under test must not
    catch with its own `except ClaudeSDKError`.
    """


class ScriptFormatError(ValueError):
    """A script is written wrong.  The text begins with the path of the fault and says what was expected there.

    - `path`: such as `$.turns[2].content[0].type`; `$` is the script.
    - `problem`: what is wrong there.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem

    def __reduce__(self) -> tuple[type[ScriptFormatError], tuple[str, str]]:
        return type(self), (self.path, self.problem)
