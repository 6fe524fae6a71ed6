"""Who draws which board, by the sentence that stands in its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.chat.add_text import ADD_BOARDS
from bot.chat.card import Rendered
from bot.chat.library_text import LIBRARY_BOARDS
from bot.chat.mashup_text import MASHUP_BOARDS
from bot.chat.render_card import RENDER_BOARDS
from bot.chat.scrape_text import SCRAPE_BOARDS
from core.posts.boards import Board

BOARDS: Mapping[str, Callable[[Mapping[str, Any]], Rendered]] = {
    **ADD_BOARDS,
    **LIBRARY_BOARDS,
    **MASHUP_BOARDS,
    **RENDER_BOARDS,
    **SCRAPE_BOARDS,
}


def draw_board(board: Board) -> Rendered:
    """Return what the chat shows of a board.

    Raises:
        KeyError: nobody draws it: a row of another version.
    """
    return BOARDS[board.sentence](board.facts)
