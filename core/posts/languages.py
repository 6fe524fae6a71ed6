"""In which language every person and every chat is spoken to."""

from __future__ import annotations

from core.store.base import Store

LATEST_CARDS = 10
"""Cards of ended posts that are drawn again when the language of their chat changes."""


class Languages:
    """Remembers who wants which language; what was chosen outlasts what Telegram tells.

    A private chat has the id and the language of its person, a group has a language of its own.
    The empty language is the one of the settings. The only writer, so persons are kept in memory.
    """

    def __init__(self, store: Store, default: str = "en") -> None:
        self._store = store
        self._default = default
        self._persons: dict[int, tuple[str, bool]] = {}

    @property
    def default(self) -> str:
        return self._default

    async def meet(self, user_id: int, told: str) -> str:
        """Return the language of a person who writes; ``told`` is that of their telephone."""
        language, is_chosen = await self._person(user_id)
        if is_chosen or (language == told and user_id in self._persons):
            return language or self._default
        async with self._store.transaction() as tx:
            await tx.run("people.meet_person", user_id=user_id, language=told)
        self._persons[user_id] = (told, False)
        return told or self._default

    async def meet_group(self, chat_id: int, language: str) -> str:
        """Return the language of a group; a new one takes that of the first person who writes."""
        known = await self._group(chat_id)
        if known:
            return known
        async with self._store.transaction() as tx:
            await tx.run("people.meet_chat", chat_id=chat_id, language=language)
        return language

    async def of_chat(self, chat_id: int) -> str:
        """Return in which language a chat is written to."""
        if chat_id > 0:
            language, _ = await self._person(chat_id)
        else:
            language = await self._group(chat_id)
        return language or self._default

    async def choose(self, chat_id: int, language: str) -> None:
        """Take the language that was chosen in a chat; its cards are drawn again in it."""
        async with self._store.transaction() as tx:
            if chat_id > 0:
                await tx.run("people.person_chose", user_id=chat_id, language=language)
            else:
                await tx.run("people.chat_chose", chat_id=chat_id, language=language)
            await tx.run("people.redraw_cards", chat_id=chat_id, latest=LATEST_CARDS)
        if chat_id > 0:
            self._persons[chat_id] = (language, True)

    async def chosen(self) -> dict[int, str]:
        """Return the chats with a language of their own: of who chose one, and groups."""
        rows = await self._store.all("people.chats_with_language")
        return {row["chat_id"]: row["language"] for row in rows}

    async def _person(self, user_id: int) -> tuple[str, bool]:
        known = self._persons.get(user_id)
        if known is not None:
            return known
        row = await self._store.one("people.language_of_person", user_id=user_id)
        if row is None:
            return "", False
        self._persons[user_id] = (row["language"], bool(row["chosen"]))
        return self._persons[user_id]

    async def _group(self, chat_id: int) -> str:
        row = await self._store.one("people.language_of_chat", chat_id=chat_id)
        return row["language"] if row else ""
