"""Answers made of the words of a prompt, in the form a JSON schema asks for.

The words are only ever material: whatever a prompt orders, nothing here understands it.
"""

from __future__ import annotations

import json
import re
from typing import Any

Schema = dict[str, Any]

_WORD = re.compile(r"[^\W_][\w'’-]*", re.UNICODE)
_FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "our",
        "please",
        "that",
        "the",
        "their",
        "this",
        "to",
        "was",
        "we",
        "were",
        "will",
        "with",
        "you",
        "your",
        "i",
        "me",
        "my",
        "make",
        "write",
        "create",
        "video",
        "about",
    ]
)
_TITLE_WORDS = 8
_DESCRIPTION_WORDS = 60
_TAG_COUNT = 8
_SINGULAR_TEXT = 6


def words_of(prompt: str) -> list[str]:
    """Return the telling words of a prompt in order, each once, or a stand-in word if none."""
    seen: dict[str, str] = {}
    for word in _WORD.findall(_spoken(prompt)):
        key = word.casefold()
        if key not in _FILLERS:
            seen.setdefault(key, word)
    return list(seen.values()) or ["clip"]


def _spoken(prompt: str) -> str:
    """Return the words of a prompt; of a JSON object, its first text."""
    try:
        value = json.loads(prompt)
    except ValueError:
        return prompt
    if not isinstance(value, dict):
        return prompt
    return next((text for text in value.values() if isinstance(text, str)), prompt)


def plain_answer(prompt: str) -> str:
    """Return a short text about the prompt, for calls that ask for no form."""
    return _description(words_of(prompt))


def answer(schema: Schema, prompt: str) -> Any:  # noqa: ANN401 - whatever the schema says
    """Return a value that is valid under the schema, derived from the prompt alone."""
    return _Writer(schema, words_of(prompt)).value(schema, "")


def schema_fault(schema: Schema, path: str = "") -> str | None:
    """Return why a schema is refused in strict mode, or None when it is accepted."""
    if schema.get("type") == "object" or "properties" in schema:
        fault = _object_fault(schema, path or "root")
        if fault:
            return fault
    nested = [
        *schema.get("properties", {}).items(),
        *schema.get("$defs", {}).items(),
        *((("items", schema["items"]),) if isinstance(schema.get("items"), dict) else ()),
        *((str(n), option) for n, option in enumerate(schema.get("anyOf", ()))),
    ]
    faults = (schema_fault(inner, f"{path}/{name}") for name, inner in nested)
    return next((fault for fault in faults if fault), None)


def _object_fault(schema: Schema, path: str) -> str | None:
    if schema.get("additionalProperties") is not False:
        return f"`additionalProperties:false` must be set on every object: {path}"
    missing = sorted(set(schema.get("properties", {})) - set(schema.get("required", ())))
    if missing:
        return f"`required` must name every property: {path} lacks {', '.join(missing)}"
    return None


class _Writer:
    """Fills one schema with the words of one prompt."""

    def __init__(self, root: Schema, words: list[str]) -> None:
        self._root = root
        self._words = words

    def value(self, schema: Schema, name: str) -> Any:  # noqa: ANN401 - any JSON value
        schema = self._resolve(schema)
        for fixed in ("const", "enum"):
            if fixed in schema:
                return schema[fixed] if fixed == "const" else schema[fixed][0]
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = next(one for one in kind if one != "null")
        match kind:
            case "object":
                inner = schema.get("properties", {})
                return {key: self.value(part, key) for key, part in inner.items()}
            case "array":
                return self._array(schema, name)
            case "boolean":
                return False
            case "integer" | "number":
                return schema.get("minimum", 0)
            case "null":
                return None
            case _:
                return self._text(schema, name)

    def _resolve(self, schema: Schema) -> Schema:
        while "$ref" in schema or "anyOf" in schema:
            if "$ref" in schema:
                schema = self._root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
            else:
                options = schema["anyOf"]
                schema = next((o for o in options if o.get("type") != "null"), options[0])
        return schema

    def _array(self, schema: Schema, name: str) -> list[Any]:
        items = self._resolve(schema.get("items", {"type": "string"}))
        least = schema.get("minItems", 0)
        most = schema.get("maxItems", max(_TAG_COUNT, least))
        if items.get("type", "string") != "string" or "enum" in items:
            return [self.value(items, name)] * max(1, least)
        limit = items.get("maxLength", 30)
        marked = "#" if "hash" in name.casefold() else ""
        tags = [f"{marked}{word.casefold()}"[:limit] for word in self._words[:most]]
        tags += [f"{marked}clip{n}"[:limit] for n in range(len(tags), least)]
        return tags

    def _text(self, schema: Schema, name: str) -> str:
        key = name.casefold()
        if any(part in key for part in ("description", "caption", "summary", "text", "body")):
            text = _description(self._words)
        elif "title" in key or "headline" in key:
            text = _title(self._words, _TITLE_WORDS)
        else:
            text = " ".join(self._words[:_SINGULAR_TEXT])
        text = text.ljust(schema.get("minLength", 0), ".")
        return _cut(text, schema.get("maxLength", 5000))


def _title(words: list[str], count: int) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in words[:count])


def _description(words: list[str]) -> str:
    return f"{_title(words, 3)}: {' '.join(words[:_DESCRIPTION_WORDS])}."


def _cut(text: str, limit: int) -> str:
    """Return the text within a limit, at a word's end where that leaves something."""
    if len(text) <= limit:
        return text
    whole = text[: limit + 1].rpartition(" ")[0]
    return whole or text[:limit]
