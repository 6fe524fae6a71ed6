"""The bot: its token, how updates come, and what its server can do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chat.texts.human import span
from bot.diagnosis.findings import Action, Finding, broken, fine, warning
from bot.diagnosis.network import Network
from bot.diagnosis.patient import Patient
from core.settings import Settings

JSON = dict[str, Any]
RECENT = timedelta(hours=1)
"""An error of the webhook that is older is over."""
MANY_UPDATES = 100


async def look_at_bot(patient: Patient, network: Network) -> AsyncIterator[Finding]:
    settings = patient.settings
    if not settings.telegram.token.get_secret_value():
        yield broken("telegram", "no_token")
        return
    reply = await network.bot(settings, "getMe")
    base = settings.telegram.api_base.rstrip("/")
    if not reply.status:
        yield broken("telegram", "bot_api_down", base=base, why=reply.why)
        return
    if reply.value is None or not reply.value.get("ok"):
        said = reply.value.get("description") if reply.value else None
        yield broken("telegram", "bot_api_refuses", base=base, why=said or "it is no Bot API")
        return
    yield _mode(settings, f"@{reply.value['result'].get('username')}")
    async for finding in _updates(patient, network):
        yield finding


def _mode(settings: Settings, bot: str) -> Finding:
    """Say what the server can do: the cloud hands bots files of at most 20 MB.

    Source: core.telegram.org/bots/api, getFile and "Using a Local Bot API Server", 2026-06-18.
    """
    is_cloud = "api.telegram.org" in settings.telegram.api_base
    if settings.telegram.local_files:
        key = "wrong_mode" if is_cloud else "bot_local"
        return (broken if is_cloud else fine)("telegram", key, bot=bot)
    return fine("telegram", "bot_cloud", bot=bot)


async def _updates(patient: Patient, network: Network) -> AsyncIterator[Finding]:
    reply = await network.bot(patient.settings, "getWebhookInfo")
    info = (reply.value or {}).get("result")
    if not isinstance(info, dict):
        yield warning("updates", "no_webhook_info", why=reply.why or f"HTTP {reply.status}")
        return
    yield judge_updates(patient.settings, info, patient.clock.now(), patient.is_running)


def judge_updates(settings: Settings, info: JSON, now: datetime, is_running: bool) -> Finding:
    """Compare how updates are to come with how they do."""
    address, pending = str(info.get("url", "")), int(info.get("pending_update_count", 0))
    secret = settings.telegram.webhook_secret.get_secret_value()
    public = settings.web.public_url.rstrip("/")
    if not (secret and public):
        if address:
            return broken("updates", "webhook_in_the_way", Action.DROP_WEBHOOK)
        return _waiting(pending, "updates_polling", is_running)
    if not address.startswith(public):
        key = "webhook_elsewhere" if address else "no_webhook"
        # It is set at each start.
        return (broken if is_running else fine)("updates", key)
    failed = _time(info.get("last_error_date"))
    if failed is not None and now - failed < RECENT:
        ago = span((now - failed).total_seconds())
        return warning("updates", "webhook_fails", ago=ago, why=info.get("last_error_message"))
    return _waiting(pending, "updates_webhook", is_running)


def _waiting(pending: int, key: str, is_running: bool) -> Finding:
    if pending > MANY_UPDATES and is_running:
        return warning("updates", "many_updates", count=pending)
    return fine("updates", key, count=pending)


def _time(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
