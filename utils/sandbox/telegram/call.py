"""One call of a method: its arguments read by type, and the text and caption rules."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from utils.sandbox.telegram.body import Arguments
from utils.sandbox.telegram.errors import bad_request
from utils.sandbox.telegram.html import (
    Entity,
    MarkupError,
    detected,
    in_order,
    parse_html,
    trimmed,
    utf16_length,
)

if TYPE_CHECKING:
    from utils.sandbox.telegram.service import Telegram

JSON = dict[str, Any]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TEXT_LIMIT_BYTES = 32_768
TRUE_WORDS = frozenset({"true", "1", "yes", "y", "t"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A result that carries a description, as the webhook methods give one."""

    result: Any
    description: str


@dataclass(slots=True, kw_only=True)
class Call:
    """What a method's handler works with."""

    service: Telegram
    token: str
    bot: JSON
    method: str
    """Canonical name, e.g. ``sendVideo``."""
    arguments: Arguments = field(default_factory=Arguments)

    def has(self, name: str) -> bool:
        return self.arguments.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Return a string argument, empty when it is missing."""
        value = self.arguments.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.text(name).strip()
        if not value:
            return default
        try:
            return int(value)
        except ValueError:
            raise bad_request(f'parameter "{name}" must be an integer') from None

    def boolean(self, name: str, *, default: bool = False) -> bool:
        value = self.text(name).strip().lower()
        return value in TRUE_WORDS if value else default

    def document(self, name: str) -> Any:  # noqa: ANN401 - whatever JSON the caller sent
        """Return a JSON argument, None when it is missing."""
        value = self.arguments.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name} JSON object: {error}") from error

    def mapping(self, name: str) -> JSON | None:
        value = self.document(name)
        if value is None or isinstance(value, dict):
            return value
        raise bad_request(f"can't parse {name} JSON object: object expected")

    def sequence(self, name: str) -> list[Any] | None:
        value = self.document(name)
        if value is None or isinstance(value, list):
            return value
        raise bad_request(f"can't parse {name} JSON object: array expected")

    def switch(self, name: str, default: Any) -> Any:  # noqa: ANN401 - a switch holds any JSON
        return self.service.switch(name, default)

    @property
    def now(self) -> float:
        return self.service.sandbox.clock.now()

    @property
    def is_local(self) -> bool:
        """Whether this server runs with its local mode on."""
        return bool(self.switch("local", default=False))

    def formatted(self, name: str, *, limit: int) -> tuple[str, list[Entity]]:
        """Return a text argument and its entities after parsing.

        Raises:
            TelegramError: when it is too long or its markup is broken.
        """
        explicit = "entities" if name == "text" else f"{name}_entities"
        return format_text(
            self.text(name),
            parse_mode=self.text("parse_mode"),
            entities=self.sequence(explicit),
            limit=limit,
        )

    def message_text(self) -> tuple[str, list[Entity]]:
        text, entities = self.formatted("text", limit=TEXT_LIMIT)
        if not text:
            raise bad_request("message text is empty")
        return text, entities

    def caption(self) -> JSON:
        """Return the fields of a message that its caption fills."""
        text, entities = self.formatted("caption", limit=CAPTION_LIMIT)
        return caption_fields(text, entities)


Method = Callable[[Call], Awaitable[Any]]


def format_text(
    source: str, *, parse_mode: str, entities: list[Any] | None, limit: int
) -> tuple[str, list[Entity]]:
    """Parse a text as the server does: bytes first, then markup, then characters.

    Raises:
        TelegramError: when it is too long, its markup is broken or the mode is not HTML.
    """
    if len(source.encode()) > TEXT_LIMIT_BYTES:
        raise bad_request("text is too long")
    text, found = _parsed(source, parse_mode, entities)
    text, found = trimmed(text, found)
    if utf16_length(text) > limit:
        caption = limit == CAPTION_LIMIT
        raise bad_request("message caption is too long" if caption else "message is too long")
    return text, detected(text, found)


def caption_fields(text: str, entities: list[Entity]) -> JSON:
    fields: JSON = {"caption": text} if text else {}
    if entities:
        fields["caption_entities"] = entities
    return fields


def _parsed(source: str, parse_mode: str, entities: list[Any] | None) -> tuple[str, list[Entity]]:
    if parse_mode.lower() == "html":
        try:
            return parse_html(source)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from error
    if parse_mode:
        # The real server also reads two Markdown dialects; whoever needs them widens this.
        raise bad_request("unsupported parse_mode")
    return source, in_order(_checked(entity) for entity in entities or [])


def _checked(entity: object) -> Entity:
    if not isinstance(entity, dict) or not {"type", "offset", "length"} <= set(entity):
        raise bad_request(
            "can't parse MessageEntity: object with type, offset and length expected"
        )
    return entity
