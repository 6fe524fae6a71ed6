from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.texts import has
from core.errors import ErrorKind
from core.posts.causes import CURES, Cure, cause_of, cure_of, normal_text
from tests.factories import Desk
from tests.letters_kit import fail, make_post


def test_numbers_names_and_addresses_do_not_tell_causes_apart() -> None:
    first = normal_text("Title “My day” of video abc123-x9 is too long (140 signs), https://a.b/1")
    assert first == normal_text(
        "title “Yours” of video q7 is too long (97 signs), http://c.d/2?e=f"
    )
    assert first != normal_text("Title “My day” of video abc123-x9 is forbidden (140 signs)")


async def test_trouble_of_an_account_is_told_apart_by_account(desk: Desk) -> None:
    await make_post(desk, 1)
    upload = await fail(desk, 1, error_kind="auth_revoked", error_text="token revoked")
    assert cause_of(upload).account_id == upload.account_id
    assert cause_of(replace(upload, error_kind="rejected")).account_id == 0


async def test_a_video_that_cannot_be_had_is_one_cause_for_all_platforms(desk: Desk) -> None:
    await make_post(desk, 1)
    failed = [
        await fail(
            desk, number, error_kind="source", error_code="gone", error_text=f"try {number}"
        )
        for number in (1, 2)
    ]
    assert len({cause_of(upload) for upload in failed}) == 1


@pytest.mark.parametrize(
    ("kind", "code", "cure"),
    [
        ("auth_revoked", "", Cure.CONNECT),
        ("quota_exhausted", "", Cure.WAIT),
        ("rejected", "fit.too_long", Cure.FIX_FILE),
        ("rejected", "duplicate", Cure.THERE),
        ("source", "gone", Cure.SEND_AGAIN),
        ("unknown_outcome", "nobody_decided", Cure.DECIDE),
        ("transient", "", Cure.RETRY),
        ("what a later version calls it", "", Cure.REPORT),
    ],
)
def test_what_helps_follows_from_kind_and_code(kind: str, code: str, cure: Cure) -> None:
    assert cure_of(kind, code) is cure


def test_every_kind_has_a_cure_and_every_cure_a_sentence() -> None:
    assert set(CURES) == set(ErrorKind)
    assert [cure for cure in Cure if not has(f"cure_{cure.value}")] == []
