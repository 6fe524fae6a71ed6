"""The accounts: signed in, with all permissions, and for how long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.chat.texts import say
from bot.chat.texts.human import span
from bot.diagnosis.findings import Action, Finding, State, broken, fine, warning
from bot.diagnosis.patient import Patient
from core.accounts.connector import lost_operations
from core.accounts.logins import LOGINS
from core.platforms.registry import get_platform
from core.posts.models import Account
from core.posts.records import read_account

SOON = timedelta(days=7)
OVERDUE = timedelta(minutes=10)
"""So long after its end an access token should have been renewed."""


async def look_at_accounts(patient: Patient) -> AsyncIterator[Finding]:
    """Tell each account that needs somebody, then how many there are."""
    if patient.store is None:
        known = len(patient.settings.accounts)
        yield fine("accounts", "accounts_set", count=known) if known else no_account()
        return
    accounts = [read_account(row) for row in await patient.store.all("accounts.all")]
    found = [
        finding
        for account in accounts
        for finding in look_at_account(account, patient.clock.now(), patient.is_running)
    ]
    for finding in found:
        yield finding
    yield summary(accounts, found) if accounts else no_account()


def no_account() -> Finding:
    return warning("accounts", "no_accounts")


def summary(accounts: list[Account], found: list[Finding]) -> Finding:
    """Say in one line how many are connected, and which need their owners."""
    bad = [account.name for account in accounts if account.state == "reconnect"]
    if bad:
        return broken("accounts", "accounts_to_connect", accounts=bad, count=len(accounts))
    if any(finding.state is State.BROKEN for finding in found):
        return broken("accounts", "accounts_broken", count=len(accounts))
    return fine("accounts", "accounts", count=len(accounts))


def look_at_account(account: Account, now: datetime, is_running: bool) -> Iterator[Finding]:
    platform = get_platform(account.platform)
    title = platform.capabilities.title if platform else account.platform
    facts = {"platform": title, "account": account.name}
    for finding in _judge(account, now, is_running, facts):
        yield replace(finding, target=int(account.id))


def _judge(
    account: Account, now: datetime, is_running: bool, facts: Mapping[str, object]
) -> Iterator[Finding]:
    name = f"account {account.platform}:{account.name}"
    if account.state == "reconnect":
        why = account.trouble or "its sign-in is refused"
        yield broken(name, "account_out", Action.CONNECT, why=why, **facts)
        return
    if account.state == "paused":
        yield warning(name, "account_paused", Action.RESUME, **facts)
    yield from _scopes(name, account, facts)
    yield from _ends(name, account, now, is_running, facts)


def _scopes(name: str, account: Account, facts: Mapping[str, object]) -> Iterator[Finding]:
    """Say what does not work for want of a permission; what was granted is not always known."""
    if not account.scopes:
        return
    logins = [login for login in LOGINS.values() if login.platform == account.platform]
    missing = min((login.missing(account.scopes) for login in logins), key=len, default=())
    if missing:
        yield broken(name, "account_scopes", Action.CONNECT, scopes=missing, **facts)
        return
    lost = lost_operations(account.platform, account.scopes)
    if lost:
        words = [say(f"without_scope_{operation}") for operation in lost]
        yield warning(name, "account_operations", Action.CONNECT, operations=words, **facts)


def _ends(
    name: str, account: Account, now: datetime, is_running: bool, facts: Mapping[str, object]
) -> Iterator[Finding]:
    end = account.sign_in_expires_at
    if end is not None and end <= now:
        ago = span((now - end).total_seconds())
        yield broken(name, "account_ended", Action.CONNECT, ago=ago, **facts)
    elif end is not None and end - now < SOON:
        left = span((end - now).total_seconds())
        yield warning(name, "account_ends", Action.CONNECT, left=left, **facts)
    elif is_running and account.expires_at is not None and now - account.expires_at > OVERDUE:
        ago = span((now - account.expires_at).total_seconds())
        yield warning(name, "account_not_renewed", Action.CONNECT, ago=ago, **facts)
