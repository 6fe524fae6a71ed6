"""Words with placeholders, ``Best of {video_id}``, expanded in a sandbox and within bounds.

Only names of fields and a few filters are taken: nothing can be called, computed or looked into,
so the length of what comes out is bounded by template and fields.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from jinja2 import StrictUndefined, TemplateError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_TEMPLATE = 10_000
LONGEST_RESULT = 100_000
"""Longer than any platform takes."""
MOST_FILTERS = 5
"""In a row."""
_ENDLESS = (float("inf"), float("-inf"))
"""What ``1e400`` is read as, and no template can be compiled with."""
_NEVER = "\x00"
"""Stands in no template."""


class BadTemplateError(Exception):
    """A template, or what comes out of it, cannot be used; ``key`` and ``facts`` tell."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def _shown(value: object) -> object:
    """Return a field as text: lists as words, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(_shown(item)) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _text(value: object) -> str:
    return str(_shown(value))


def _rounded(value: Any, digits: int = 0) -> float | int:  # noqa: ANN401 - a field
    number = round(float(value), min(max(int(digits), 0), 12))
    return number if digits else int(number)


def _default(value: object, instead: object = "") -> object:
    is_missing = isinstance(value, Undefined) or value is None or value == ""
    return instead if is_missing else value


def _truncated(value: object, length: int = 100) -> str:
    text = _text(value)
    return text if len(text) <= length else text[: max(length - 1, 0)] + "…"


FILTERS: dict[str, Callable[..., Any]] = {
    "upper": lambda value: _text(value).upper(),
    "lower": lambda value: _text(value).lower(),
    "title": lambda value: _text(value).title(),
    "capitalize": lambda value: _text(value).capitalize(),
    "trim": lambda value: _text(value).strip(),
    "int": lambda value: int(float(value)),
    "round": _rounded,
    "default": _default,
    "truncate": _truncated,
}
"""All that can be done to a field; none makes more of it than it is."""


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        variable_start_string="{",
        variable_end_string="}",
        block_start_string=f"{_NEVER}%",
        block_end_string=f"%{_NEVER}",
        comment_start_string=f"{_NEVER}#",
        comment_end_string=f"#{_NEVER}",
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        finalize=_shown,
        autoescape=False,
        optimized=False,
        cache_size=0,
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters = dict(FILTERS)
    return environment


_ENVIRONMENT = _environment()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One checked template."""

    source: str
    needed: frozenset[str]
    """Names that must be there; one that stands before ``default`` may be missing."""
    _pieces: Callable[[Mapping[str, Any]], Iterator[str]]

    def expand(self, values: Mapping[str, Any], most: int = LONGEST_RESULT) -> str:
        """Return the words for one entry.

        Raises:
            BadTemplateError: a field does not go with its filter, or the words grow too long.
        """
        kept: list[str] = []
        room = most
        try:
            for piece in self._pieces(values):
                room -= len(piece)
                if room < 0:
                    raise BadTemplateError("template_long", limit=most)
                kept.append(piece)
        except (TemplateError, TypeError, ValueError, OverflowError, RecursionError) as error:
            raise BadTemplateError("template_value", why=str(error)[:200]) from error
        return "".join(kept)


def read_template(source: str) -> Template:
    """Check and compile a template.

    Raises:
        BadTemplateError: ``template_syntax``, ``template_forbidden`` or ``template_long``.
    """
    if len(source) > LONGEST_TEMPLATE:
        raise BadTemplateError("template_long", limit=LONGEST_TEMPLATE)
    if _NEVER in source:
        raise BadTemplateError("template_syntax", why="it holds a NUL sign")
    try:
        tree = _ENVIRONMENT.parse(source)
        needed = frozenset(_needed(tree))
        compiled = _ENVIRONMENT.from_string(tree)
    except (TemplateError, RecursionError, SyntaxError, ValueError) as error:
        why = getattr(error, "message", None) or str(error)
        raise BadTemplateError("template_syntax", why=str(why)[:200]) from error
    return Template(source=source, needed=needed, _pieces=compiled.generate)


def _needed(tree: nodes.Template) -> Iterator[str]:
    for output in tree.body:
        if not isinstance(output, nodes.Output):
            raise _forbidden(output)
        for node in output.nodes:
            if not isinstance(node, nodes.TemplateData):
                yield from _names(node)


def _names(node: nodes.Node) -> Iterator[str]:
    """Yield the field of one placeholder, refusing everything but a field and its filters."""
    optional = False
    for _ in range(MOST_FILTERS + 1):
        if not isinstance(node, nodes.Filter):
            break
        _check_filter(node)
        optional |= node.name == "default"
        if node.node is None:
            raise _forbidden(node)
        node = node.node
    if not isinstance(node, nodes.Name) or node.name == "self":
        raise _forbidden(node)
    if not optional:
        yield node.name


def _check_filter(node: nodes.Filter) -> None:
    if node.name not in FILTERS:
        raise BadTemplateError("template_filter", name=node.name[:40], known=sorted(FILTERS))
    plain = all(isinstance(one, nodes.Const) and one.value not in _ENDLESS for one in node.args)
    if not plain or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise _forbidden(node)


def _forbidden(node: nodes.Node) -> BadTemplateError:
    return BadTemplateError("template_forbidden", what=type(node).__name__.lower())


def nearest(name: str, known: Collection[str]) -> str:
    """Return the known name that is most like one; empty when none is like it."""
    close = get_close_matches(name.casefold(), [one.casefold() for one in known], n=1, cutoff=0.5)
    return next((one for one in sorted(known) if close and one.casefold() == close[0]), "")
