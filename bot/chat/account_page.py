"""How accounts look in the chat: the list, and the page of one with its buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Button, Rows, button
from bot.chat.limits_text import LimitsText
from bot.chat.refusals import platform_title
from bot.chat.texts import Markup, counted, has, say
from bot.chat.view import View
from core.accounts.connector import lost_operations
from core.accounts.living import Outcome
from core.accounts.logins import LOGINS
from core.accounts.rotation import Health
from core.accounts.tokens import RENEWALS
from core.platforms.base import Capabilities
from core.platforms.registry import require_platform
from core.posts.models import Account, UploadState
from core.posts.options import CATEGORIES, OPTIONS, read_option

PAGE = 8
SOON = timedelta(days=7)
"""So long before the end of a sign-in its account asks for a look."""
POOR = 50
"""Health, of 100, below which an account asks for a look."""
CYCLED = ("kids", "ai", "category", "fit")
"""Options that have a button; all others are set in words."""
OURS = frozenset({"fit"})
"""Defaults that every platform has."""
PLAIN_STATES = frozenset({"paused", "reconnect"})


class AccountAction(CallbackData, prefix="ac1"):
    """A button about an account; ``value`` is the page of the list, or the key of a default."""

    action: str
    account_id: int
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is known of an account when it is drawn."""

    account: Account
    capabilities: Capabilities
    health: Health
    outcome: Outcome | None
    view: View

    @property
    def mood(self) -> str:
        """``ok``, ``warn``, ``resting``, or what else its state is."""
        account = self.account
        if account.state in PLAIN_STATES:
            return account.state
        if account.until_at is not None and account.until_at > self.view.now:
            return "resting"
        end = account.sign_in_expires_at
        ends = end is not None and end - self.view.now <= SOON
        poor = self.health.score is not None and self.health.score < POOR
        return "warn" if ends or poor or self.lacks_scopes else "ok"

    @property
    def lacks_scopes(self) -> bool:
        return bool(missing_scopes(self) or missing_to_publish(self.account))

    def facts(self) -> dict[str, object]:
        until = self.account.until_at
        return {
            "mark": say(f"account_mark_{self.mood}"),
            "account_id": self.account.id,
            "platform": platform_title(self.account.platform),
            "name": self.account.name,
            "until": self.view.moment(until) if until else "",
            "trouble": self.account.trouble.rstrip(".") or say("account_refused"),
        }


async def look(deps: ChatDeps, account: Account) -> Sight:
    return Sight(
        account=account,
        capabilities=require_platform(account.platform).capabilities,
        health=await deps.rotation.health(account.id),
        outcome=await deps.book.last_outcome(account.id),
        view=deps.view(),
    )


def missing_scopes(sight: Sight) -> list[str]:
    """Return the values of `Operation` that were not allowed; nothing where that is not known."""
    account = sight.account
    return lost_operations(account.platform, account.scopes) if account.scopes else []


def missing_to_publish(account: Account) -> list[str]:
    """Return the scopes without which nothing can be published, by the login that lacks least."""
    if not account.scopes:
        return []
    lacks = [
        sign_in.missing(account.scopes)
        for sign_in in LOGINS.values()
        if sign_in.platform == account.platform
    ]
    fewest: tuple[str, ...] = min(lacks, key=len, default=())
    return list(fewest)


# The list


async def draw_list(deps: ChatDeps, page: int) -> tuple[Markup, Rows]:
    """Return one page of the list; the nearest page that there is."""
    accounts = await deps.book.all()
    if not accounts:
        return say("accounts_none"), []
    pages = (len(accounts) + PAGE - 1) // PAGE
    page = min(max(page, 0), pages - 1)
    shown = [await look(deps, each) for each in accounts[page * PAGE : (page + 1) * PAGE]]
    head = say(
        "accounts_head", accounts=counted("accounts", len(accounts)), page=page + 1, pages=pages
    )
    rows = [[_open_button(sight)] for sight in shown]
    return Markup("\n".join([head, *map(_line, shown)])), [*rows, _turns(page, pages)]


def _line(sight: Sight) -> Markup:
    facts = sight.facts()
    return say("accounts_line", state=say(f"account_state_{sight.mood}", **facts), **facts)


def _open_button(sight: Sight) -> Button:
    facts = sight.facts()
    data = AccountAction(action="open", account_id=sight.account.id)
    return button("account", data, mark=facts["mark"], name=sight.account.name)


def _turns(page: int, pages: int) -> list[Button]:
    turns = []
    if page > 0:
        turns.append(_button("back", "list", 0, str(page - 1)))
    if page < pages - 1:
        turns.append(_button("next", "list", 0, str(page + 1)))
    return turns


# One account


