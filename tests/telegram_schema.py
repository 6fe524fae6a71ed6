"""Checks calls and answers against the published description of the Bot API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

JSON = dict[str, Any]

SCHEMA = Path(__file__).parent / "data" / "telegram-bot-api-10.1.min.json"
DISCRIMINATORS = frozenset({"type", "status", "source"})
FORM_BOOLEANS = frozenset({"true", "false", "1", "0"})
ATTACHED = "attach://"

_ARRAY = "Array of "
_FIXED = re.compile(r'(?:always|must be) "?([a-z_]+)"?')


class SchemaError(AssertionError):
    """A call or an answer that the description does not know."""


def check_request(method: str, params: Mapping[str, Any]) -> None:
    """Check a call: method, required and unknown parameters, and their types.

    Values may be typed, or strings as a form carries them. A file is bytes, ``attach://name``
    or an object with ``filename``; attached files may stand under names of their own.

    Raises:
        SchemaError: with everything that is wrong.
    """
    fields = {field["name"]: field for field in _method(method).get("fields", [])}
    attached = _attached_names(params.values())
    problems = [
        f"{method}: unknown parameter {name!r}"
        for name in params
        if name not in fields and name not in attached
    ]
    problems += [
        f"{method}: {name!r} is required"
        for name, field in fields.items()
        if field["required"] and params.get(name) is None
    ]
    for name, field in fields.items():
        if params.get(name) is not None:
            problems += _form_problems(params[name], field["types"], f"{method}.{name}")
    _refuse(problems)


def check_answer(method: str, result: object) -> None:
    """Check the ``result`` of an answer: types, required and unknown fields.

    Raises:
        SchemaError: with everything that is wrong.
    """
    _refuse(_problems(result, _method(method)["returns"], method))


def check_type(name: str, value: object) -> None:
    """Check a value against one type, for instance an ``Update`` that a webhook receives.

    Raises:
        SchemaError: with everything that is wrong.
    """
    _refuse(_problems(value, [name], name))


@cache
def schema() -> JSON:
    """Return ``{methods: {name: {fields, returns}}, types: {name: {fields, subtypes}}}``."""
    loaded: JSON = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


@cache
def _canonical_names() -> dict[str, str]:
    return {name.lower(): name for name in schema()["methods"]}


def _method(name: str) -> JSON:
    canonical = _canonical_names().get(name.lower())
    if canonical is None:
        raise SchemaError(f"there is no method {name!r}")
    found: JSON = schema()["methods"][canonical]
    return found


def _refuse(problems: list[str]) -> None:
    if problems:
        raise SchemaError("; ".join(problems))


def _attached_names(values: Iterable[object]) -> set[str]:
    text = " ".join(
        value if isinstance(value, str) else json.dumps(value, default=str) for value in values
    )
    return set(re.findall(rf"{ATTACHED}([^\"\\\s]+)", text))


def _form_problems(value: object, types: list[str], path: str) -> list[str]:
    """Check a parameter that may have become a string on its way through a form."""
    if _is_file(value):
        return [] if "InputFile" in types else [f"{path}: a file where {types} is wanted"]
    if not isinstance(value, str) or "String" in types:
        return _problems(value, types, path)
    if "InputFile" in types and value.startswith(ATTACHED):
        return []
    try:
        parsed = json.loads(value)
    except ValueError:
        return [f"{path}: {value!r} is none of {types}"]
    if types == ["Boolean"] and value.lower() in FORM_BOOLEANS:
        return []
    return _problems(parsed, types, path)


def _is_file(value: object) -> bool:
    return isinstance(value, bytes) or (isinstance(value, Mapping) and "filename" in value)


def _problems(value: object, types: list[str], path: str) -> list[str]:
    """Return what is wrong with a value under the kindest reading of its types."""
    candidates = [_one(value, kind, path) for kind in types]
    return min(candidates, key=len, default=[f"{path}: no type is known"])


def _one(value: object, kind: str, path: str) -> list[str]:
    if kind.startswith(_ARRAY):
        return _array_problems(value, kind.removeprefix(_ARRAY), path)
    if kind in _PLAIN:
        is_right = _PLAIN[kind](value)
        return [] if is_right else [f"{path}: {value!r} is no {kind}"]
    described = schema()["types"].get(kind)
    if described is None:
        return [f"{path}: the type {kind} is not described"]
    if described.get("subtypes"):
        return _problems(value, _likely(described["subtypes"], value), path)
    return _object_problems(value, described, path)


def _array_problems(value: object, kind: str, path: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{path}: {value!r} is no array"]
    return [
        problem
        for place, item in enumerate(value)
        for problem in _problems(item, [kind], f"{path}[{place}]")
    ]


def _object_problems(value: object, described: JSON, path: str) -> list[str]:
    name = described["name"]
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no {name}"]
    fields = {field["name"]: field for field in described.get("fields", [])}
    problems = [f"{path}: {name} has no field {key!r}" for key in value if key not in fields]
    for key, field in fields.items():
        if key in value:
            problems += _problems(value[key], field["types"], f"{path}.{key}")
            problems += _fixed_problems(value[key], field, f"{path}.{key}")
        elif field["required"]:
            problems.append(f"{path}: {name} needs the field {key!r}")
    return problems


def _fixed_problems(value: object, field: JSON, path: str) -> list[str]:
    """Some fields tell subtypes apart and have one value only, named in the prose."""
    found = _FIXED.search(field["description"]) if field["name"] in DISCRIMINATORS else None
    if found is None or value == found[1]:
        return []
    return [f"{path}: {value!r} is not {found[1]!r}"]


def _likely(subtypes: list[str], value: object) -> list[str]:
    """Narrow a union to the subtypes whose fixed fields fit, so that problems name the cause."""
    fitting = [kind for kind in subtypes if not _contradicts(kind, value)]
    return fitting or subtypes


def _contradicts(kind: str, value: object) -> bool:
    described = schema()["types"].get(kind)
    if described is None or not isinstance(value, dict):
        return False
    return any(
        _fixed_problems(value.get(field["name"]), field, "")
        for field in described.get("fields", [])
    )


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_PLAIN: dict[str, Callable[[object], bool]] = {
    "Integer": _is_integer,
    "Float": lambda value: _is_integer(value) or isinstance(value, float),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "InputFile": lambda value: isinstance(value, str) and value.startswith(ATTACHED),
}
