"""Result: what the world answers when a built-in tool runs.  Answer: for which calls.

Above: `script.py`, and whoever plays the tools.  Below: `patterns.py`, `cassettes/references.py`.  On the fake path.
"""

from __future__ import annotations

from ...cassettes.references import imported, reference
from .errors import ScriptError, ScriptFormatError
from .patterns import fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class _Absent:
    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()
"""A `tool_use_result` that was not given; `None` is one that is null."""


class Result:
    """The outcome of one call of a built-in tool.

    - `content`: text, or a list of Messages API blocks.
    - `is_error`: None when the frame is to have no such key.
    - `tool_use_result`: the tool's own form of it, or `ABSENT`.
    - `function`: makes the result when the tool runs; called with the tool's input, it returns what `of` takes, or an
      awaitable of it.  Where it is given the others mean nothing.
    """

    __slots__ = ("content", "function", "is_error", "tool_use_result")

    def __init__(
        self,
        content: str | list[Any] = "",
        *,
        is_error: bool | None = None,
        tool_use_result: Any = ABSENT,
        function: Callable[..., Any] | None = None,
    ) -> None:
        self.content = content
        self.is_error = is_error
        self.tool_use_result = tool_use_result
        self.function = function

    @classmethod
    def of(cls, returned: Any) -> Result:
        """The result that a function's return value means: a `Result`, text, blocks, or a dict of a result's keys.

        Raises `ScriptError` for anything else.
        """
        if isinstance(returned, Result):
            return returned
        if returned is None:
            return cls()
        if isinstance(returned, str | list):
            return cls(returned)
        if isinstance(returned, dict) and returned.keys() <= set(_KEYS):
            return cls(**returned)
        raise ScriptError(
            "a function that answers for a tool returned what is no result: "
            f"expected text, a list of blocks, or a dict with {', '.join(_KEYS)}, not {returned!r}"
        )

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Result:
        """A result from its JSON form, which was checked.  Its function is imported when it is needed first."""
        if "function" in value:
            return cls(function=Reference(value["function"]))
        return cls(**{key: value[key] for key in _KEYS if key in value})

    def to_json(self, path: str = "$") -> dict[str, Any]:
        """The JSON form.  Raises `ScriptFormatError` for a function that no other process can import."""
        if self.function is not None:
            return {"function": name_of(self.function, f"{path}.function")}
        made: dict[str, Any] = {"content": self.content}
        if self.is_error is not None:
            made["is_error"] = self.is_error
        if self.tool_use_result is not ABSENT:
            made["tool_use_result"] = self.tool_use_result
        return made

    def ready(self) -> Result:
        """Itself, with a function that was imported.  Raises `ScriptError` when it cannot be."""
        if isinstance(self.function, Reference):
            self.function.load()
        return self

    def __repr__(self) -> str:
        if self.function is not None:
            return f"Result(function={self.function!r})"
        return f"Result({self.content!r}, is_error={self.is_error!r}, tool_use_result={self.tool_use_result!r})"


_KEYS = ("content", "is_error", "tool_use_result")


class Reference:
    """A function by its name `MODULE:QUALNAME`, imported when it is called first."""

    __slots__ = ("_function", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._function: Callable[..., Any] | None = None

    def load(self) -> Callable[..., Any]:
        """The function.  Raises `ScriptError` when it cannot be imported."""
        if self._function is None:
            try:
                self._function = imported(self.name)
            except ValueError as error:
                raise ScriptError(f"a function that answers for a tool is not there: {error}") from error
        return self._function

    def __call__(self, *args: Any) -> Any:
        return self.load()(*args)

    def __repr__(self) -> str:
        return self.name


class Answer:
    """A result for every call of a tool whose input fits a pattern.

    - `tool`: the tool's name, or a pattern for it.
    - `matching`: a pattern for the input; `ABSENT`: any input.
    """

    __slots__ = ("matching", "result", "tool")

    def __init__(self, tool: Any, matching: Any, result: Result) -> None:
        self.tool = tool
        self.matching = matching
        self.result = result

    def fits(self, name: str, given: Any) -> bool:
        """Whether it is for a call of this tool with this input."""
        return fits(self.tool, name) and (self.matching is ABSENT or fits(self.matching, given))

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Answer:
        """An answer from its JSON form, which was checked."""
        return cls(value["tool"], value.get("matching", ABSENT), Result.from_json(value))

    def to_json(self, path: str = "$") -> dict[str, Any]:
        """The JSON form; see `Result.to_json`."""
        matching = {} if self.matching is ABSENT else {"matching": self.matching}
        return {"tool": self.tool, **matching, **self.result.to_json(path)}


def name_of(function: Callable[..., Any], path: str) -> str:
    """The name by which another process imports a function.  Raises `ScriptFormatError` when there is none."""
    if isinstance(function, Reference):
        return function.name
    name = reference(function)
    if name is not None:
        return name
    called = f"{getattr(function, '__module__', '?')}:{getattr(function, '__qualname__', None) or repr(function)}"
    code = getattr(function, "__code__", None)
    where = f" ({code.co_filename}:{code.co_firstlineno})" if code is not None else ""
    raise ScriptFormatError(
        path,
        f"{called}{where} cannot go to another process, which imports functions by their name: "
        "it must be a function at the top of a module that is not __main__",
    )
