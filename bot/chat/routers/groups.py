"""Groups of accounts: /groups; and the word of a person in a staged go-live."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message, User

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Button, Rows, button
from bot.chat.refusals import platform_title
from bot.chat.routers.owned import owned_post
from bot.chat.texts import Markup, counted, human, say
from bot.chat.voice import Voice
from core.accounts.groups import Group, GroupRule
from core.errors import RefusedError

GAPS = (0.0, 60.0, 300.0, 900.0, 3600.0)
"""Pauses that the button goes through, in seconds."""


SHOWN = 25
"""Groups that the list describes; the others have a button all the same."""


class GroupAction(CallbackData, prefix="gr1"):
    """A button about a group: show, rule, gap, member, delete or list."""

    action: str
    group_id: int = 0
    account_id: int = 0


class TogetherAction(CallbackData, prefix="g1"):
    """What a person says about a staged go-live of which a part failed: go or stay."""

    post_id: int
    action: str


def build_router() -> Router:
    router = Router(name="groups")
    router.message.register(groups, Command("groups"))
    router.callback_query.register(press, GroupAction.filter())
    router.callback_query.register(together, TogetherAction.filter())
    return router


async def groups(
    message: Message, command: CommandObject, deps: ChatDeps, voice: Voice, is_admin: bool
) -> None:
    """Show all groups, or make a new one."""
    del message
    word, _, name = (command.args or "").strip().partition(" ")
    if not word:
        await voice.tell(*await overview(deps))
        return
    if word.casefold() != "new":
        raise RefusedError("groups_usage")
    _require_admin(is_admin)
    group = await deps.groups.create(name)
    await voice.tell(*await page(deps, group))


async def press(
    query: CallbackQuery, callback_data: GroupAction, deps: ChatDeps, voice: Voice, is_admin: bool
) -> None:
    """Do what a button says and draw the page again."""
    del query
    await voice.acknowledge()
    if callback_data.action == "list":
        await voice.show(*await overview(deps))
        return
    group = await deps.groups.require(callback_data.group_id)
    if callback_data.action != "show":
        _require_admin(is_admin)
        if callback_data.action == "delete":
            await deps.groups.delete(group.id)
            await voice.show(say("group_deleted", name=group.name))
            return
        await _change(deps, group, callback_data)
    await voice.show(*await page(deps, await deps.groups.require(group.id)))


async def _change(deps: ChatDeps, group: Group, wanted: GroupAction) -> None:
    match wanted.action:
        case "rule":
            rules = list(GroupRule)
            following = rules[(rules.index(group.rule) + 1) % len(rules)]
            await deps.groups.set_rule(group.id, following)
        case "gap":
            later = [gap for gap in GAPS if gap > group.gap_seconds]
            await deps.groups.set_gap(group.id, later[0] if later else GAPS[0])
        case "member" if wanted.account_id in group.members:
            await deps.groups.remove(group.id, wanted.account_id)
        case "member":
            known = {account.id for account in await deps.posts.accounts()}
            if wanted.account_id not in known:
                raise RefusedError("old_button")
            await deps.groups.add(group.id, wanted.account_id)
        case _:
            raise RefusedError("old_button")


async def together(
    query: CallbackQuery,
    callback_data: TogetherAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """A person says whether the others go live without those that failed."""
    del query
    await voice.acknowledge()
    post = await owned_post(deps, callback_data.post_id, user, is_admin=is_admin)
    if callback_data.action not in {"go", "stay"}:
        raise RefusedError("old_button")
    go = callback_data.action == "go"
    await deps.posts.decide_together(post.id, go=go)
    await voice.drop_buttons()
    await voice.say("together_going" if go else "together_staying")


async def overview(deps: ChatDeps) -> tuple[Markup, Rows]:
    """Return the list of groups with a button for each."""
    known = await deps.groups.all()
    if not known:
        return say("groups_none"), []
    lines = [
        say(
            "group_line",
            name=group.name,
            rule=say(f"rule_{group.rule.value}"),
            members=counted("members", len(group.members)),
        )
        for group in known[:SHOWN]
    ]
    if len(known) > SHOWN:
        lines.append(say("groups_more", count=len(known) - SHOWN))
    text = Markup("\n".join([say("groups_head"), *lines, say("groups_tail")]))
    return text, [[_button("group", "show", group, name=group.name)] for group in known]


async def page(deps: ChatDeps, group: Group) -> tuple[Markup, Rows]:
    """Return one group and the buttons that change it."""
    rule, gap = say(f"rule_{group.rule.value}"), _gap(group)
    head = say("group_head", name=group.name, rule=rule, gap=gap)
    text = Markup(f"{head}\n\n{say('group_how', name=group.name)}")
    members = [
        [
            button(
                "member_in" if account.id in group.members else "member_out",
                GroupAction(action="member", group_id=group.id, account_id=account.id),
                name=f"{platform_title(account.platform)} · {account.name}",
            )
        ]
        for account in await deps.posts.accounts()
    ]
    tail = [
        [
            _button("group_rule", "rule", group, rule=rule),
            _button("group_gap", "gap", group, gap=gap),
        ],
        [_button("group_delete", "delete", group), _button("groups", "list", group)],
    ]
    return text, [*members, *tail]


def _gap(group: Group) -> str:
    return human.span(group.gap_seconds) if group.gap_seconds else say("gap_none")


def _button(words: str, action: str, group: Group, **facts: object) -> Button:
    return button(words, GroupAction(action=action, group_id=group.id), **facts)


def _require_admin(is_admin: bool) -> None:
    if not is_admin:
        raise RefusedError("admins_only")
