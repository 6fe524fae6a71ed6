"""What handlers work with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from core.posts.intake import Intake
from core.posts.repository import Posts
from core.progress import Progress
from utils.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDeps:
    """Given to every handler as ``deps``."""

    posts: Posts
    intake: Intake
    progress: Progress
    clock: Clock
    zone: tzinfo
    log_folder: Path
