"""What handlers work with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from bot.chat.player import Player
from bot.chat.view import View
from bot.diagnosis.doctor import Doctor
from core.accounts.book import AccountBook
from core.accounts.channels import Channels
from core.accounts.connector import Connector
from core.accounts.groups import Groups
from core.accounts.rotation import Rotation
from core.batches.service import Batches
from core.diagnostics.figures import Figures
from core.posts.intake import Intake
from core.posts.languages import Languages
from core.posts.letters import LetterBox
from core.posts.questions import Questions
from core.posts.repository import Posts
from core.progress import Progress
from core.sources.asset import AssetFiles
from core.sources.guard import Guard
from core.sources.pages.looks import Looks
from core.store.base import Store
from core.studio.additions import Additions
from core.studio.drafts import Drafts
from core.studio.library import Library
from core.studio.policy import Policy
from core.studio.renders import Renders
from core.studio.views import Views
from utils.clock import Clock
from workers.aftercare import Aftercare


class Presence:
    """Which chats are known to read us; a chat that was gone is taken back when it writes."""

    def __init__(self) -> None:
        self._here: set[int] = set()

    def is_known(self, chat_id: int) -> bool:
        return chat_id in self._here

    def came(self, chat_id: int) -> None:
        self._here.add(chat_id)

    def left(self, chat_id: int) -> None:
        self._here.discard(chat_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDeps:
    """Given to every handler as ``deps``."""

    store: Store
    posts: Posts
    intake: Intake
    groups: Groups
    book: AccountBook
    rotation: Rotation
    connector: Connector
    channels: Channels
    aftercare: Aftercare
    languages: Languages
    letters: LetterBox
    questions: Questions
    batches: Batches
    looks: Looks
    library: Library
    files: AssetFiles
    """Those of the library, as posts read them."""
    additions: Additions
    views: Views
    player: Player
    mashups: Drafts
    renders: Renders
    policy: Policy
    figures: Figures
    progress: Progress
    clock: Clock
    zone: tzinfo
    log_folder: Path
    admins: Collection[int] = frozenset()
    users: Collection[int] = frozenset()
    guard: Guard = field(default_factory=Guard)
    """Where links may lead."""
    presence: Presence = field(default_factory=Presence)
    doctor: Doctor | None = None
    """Where there is a whole Karvon to look at."""

    def view(self) -> View:
        return View(now=self.clock.now(), zone=self.zone)
