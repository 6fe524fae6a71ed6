from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest

from utils.sandbox.server import Sandbox
from utils.sandbox.telegram.limits import Budgets
from utils.sandbox.telegram.media import is_thumbnail, picture_size
from utils.sandbox.telegram.service import is_well_formed
from utils.sandbox.telegram.webapp import init_data, sign
from utils.sandbox.telegram.webhook import is_loopback, retry_delay

GROUP = -100


class Frozen:
    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(services=())
    yield sandbox
    sandbox._database.close()
    sandbox._blobs.close()


@pytest.fixture
def clock(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Frozen:
    frozen = Frozen()
    monkeypatch.setattr(sandbox, "clock", frozen)
    return frozen


@pytest.fixture
def budgets(sandbox: Sandbox, clock: Frozen) -> Budgets:
    return Budgets(sandbox, "telegram")


def test_a_group_takes_twenty_messages_a_minute(budgets: Budgets, clock: Frozen) -> None:
    for _ in range(20):
        assert budgets.charge(GROUP, "channel") == 0
        clock.time += 1
    assert budgets.charge(GROUP, "channel") == 40
    clock.time += 40
    assert budgets.charge(GROUP, "channel") == 0
    assert budgets.charge(GROUP, "channel") == 1


def test_an_album_needs_room_for_all_its_items(budgets: Budgets) -> None:
    assert budgets.charge(GROUP, "supergroup", 15) == 0
    assert budgets.charge(GROUP, "supergroup", 6) == 60
    assert budgets.charge(GROUP, "supergroup", 5) == 0


def test_a_private_chat_has_a_burst_and_then_one_a_second(budgets: Budgets, clock: Frozen) -> None:
    for _ in range(20):
        assert budgets.charge(1, "private") == 0
    assert budgets.charge(1, "private") == 1
    clock.time += 1
    assert budgets.charge(1, "private") == 0
    assert budgets.charge(1, "private") == 1


def test_all_chats_share_thirty_a_second(budgets: Budgets, clock: Frozen) -> None:
    for chat_id in range(1, 31):
        assert budgets.charge(chat_id, "private") == 0
    assert budgets.charge(99, "private") == 1
    clock.time += 1
    assert budgets.charge(99, "private") == 0


def test_a_switch_turns_the_budgets_off(budgets: Budgets, sandbox: Sandbox) -> None:
    sandbox.options.assign("telegram", "budgets", value=False)
    assert [budgets.charge(GROUP, "channel") for _ in range(50)] == [0] * 50


def test_retries_double_and_honour_the_bot() -> None:
    assert [retry_delay(tries, None) for tries in range(1, 6)] == [0, 2, 4, 8, 16]
    assert 60 <= retry_delay(30, None) <= 120
    assert retry_delay(1, 17) == 17
    assert retry_delay(1, 100_000) == 3600


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://127.0.0.1:1/x", True),
        ("http://localhost/", True),
        ("http://[::1]/", True),
        ("https://example.com/", False),
        ("http://127.0.0.1.example.com/", False),
    ],
)
def test_only_loopback_is_reached(url: str, is_local: bool) -> None:
    assert is_loopback(url) is is_local


@pytest.mark.parametrize(
    "token",
    ["", "abc", "1:", "0123:abc", "x1:abc", "1:" + "a" * 80, "99999999999999999999:a", "1:a/b"],
)
def test_malformed_tokens_are_recognised(token: str) -> None:
    assert not is_well_formed(token)


def test_the_hash_of_launch_data_covers_the_signature() -> None:
    vector = {
        "auth_date": "1700000000",
        "query_id": "AAE",
        "signature": "c2ln",
        "user": '{"id":42,"first_name":"Ann"}',
    }
    expected = "38af69f3e252436374c070e18034a0cf5d161ba11245e003de1364b4be35ba4c"
    assert sign("123456:TEST-TOKEN", vector) == expected


def test_launch_data_can_be_wrong_on_purpose() -> None:
    def fields(mode: str) -> dict[str, str]:
        text = init_data("1:x", {"id": 1}, 1_000_000, mode)
        return dict(parse_qsl(text, keep_blank_values=True))

    def is_right(found: dict[str, str]) -> bool:
        return hmac.compare_digest(found.get("hash", "").encode(), sign("1:x", found).encode())

    assert all(is_right(fields(mode)) for mode in ("", "stale", "shuffled", "blank"))
    assert not any(is_right(fields(mode)) for mode in ("wrong_hash", "missing_hash"))
    assert int(fields("stale")["auth_date"]) == 1_000_000 - 172_800
    assert not fields("empty")
    assert not fields("non_ascii_hash")["hash"].isascii()
    with pytest.raises(ValueError, match="mode"):
        init_data("1:x", {}, 1, "nonsense")


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc0\x00\x11\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return b"\xff\xd8\xff\xe0\x00\x10" + b"JFIF\x00" + bytes(9) + frame + bytes(12) + b"\xff\xd9"


def test_pictures_are_measured() -> None:
    assert picture_size(jpeg(320, 180)) == (320, 180)
    png = b"\x89PNG\r\n\x1a\n" + bytes(8) + (640).to_bytes(4, "big") + (360).to_bytes(4, "big")
    assert picture_size(png) == (640, 360)
    assert picture_size(hashlib.sha256(b"").digest()) is None


def test_large_thumbnails_are_no_thumbnails() -> None:
    assert is_thumbnail(jpeg(320, 180), 1000)
    assert not is_thumbnail(jpeg(321, 180), 1000)
    assert not is_thumbnail(jpeg(320, 180), 200_001)
    assert not is_thumbnail(b"\x89PNG", 10)
