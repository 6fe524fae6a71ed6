"""Groups in chat, the choice on the card, and the word of a person in a staged go-live."""

from __future__ import annotations

from datetime import timedelta

from core.accounts.groups import GroupRule
from core.posts.models import UploadState, WaitReason
from tests.chat_kit import ADMIN, PERSON, Chat, make_command, make_press, make_video


async def shown(chat: Chat, data: str) -> str:
    """Press a button and return the page as it is drawn again."""
    await chat.hear(make_press(data, ADMIN))
    return chat.session.of("editMessageText")[-1].text


async def test_without_groups_it_is_said_how_to_make_one(chat: Chat) -> None:
    assert "/groups new" in await chat.text(make_command("/groups"))


async def test_an_admin_makes_a_group_and_puts_accounts_in(chat: Chat) -> None:
    (call,) = await chat.ask(make_command("/groups new brand A", ADMIN))
    assert "to: brand A" in call.text
    assert {"gr1:member:1:1", "gr1:member:1:2"} <= set(call.data)
    await shown(chat, "gr1:member:1:1")
    assert (await chat.desk.groups.require(1)).members == (1,)
    await shown(chat, "gr1:member:1:1")
    assert (await chat.desk.groups.require(1)).members == ()


async def test_a_group_is_not_called_like_another_target(chat: Chat) -> None:
    for name in ("YouTube", "My YouTube"):
        said = await chat.text_of_command(f"/groups new {name}", ADMIN)
        assert "is a target already" in said
    assert await chat.desk.groups.all() == []


async def test_rule_and_pause_go_round(chat: Chat) -> None:
    await chat.desk.groups.create("brand A")
    assert "in turn" in await shown(chat, "gr1:rule:1:0")
    assert "least used" in await shown(chat, "gr1:rule:1:0")
    assert "1 min" in await shown(chat, "gr1:gap:1:0")
    assert (await chat.desk.groups.require(1)).gap_seconds == 60


async def test_a_group_can_be_deleted(chat: Chat) -> None:
    await chat.desk.groups.create("brand A")
    assert "brand A is gone" in await shown(chat, "gr1:delete:1:0")
    assert await chat.desk.groups.all() == []
    assert "no group" in await chat.text(make_press("gr1:rule:1:0", ADMIN))


async def test_others_see_groups_but_do_not_change_them(chat: Chat) -> None:
    await chat.desk.groups.create("brand A")
    assert "brand A" in await chat.text(make_command("/groups"))
    assert "Only an admin" in await chat.text(make_command("/groups new brand B"))
    assert "Only an admin" in await chat.text(make_press("gr1:delete:1:0", PERSON))
    assert len(await chat.desk.groups.all()) == 1


async def test_the_card_says_why_this_account_was_taken(chat: Chat) -> None:
    group = await chat.desk.groups.create("brand A", GroupRule.ROUND_ROBIN)
    await chat.desk.groups.add(group.id, 1)
    upload = {"key": "choice_cooldown", "facts": {"chosen": "B", "passed": "A"}}
    await chat.ask(make_video("Sea\nto: brand A"))
    until = chat.clock.now() + timedelta(minutes=10)
    upload["facts"] = {"chosen": "B", "passed": "A", "until": until.isoformat()}
    await chat.move(1, UploadState.WAITING, choice=upload, reason=WaitReason.TURN)
    await chat.clock.advance(10)
    (card,) = await chat.speak()
    assert "B: A cools down until 12:10" in card.text


async def test_the_card_says_that_an_upload_is_ready_and_waits_for_the_others(chat: Chat) -> None:
    await chat.ask(make_video("Sea\ntogether: yes"))
    staged = chat.clock.now()
    await chat.move(1, UploadState.WAITING, reason=WaitReason.TIME, staged_at=staged)
    await chat.clock.advance(10)
    (card,) = await chat.speak()
    assert "ready; goes live when all the others are" in card.text


async def test_an_option_that_no_target_has_is_refused(chat: Chat) -> None:
    answer = await chat.text(make_video("Sea\nto: telegram\nduet: no"))
    assert "duet" in answer
    assert "TikTok" in answer


async def test_the_card_says_who_leaves_an_option_out(chat: Chat) -> None:
    (card,) = await chat.ask(make_video("Sea\nkids: yes"))
    assert "Telegram has no such setting: kids" in card.text


async def test_a_person_gives_the_word_when_one_failed(chat: Chat) -> None:
    await chat.ask(make_video("Sea\ntogether: yes"))
    await chat.move(1, UploadState.FAILED, error_kind="rejected", error_text="too loud")
    upload = await chat.desk.posts.start(2)
    await chat.desk.posts.stage(upload)
    await chat.clock.advance(10)
    said = await chat.speak()
    (question,) = [call for call in said if "everywhere at once" in call.text]
    assert "YouTube · my youtube" in question.text
    assert question.data == ["g1:1:go", "g1:1:stay"]
    assert "go live now" in await chat.text(make_press("g1:1:go"))
    post = await chat.desk.posts.require(1)
    assert post.wish.options["together"] == "going"
    assert "decided already" in await chat.text(make_press("g1:1:stay"))


async def test_many_groups_fit_into_one_message(chat: Chat) -> None:
    for number in range(60):
        await chat.desk.groups.create(f"{number} {'x' * 35}")
    (call,) = await chat.ask(make_command("/groups"))
    assert "and 35 more below" in call.text
    assert len(call.data) == 60


async def test_a_word_that_is_none_changes_nothing(chat: Chat) -> None:
    await chat.ask(make_video("Sea\ntogether: yes"))
    assert "too old" in await chat.text(make_press("g1:1:what"))
    post = await chat.desk.posts.require(1)
    assert post.wish.options["together"] == "yes"
