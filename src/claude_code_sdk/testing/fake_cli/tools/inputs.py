"""Inputs: whether the input of a built-in tool is one, and in what words the CLI says that it is not.

The tools' JSON Schemas are those that the CLI sends to the model.  What the model writes is set right as the CLI does
it: numbers and booleans that came as texts, and values that were left out and have a default.
"""

from __future__ import annotations

from ....protocol.later import json
from ..inventory import tool_schemas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....protocol.events import Frame

NOT_SENT = (
    "\n\nThis tool's schema was not sent to the API — it was not in the discovered-tool set derived from message "
    "history. Without the schema in your prompt, typed parameters (arrays, numbers, booleans) get emitted as strings "
    'and the client-side parser rejects them. Load the tool first: call ToolSearch with query "select:{name}", then '
    "retry this call. For reference, this tool's input schema is: {schema}"
)
"""What is added for a tool that the model has not looked up."""

TOO_FEW_OPTIONS = (
    "This call included a question with fewer than 2 options, so it was rejected and the person never saw it. A "
    "question with a single option has no decision in it. Do not retry this call and do not invent a filler second "
    "option. Instead, state the one path you were going to offer as the approach you are taking, then continue with "
    "the task. If this call also contained questions with 2 to 4 options (each with distinct labels), you may re-ask "
    "those questions alone in a new call. Ask a question only when the person has at least two genuinely distinct "
    "choices.\n\n"
)
"""What the issues of such a call begin with."""

SHOWN_DEFAULTS = frozenset(["Edit"])
"""Tools whose `assistant` frame shows the defaults that were filled in."""

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,), "array": (list,),
    "object": (dict,),
}  # fmt: skip


class WrongInput(Exception):
    """An input that is refused.  `text` is for the model, `issues` the CLI's own list."""

    def __init__(self, text: str, issues: list[Frame]) -> None:
        super().__init__(text)
        self.text = text
        self.issues = issues

    @property
    def listed(self) -> str:
        """The issues as the frame's `tool_use_result` lists them."""
        return f"InputValidationError: {json.dumps(self.issues, indent=2, ensure_ascii=False)}"


def schema_of(name: str) -> Frame | None:
    """The schema of a built-in tool's input, None for a tool without one."""
    found: Frame | None = tool_schemas()["schemas"].get(name)
    return found


def shown(name: str, given: Any) -> Any:
    """The input as the `assistant` frame shows it."""
    schema = schema_of(name)
    if schema is None or not isinstance(given, dict):
        return given
    made = {key: _coerced(schema["properties"].get(key), value) for key, value in given.items()}
    made = {key: value for key, value in made.items() if value is not _DROPPED}
    if name in SHOWN_DEFAULTS and not _issues(schema, made, (), name):
        made = _defaults(schema) | made
    return made


def parsed(name: str, given: Any, discovered: set[str]) -> Frame:
    """The input as hooks, questions and the tool get it.  Raises `WrongInput`."""
    schema = schema_of(name)
    if schema is None:
        return given if isinstance(given, dict) else {}
    issues = _issues(schema, given, (), name)
    if issues:
        raise WrongInput(_told(name, issues, given, discovered), issues)
    assert isinstance(given, dict)
    known = schema["properties"]
    return {key: value for key, value in given.items() if key in known} | {
        key: value for key, value in _defaults(schema).items() if key not in given
    }


class _Dropped:
    pass


_DROPPED = _Dropped()


