"""Reads JSON piece by piece, so that each value has a line and a long list is never held whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

_SPACE = re.compile(r"[ \t\n\r]*")


class JsonError(Exception):
    """A document is no JSON; ``line`` and ``column`` say where, from 1."""

    def __init__(self, why: str, line: int, column: int) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.column = column


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


class Cursor:
    """A place in a JSON text that moves forward; `line` is the line of that place."""

    def __init__(self, text: str, *, first_line: int = 1) -> None:
        self._text = text
        self._at = 0
        self._counted = 0
        self._line = first_line
        self._first = first_line

    @property
    def line(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def peek(self) -> str:
        """Return the next sign that is no white space; empty at the end."""
        found = _SPACE.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return self._text[self._at : self._at + 1]

    def take(self, sign: str) -> bool:
        """Step over a sign if it comes next."""
        if self.peek() != sign:
            return False
        self._at += 1
        return True

    def need(self, sign: str) -> None:
        if not self.take(sign):
            self.fail(f"{sign} is expected")

    def value(self) -> Any:  # noqa: ANN401 - JSON
        """Step over one value and return it.

        Raises:
            JsonError: there is none that can be read.
        """
        _ = self.peek()
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._at = error.pos
            self.fail(error.msg)
        except RecursionError:
            self.fail("it is nested too deeply")
        except ValueError as error:
            self.fail(str(error))
        return value

    def members(self) -> Iterator[tuple[str, int]]:
        """Step through an object: yields key and line; the caller takes the value."""
        self.need("{")
        if self.take("}"):
            return
        while True:
            if self.peek() != '"':
                self.fail("a name in double quotes is expected")
            line, key = self.line, self.value()
            self.need(":")
            yield key, line
            if self.take("}"):
                return
            self.need(",")

    def items(self) -> Iterator[int]:
        """Step through a list: yields the line of each item, which the caller takes."""
        self.need("[")
        if self.take("]"):
            return
        while True:
            _ = self.peek()
            yield self.line
            if self.take("]"):
                return
            self.need(",")

    def end(self) -> None:
        if self.peek():
            self.fail("something follows after the end")

    def fail(self, why: str) -> NoReturn:
        start = self._text.rfind("\n", 0, self._at) + 1
        line = self._first + self._text.count("\n", 0, self._at)
        raise JsonError(why, line, self._at - start + 1)


def read_object(cursor: Cursor) -> tuple[dict[str, Any], dict[str, int]]:
    """Return an object and the line of each of its keys."""
    value: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, line in cursor.members():
        value[key], lines[key] = cursor.value(), line
    return value, lines


def read_tree(cursor: Cursor) -> tuple[dict[str, Any], dict[str, int]]:
    """Like `read_object`, with lines also for the keys of objects in it, as ``outer.inner``."""
    value: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, line in cursor.members():
        lines[key] = line
        if cursor.peek() != "{":
            value[key] = cursor.value()
            continue
        value[key], inner = read_object(cursor)
        lines.update({f"{key}.{name}": at for name, at in inner.items()})
    return value, lines
