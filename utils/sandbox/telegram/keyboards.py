"""Reply markup: what the server refuses in keyboards."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from utils.sandbox.telegram.call import Call
from utils.sandbox.telegram.errors import bad_request

JSON = dict[str, Any]

BUTTON_LIMIT = 100
DATA_LIMIT_BYTES = 64
PLACEHOLDER_LIMIT = 64
STYLES = frozenset({"danger", "success", "primary"})
ACTIONS = frozenset(
    {
        *("url", "callback_data", "web_app", "login_url", "switch_inline_query", "pay"),
        *("switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text"),
        "callback_game",
    }
)
URL_SCHEMES = frozenset({"http", "https", "tg"})
PRIVATE_ACTIONS = ("web_app", "request_contact", "request_location", "request_users")


def read_markup(call: Call, chat_type: str) -> JSON | None:
    """Return the checked ``reply_markup`` of a call, None when there is none.

    Raises:
        TelegramError: when the server would refuse the keyboard.
    """
    markup = call.mapping("reply_markup")
    if not markup:
        return None
    web_schemes = {"https", "http"} if call.switch("plain_web_apps", default=False) else {"https"}
    if "inline_keyboard" in markup:
        _check_rows(markup["inline_keyboard"])
        for button in _buttons(markup["inline_keyboard"]):
            _check_inline(button, chat_type, frozenset(web_schemes))
    elif "keyboard" in markup:
        _check_reply_keyboard(markup, chat_type)
    elif not markup.get("remove_keyboard") and not markup.get("force_reply"):
        raise bad_request("object expected as reply markup")
    return markup


def inline_only(markup: JSON | None) -> JSON | None:
    """Return the markup if messages show it; reply keyboards belong to the chat."""
    return markup if markup and markup.get("inline_keyboard") else None


def _check_rows(rows: object) -> None:
    is_grid = isinstance(rows, list) and all(isinstance(row, list) for row in rows)
    if not is_grid or not isinstance(rows, list):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    if sum(len(row) for row in rows) > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")


def _buttons(rows: list[list[Any]]) -> list[JSON]:
    buttons = [button for row in rows for button in row]
    for button in buttons:
        if not isinstance(button, dict):
            raise bad_request("inline keyboard button must be an Object")
    return buttons


def _check_inline(button: JSON, chat_type: str, web_schemes: frozenset[str]) -> None:
    if not str(button.get("text") or "").strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = ACTIONS & set(button)
    if not actions:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    if "style" in button and button["style"] not in STYLES:
        raise bad_request("invalid button style specified")
    if "callback_data" in button:
        _check_data(button["callback_data"])
    if "url" in button:
        _check_url(button["url"], URL_SCHEMES)
    if "web_app" in button:
        if chat_type != "private":
            raise bad_request("BUTTON_TYPE_INVALID")
        _check_url((button["web_app"] or {}).get("url"), web_schemes)


def _check_data(data: object) -> None:
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= DATA_LIMIT_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: object, schemes: frozenset[str]) -> None:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme.lower() not in schemes or not parts.netloc:
        raise bad_request("BUTTON_URL_INVALID")


def _check_reply_keyboard(markup: JSON, chat_type: str) -> None:
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(str(placeholder)) <= PLACEHOLDER_LIMIT:
        raise bad_request("input field placeholder must be from 1 to 64 characters long")
    for row in markup["keyboard"]:
        for button in row:
            if isinstance(button, dict):
                _check_reply_button(button, chat_type)


def _check_reply_button(button: JSON, chat_type: str) -> None:
    if not button.get("text"):
        raise bad_request("keyboard button text must be non-empty")
    if chat_type != "private" and any(button.get(action) for action in PRIVATE_ACTIONS):
        raise bad_request("BUTTON_TYPE_INVALID")