def _coerced(schema: Frame | None, value: Any) -> Any:
    """A value as its schema wants it, where the CLI sets it right; `_DROPPED` where it leaves it out."""
    kind = (schema or {}).get("type")
    if kind in ("number", "integer") and isinstance(value, str):
        value = _number(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind == "integer" and isinstance(value, int) and "exclusiveMinimum" in (schema or {}):
        return value if value > (schema or {})["exclusiveMinimum"] else _DROPPED
    return value


def _number(text: str) -> Any:
    digits = text.removeprefix("-")
    if digits.isdecimal():
        return int(text)
    whole, _, part = digits.partition(".")
    return float(text) if whole.isdecimal() and part.isdecimal() else text


def _defaults(schema: Frame) -> Frame:
    return {key: part["default"] for key, part in schema["properties"].items() if "default" in part}


def _issues(schema: Frame, value: Any, path: tuple[str | int, ...], name: str) -> list[Frame]:
    """What is wrong with a value, in the order in which the CLI finds it."""
    kind = schema.get("type")
    if "anyOf" in schema:
        return _union_issues(schema["anyOf"], value, path, name)
    if "const" in schema and value != schema["const"]:
        message = f"Invalid input: expected {json.dumps(schema['const'])}"
        return [{"code": "invalid_value", "values": [schema["const"]], "path": [*path], "message": message}]
    if "enum" in schema and value not in schema["enum"]:
        options = "|".join(f'"{option}"' for option in schema["enum"])
        message = f"Invalid option: expected one of {options}"
        return [{"code": "invalid_value", "values": schema["enum"], "path": [*path], "message": message}]
    if isinstance(kind, str) and not _is_a(kind, value):
        expected = "number" if kind == "integer" else kind
        message = f"Invalid input: expected {expected}, received {received(value)}"
        return [{"expected": expected, "code": "invalid_type", "path": [*path], "message": message}]
    if kind == "string":
        return _string_issues(schema, value, path)
    if kind == "array":
        return _array_issues(schema, value, path, name)
    if kind == "object" and "properties" in schema:
        return _object_issues(schema, value, path, name)
    return []


def _union_issues(options: list[Frame], value: Any, path: tuple[str | int, ...], name: str) -> list[Frame]:
    """What is wrong with a value that may have one of several forms: all that keeps it from each of them."""
    errors = [_issues(option, value, (), name) for option in options]
    if not all(errors):
        return []
    return [{"code": "invalid_union", "errors": errors, "path": [*path], "message": "Invalid input"}]


def _object_issues(schema: Frame, value: Frame, path: tuple[str | int, ...], name: str) -> list[Frame]:
    issues: list[Frame] = []
    properties = schema["properties"]
    for key, part in properties.items():
        if key in value:
            issues += _issues(part, value[key], (*path, key), name)
        elif key in schema.get("required", ()) and "default" not in part:
            issues += _issues(part, _MISSING, (*path, key), name)
    unknown = [key for key in value if key not in properties]
    if unknown and schema.get("additionalProperties") is False:
        names = ", ".join(f'"{key}"' for key in unknown)
        message = f"Unrecognized key{'s' if len(unknown) > 1 else ''}: {names}"
        issues.append({"code": "unrecognized_keys", "keys": unknown, "path": [*path], "message": message})
    return issues


def _string_issues(schema: Frame, value: str, path: tuple[str | int, ...]) -> list[Frame]:
    smallest = schema.get("minLength")
    if smallest is not None and len(value) < smallest:
        message = f"Too small: expected string to have >={smallest} characters"
        return [
            {"origin": "string", "code": "too_small", "minimum": smallest, "inclusive": True, "path": [*path],
             "message": message}
        ]  # fmt: skip
    if schema.get("format") == "uri" and not all(value.partition(":")):
        return [{"code": "invalid_format", "format": "url", "path": [*path], "message": "Invalid URL"}]
    return []


_LENGTHS = (("minItems", "too_small", "minimum", ">="), ("maxItems", "too_big", "maximum", "<="))


def _array_issues(schema: Frame, value: list[Any], path: tuple[str | int, ...], name: str) -> list[Frame]:
    for key, code, bound, sign in _LENGTHS:
        limit = schema.get(key)
        if limit is not None and (len(value) < limit if code == "too_small" else len(value) > limit):
            word = "small" if code == "too_small" else "big"
            message = f"Too {word}: expected array to have {sign}{limit} items"
            return [
                {"origin": "array", "code": code, bound: limit, "inclusive": True, "path": [*path], "message": message}
            ]
    items = schema.get("items")
    if not isinstance(items, dict):
        return []
    return [issue for index, item in enumerate(value) for issue in _issues(items, item, (*path, index), name)]


_MISSING: Any = _Dropped()


def _is_a(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def received(value: Any) -> str:
    """The name of a value's type."""
    if value is _MISSING:
        return "undefined"
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return {str: "string", int: "number", float: "number", list: "array", dict: "object"}.get(type(value), "unknown")


def _too_few_options(issue: Frame) -> bool:
    """Whether a question for the user leaves nothing to choose."""
    return bool(issue["code"] == "too_small" and issue["path"][-1:] == ["options"])


def _told(name: str, issues: list[Frame], given: Frame, discovered: set[str]) -> str:
    missing, unexpected, wrong = [], [], []
    for issue in issues:
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in issue["path"]).lstrip(".")
        if issue["code"] == "invalid_type" and issue["message"].endswith("received undefined"):
            missing.append(f"The required parameter `{where}` is missing")
        elif issue["code"] == "invalid_type":
            kind = issue["message"].rpartition(" ")[2]
            wrong.append(f"The parameter `{where}` type is expected as `{issue['expected']}` but provided as `{kind}`")
        elif issue["code"] == "unrecognized_keys":
            unexpected += [f"An unexpected parameter `{key}` was provided" for key in issue["keys"]]
    lines = missing + unexpected + wrong
    if lines:
        word = "issue" if len(lines) == 1 else "issues"
        text = f"InputValidationError: {name} failed due to the following {word}:\n" + "\n".join(lines)
    else:
        advice = TOO_FEW_OPTIONS if any(map(_too_few_options, issues)) else ""
        text = f"InputValidationError: {advice}{json.dumps(issues, indent=2, ensure_ascii=False)}"
    if name in tool_schemas()["deferred"] and name not in discovered:
        schema = json.dumps(schema_of(name), separators=(",", ":"), ensure_ascii=False)
        text += NOT_SENT.format(name=name, schema=schema)
    return text
