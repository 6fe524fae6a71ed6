"""Telegram after publishing, against its stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Access, Operation, Session
from core.platforms.registry import require_platform
from tests.operation_kit import Live
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.transport import HttpTransport

HOUR = 3600.0


@pytest.fixture
async def live() -> AsyncIterator[Live]:
    async with Sandbox(SandboxOptions()) as sandbox, HttpTransport() as transport:
        account = next(a for a in sandbox.settings()["accounts"] if a["platform"] == "telegram")
        token = account.get("access_token") or sandbox.settings()["telegram"]["token"]
        access = Access(remote_id=str(account["remote_id"]), access_token=token)
        yield Live(
            platform=require_platform("telegram"),
            transport=transport,
            sandbox=sandbox,
            access=access,
        )


def shown(live: Live, session: Session) -> dict[str, Any] | None:
    rows = live.sandbox.published()
    found = (row for row in rows if str(row["remote_id"]).endswith(session.media_id))
    return next(found, None)


async def test_an_edit_changes_the_caption(live: Live) -> None:
    session = await live.publish()
    changes = {"title": "1 < 2", "description": "Words", "tags": ["x"]}
    work = await live.do(Operation.EDIT, session, changes=changes)
    assert work.facts == {"description": "1 < 2\n\nWords\n\n#x"}
    row = shown(live, session)
    assert row is not None
    assert work.facts["description"] in row["text"].values()
    again = await live.do(Operation.EDIT, session, changes=changes)
    assert again.facts == work.facts


async def test_a_message_is_removed_once_and_for_all(live: Live) -> None:
    session = await live.publish()
    for _ in range(2):
        assert (await live.do(Operation.DELETE, session)).facts == {"there": False}
    assert shown(live, session) is None
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.EDIT, session, changes={"description": "x"})
    assert caught.value.code == "gone"


async def test_after_two_days_a_message_stays(live: Live) -> None:
    session = await live.publish()
    live.sandbox.advance(49 * HOUR)
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.DELETE, session)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "locked")
    assert shown(live, session) is not None
