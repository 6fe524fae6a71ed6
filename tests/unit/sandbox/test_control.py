from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.sandbox_echo import Echo, Remote
from utils.sandbox import figures
from utils.sandbox.consent import Choice, Consent, consent_page
from utils.sandbox.server import Sandbox, SandboxOptions


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    timeout = aiohttp.ClientTimeout(total=20)
    async with (
        aiohttp.ClientSession(timeout=timeout) as http,
        Sandbox(SandboxOptions(), [Echo]) as sandbox,
    ):
        yield Remote(sandbox, http)


def publish(sandbox: Sandbox, remote_id: str) -> None:
    sandbox.publish(
        service="telegram",
        account="a",
        remote_id=remote_id,
        sha256="0",
        size=1,
        text={},
        visibility="public",
        url="u",
        options={"loud": True},
    )


async def status(remote: Remote, path: str, body: object) -> int:
    address = f"{remote.address}/_sandbox/{path}"
    async with remote.http.post(address, json=body) as answer:
        assert ("error" in await answer.json()) == (answer.status == 400)
        return answer.status


async def test_what_was_taken_away_is_shown_on_request(remote: Remote) -> None:
    publish(remote.sandbox, "1")
    publish(remote.sandbox, "2")
    remote.sandbox.unpublish("telegram", "1")
    live = await remote.control("GET", "published")
    every = await remote.control("GET", "published?deleted=1")
    one = await remote.control("GET", "published?deleted=1&service=telegram&remote_id=1")
    assert [row["remote_id"] for row in live] == ["2"]
    assert [(row["remote_id"], row["deleted"]) for row in every] == [("1", True), ("2", False)]
    assert [row["visibility"] for row in one] == ["gone"]
    assert live[0]["options"] == {"loud": True}


async def test_what_never_was_live_is_forgotten(remote: Remote) -> None:
    publish(remote.sandbox, "1")
    remote.sandbox.unpublish("telegram", "1", forget=True)
    assert remote.sandbox.published(deleted=True) == []


@pytest.mark.parametrize("path", ["apps", "accounts"])
async def test_a_service_without_people_has_none(remote: Remote, path: str) -> None:
    assert await remote.control("GET", path) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("apps", {"service": "telegram", "client_id": "x"}),
        ("accounts", {"service": "telegram", "account": "x"}),
        ("alter", {"service": "telegram", "remote_id": "x"}),
        ("alter", {"service": "nobody", "remote_id": "x"}),
        ("alter", {"service": "telegram"}),
        ("alter", [1]),
    ],
    ids=str,
)
async def test_what_a_service_does_not_know_is_refused(
    remote: Remote, path: str, body: object
) -> None:
    assert await status(remote, path, body) == 400


async def test_a_step_is_found_by_its_further_names(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Echo, "also", lambda *_: ("loud",))
    remote.sandbox.faults.add({"service": "telegram", "step": "loud", "action": "quiet"})
    await remote.echo(1)
    (row,) = remote.sandbox.journal.rows(step="loud")
    assert (row["step"], row["also"]) == ("echo", ["loud"])
    assert remote.sandbox.journal.rows(step="quiet") == []
    assert remote.sandbox.faults.take("telegram", "echo", "quiet") is None
    assert remote.sandbox.faults.take("telegram", "echo", "quiet", "loud") is not None


async def test_a_fault_reaches_a_step_by_a_further_name(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Echo, "also", lambda *_: ("loud",))
    fault = {"service": "telegram", "step": "loud", "action": "status", "status": 500}
    remote.sandbox.faults.add(fault)
    assert [(await remote.echo(n))[0] for n in (1, 2)] == [500, 200]


def test_figures_grow_with_the_minutes_and_never_shrink() -> None:
    counts = [figures.views(seconds) for seconds in (-5, 0, 59, 60, 3600)]
    assert counts == [0, 0, 0, 3, 180]
    assert figures.likes(3600) > figures.comments(3600) > figures.shares(3600) > 0


def test_a_page_of_consent_shows_no_foreign_markup() -> None:
    from aiohttp.test_utils import make_mocked_request

    request = make_mocked_request("GET", '/auth?state="><script>1</script>&account=x')
    consent = Consent(
        service="<b>",
        accounts=[Choice(value='"a"', label="<i>", note="<u>")],
        chosen='"a"',
        scopes=["<s>"],
    )
    text = consent_page(request, consent).text or ""
    assert not {mark for mark in ("<script>", "<b>", "<i>", "<u>", "<s>") if mark in text}
    assert "&lt;script&gt;" in text
    assert 'value="x"' not in text