async def draw_account(
    deps: ChatDeps, account: Account, *, may_change: bool, note: Markup | None = None
) -> tuple[Markup, Rows]:
    """Return the page of an account; ``note`` says what was just done."""
    sight = await look(deps, account)
    facts = sight.facts()
    lines = [
        say("account_head", **facts),
        say(f"account_says_{sight.mood}", **facts),
        *_sign_in(sight),
        *_lacks(sight),
        _last(sight),
        *_score(sight.health),
        *await _scarcest(deps, sight),
        say("account_is_target" if account.is_target else "account_no_target"),
        _defaults(account),
    ]
    if account.origin == "settings":
        lines.append(say("account_from_settings"))
    if note is not None:
        lines += [Markup(""), note]
    rows = _buttons(sight) if may_change else []
    return Markup("\n".join(lines)), [*rows, [_button("account_list", "list", 0)]]


def _sign_in(sight: Sight) -> list[Markup]:
    account, view = sight.account, sight.view
    if account.state == "reconnect" or account.platform == "telegram":
        return []
    end = view.moment(account.sign_in_expires_at) if account.sign_in_expires_at else ""
    renews = account.platform in RENEWALS and account.expires_at is not None
    if renews and end:
        lines = [say("account_renews_until", end=end)]
    elif renews and account.expires_at is not None:
        lines = [say("account_renews", until=view.moment(account.expires_at))]
    else:
        lines = [say("account_good_until", end=end) if end else say("account_no_end")]
    if account.renewed_at is not None:
        lines.append(say("account_renewed", at=view.moment(account.renewed_at)))
    return lines


def _lacks(sight: Sight) -> list[Markup]:
    what = [
        say(f"without_scope_{name}") if has(f"without_scope_{name}") else Markup(name)
        for name in missing_scopes(sight)
    ]
    if needed := missing_to_publish(sight.account):
        what.insert(0, say("account_cannot_publish", scopes=needed))
    if not what:
        return []
    return [say("account_lacks", what=Markup("; ".join(what)))]


def _last(sight: Sight) -> Markup:
    outcome = sight.outcome
    if outcome is None:
        return say("account_last_none")
    at = sight.view.moment(outcome.at)
    if outcome.state is UploadState.FAILED:
        return say("account_last_failed", at=at, why=outcome.why)
    return say(f"account_last_{outcome.state.value}", at=at, url=outcome.url)


def _score(health: Health) -> list[Markup]:
    return [] if health.score is None else [say("account_score", score=health.score)]


async def _scarcest(deps: ChatDeps, sight: Sight) -> list[Markup]:
    """Return how the quota stands of which the least is left."""
    quota = await deps.posts.quotas.line(sight.account.id)
    if quota is None:
        return []
    text = LimitsText(sight.view.now, sight.view.zone)
    return [text.line(quota, sight.account.platform)]


def _defaults(account: Account) -> Markup:
    if not account.defaults:
        return say("account_no_defaults")
    told = [
        say("account_default", word=key, value=_shown(key, value))
        for key, value in account.defaults.items()
    ]
    return say("account_defaults", defaults=Markup(", ".join(told)))


def _buttons(sight: Sight) -> Rows:
    account = sight.account
    turns = {
        "ok": [_button("account_pause", "pause", account.id)],
        "paused": [_button("account_resume", "resume", account.id)],
    }
    target = "account_target_on" if account.is_target else "account_target_off"
    return [
        [*turns.get(account.state, []), _button("account_check", "check", account.id)],
        [_button("reconnect", "again", account.id), _button(target, "target", account.id)],
        *([_default_button(sight, key)] for key in cycled(sight.capabilities)),
        [
            _button("account_rename", "rename", account.id),
            _button("account_tags", "tags", account.id),
        ],
        [_button("account_disconnect", "disconnect", account.id)],
    ]


def cycled(capabilities: Capabilities) -> list[str]:
    """Return the keys of defaults that have a button on this platform."""
    options = [key for key in CYCLED if key in capabilities.options or key in OURS]
    return (["privacy"] if len(capabilities.privacy) > 1 else []) + options


def choices(capabilities: Capabilities, key: str) -> Sequence[str]:
    """Return the values that a button goes through, as they are kept."""
    if key == "privacy":
        return [privacy.value for privacy in capabilities.privacy]
    return [read_option(key, choice) for choice in OPTIONS[key].choices]


def _shown(key: str, value: Any) -> Any:  # noqa: ANN401 - text or a list
    """Return a default as people know it: the name of a category, not its number."""
    return CATEGORIES.get(value, value) if key == "category" else value


def _default_button(sight: Sight, key: str) -> Button:
    value = sight.account.defaults.get(key)
    shown = say("account_unset") if value is None else str(_shown(key, value))
    data = AccountAction(action="default", account_id=sight.account.id, value=key)
    return button("account_default", data, word=key, value=shown)


def draw_question(account: Account, waiting: int) -> tuple[Markup, Rows]:
    """Return the question before a disconnection."""
    text = say(
        "account_disconnect_ask_waiting" if waiting else "account_disconnect_ask",
        name=account.name,
        platform=platform_title(account.platform),
        waiting=counted("uploads", waiting),
    )
    leave = _button("account_leave", "leave", account.id)
    return text, [[leave], [_button("account_keep", "open", account.id)]]


def _button(words: str, action: str, account_id: int, value: str = "") -> Button:
    data = AccountAction(action=action, account_id=account_id, value=value)
    return button(words, data)
