"""What the settings mean for the parts: slots, rules, quotas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.accounts.quotas import Quotas
from core.accounts.rotation import RestRule
from core.accounts.rules import RuleBook
from core.diagnostics.cases import Circumstances
from core.platforms.registry import platform_names
from core.posts.preflight import FitRules, Judge
from core.settings import RotationSettings, Settings
from utils.clock import Clock

if TYPE_CHECKING:
    from core.store.base import Store


def slots(settings: Settings) -> dict[str, int]:
    """Return how many tasks of each queue run at once."""
    sequential = settings.mode == "sequential"
    workers = 1 if sequential else settings.upload_workers
    queues = {f"upload.{name}": workers for name in platform_names()}
    downloads = 1 if sequential else settings.download_concurrency
    fits = settings.fit.at_once
    at_once = settings.studio.at_once
    renders = {"render": at_once, "preview": 1, "feed": 2 * at_once}
    others = {"add": downloads, "watch": 16, "housekeeping": 4, "look": 16}
    return {"ingest": downloads, "fit": fits, **others, **renders, **queues}


def bot_api_options(settings: Settings) -> dict[str, str]:
    """Return what a Bot API server of one's own allows that the cloud's does not."""
    return {"local": "true"} if settings.telegram.local_files else {}


def keeps_files(settings: Settings) -> bool:
    """Return whether a fetched file stays after its last upload; streaming keeps none unasked."""
    classic = not settings.use_streaming_upload or settings.mode == "sequential"
    return settings.keep_files_on_disk or (classic and not settings.clear_uploaded_files)


def used_in_place(source: Mapping[str, Any], *, local_files: bool) -> bool:
    """Return whether a video already lies on this machine, whole, and is not copied."""
    kind = source.get("kind")
    return kind == "file" or bool(source.get("in_place")) or (local_files and kind == "telegram")


def fit_judge(settings: Settings) -> Judge:
    """Return who decides what is fitted, and how."""
    fit = settings.fit
    rules = FitRules(
        auto=fit.auto,
        shape=fit.shape,
        length=fit.length,
        most_speed=fit.most_speed,
        loudness=fit.loudness,
    )
    return Judge(rules, bot_api_options(settings))


def rest_rule(settings: RotationSettings) -> RestRule:
    return RestRule(
        failures=settings.cooldown_failures,
        rest=timedelta(seconds=settings.cooldown_seconds),
        post_gap=timedelta(seconds=settings.post_gap_seconds),
    )


def circumstances(settings: Settings) -> Circumstances:
    """Return what decides which advice makes sense."""
    sequential = settings.mode == "sequential"
    return Circumstances(
        has_ai=bool(settings.groq.api_key.get_secret_value()),
        upload_workers=settings.upload_workers,
        sequential=sequential,
    )


def build_quotas(settings: Settings, store: Store, clock: Clock) -> Quotas:
    """Return the quotas that hold under the settings.

    Raises:
        SettingsError: ``quotas.limits`` names one that there is not.
    """
    book = RuleBook(
        per_channel=settings.uploads.per_channel_a_day,
        profile=settings.quotas.profile,
        limits=settings.quotas.limits,
        warn_percent=settings.quotas.warn_percent,
    )
    return Quotas(
        store,
        clock,
        book,
        admins=settings.telegram.admins,
        post_gap=settings.rotation.post_gap_seconds,
    )
