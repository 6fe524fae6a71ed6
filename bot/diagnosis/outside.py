"""The clock against those of others, and whether the outside reaches us."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.chat.texts import say
from bot.chat.texts.human import span
from bot.diagnosis.findings import Finding, broken, fine, warning
from bot.diagnosis.network import Network
from bot.diagnosis.patient import Patient
from core.settings import Settings

SKEWED_SECONDS, WRONG_SECONDS = 30.0, 300.0
"""From where a clock is told, and from where things break: expiries and times of posts."""
TOKEN_SERVERS = {
    "youtube": "google_oauth",
    "tiktok": "tiktok",
    "instagram": "graph",
    "facebook": "graph",
}
"""Platform → key of the address that gives out its tokens."""


async def look_at_clock(patient: Patient, network: Network) -> AsyncIterator[Finding]:
    """Compare with two others, where there are two; when they disagree, one of them is wrong."""
    replies = [await network.get(address) for address in await _clocks(patient)]
    skews = [reply.skew_seconds for reply in replies if reply.skew_seconds is not None]
    if not skews:
        yield warning("clock", "no_clock")
        return
    skew = min(skews, key=abs)
    facts = {"skew": span(abs(skew)), "way": say("clock_ahead" if skew > 0 else "clock_behind")}
    if abs(skew) > WRONG_SECONDS:
        yield broken("clock", "wrong_clock", **facts)
    elif abs(skew) > SKEWED_SECONDS:
        yield warning("clock", "skewed_clock", **facts)
    else:
        yield fine("clock", "clock")


async def _clocks(patient: Patient) -> list[str]:
    settings = patient.settings
    addresses = [settings.telegram.api_base]
    rows = await patient.store.all("accounts.all") if patient.store else []
    platforms = [row["platform"] for row in rows]
    for platform in platforms or list(TOKEN_SERVERS):
        if platform in TOKEN_SERVERS:
            return [*addresses, settings.endpoint_map()[TOKEN_SERVERS[platform]]]
    return addresses


async def look_at_web(patient: Patient, network: Network) -> AsyncIterator[Finding]:
    """Ask our own server by the address that the outside has."""
    settings = patient.settings
    public = settings.web.public_url.rstrip("/")
    if not public:
        yield fine("web", "no_public_url")
        return
    if not patient.is_running:
        yield fine("web", "public_url_not_asked", url=public)
        return
    reply = await network.get(f"{public}/healthz")
    if reply.value is not None and reply.value.get("ok") is True:
        yield _reached(settings)
    else:
        why = reply.why or f"HTTP {reply.status}"
        yield broken("web", "not_reached", url=public, why=why, listen=settings.web.listen)


def _reached(settings: Settings) -> Finding:
    """Telegram calls webhooks by https alone.

    Source: core.telegram.org/bots/api, setWebhook, 2026-06-18.
    """
    url = settings.web.public_url
    wants = bool(settings.telegram.webhook_secret.get_secret_value())
    is_local = url.startswith(("http://127.0.0.1", "http://localhost"))
    if wants and not url.startswith("https://") and not is_local:
        return broken("web", "no_https", url=url)
    return fine("web", "reached", url=url)
