from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from tests.sandbox_kit import JSON, new_session
from tests.sandbox_meta_client import DAY, IG, PAGE, PROCESSING, Meta, V, problem
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.server import Sandbox, SandboxOptions


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=PROCESSING)) as running:
        yield running


@pytest.fixture
async def meta(sandbox: Sandbox) -> AsyncIterator[Meta]:
    async with new_session() as session:
        yield Meta(sandbox, session)


@pytest.mark.parametrize("version", ["v20.0", "v27.0", "v25.1"])
async def test_other_versions_are_refused(meta: Meta, version: str) -> None:
    headers = {"Authorization": f"Bearer {seeds.USER_TOKEN}"}
    answer = await meta.graph("GET", f"/{version}/me", headers=headers)
    assert problem(answer)[0] == 2635
    meta.sandbox.set_option("graph", "old_versions", "upgrade")
    assert (await meta.graph("GET", f"/{version}/me", headers=headers)).status == 200


@pytest.mark.parametrize("version", ["v21.0", "v26.0"])
async def test_living_versions_are_served(meta: Meta, version: str) -> None:
    path = f"/{version}/me?access_token={seeds.USER_TOKEN}"
    assert (await meta.graph("GET", path)).json["id"] == seeds.USER_ID


@pytest.mark.parametrize("token", ["", "EAAnobody"])
async def test_unknown_token_is_refused(meta: Meta, token: str) -> None:
    answer = await meta.call("GET", "/me", token=token)
    assert (answer.status, problem(answer)) == (400, (190, None))
    assert answer.headers["content-type"].startswith("application/json")


async def test_token_may_stand_in_the_form(meta: Meta) -> None:
    form = {"access_token": seeds.PAGE_TOKEN, "upload_phase": "start"}
    answer = await meta.graph("POST", f"{V}/{PAGE}/video_reels", data=form)
    assert answer.status == 200


async def test_expired_token_is_told_by_subcode(meta: Meta) -> None:
    meta.sandbox.advance(61 * DAY)
    assert problem(await meta.call("GET", "/me")) == (190, 463)


@pytest.mark.parametrize("subcode", [458, 460, 463])
async def test_token_can_be_made_to_die(meta: Meta, subcode: int) -> None:
    fault = {"service": "graph", "step": "me", "action": "expire_token", "subcode": subcode}
    meta.sandbox.faults.add(fault)
    meta.sandbox.set_option("graph", "auth_status", 401)
    answer = await meta.call("GET", "/me")
    assert (answer.status, problem(answer)) == (401, (190, subcode))
    assert problem(await meta.call("GET", f"/{IG}")) == (190, subcode)


@pytest.mark.parametrize(
    ("face", "token"), [("graph", seeds.IG_TOKEN), ("instagram", seeds.USER_TOKEN)]
)
async def test_tokens_belong_to_one_host(meta: Meta, face: str, token: str) -> None:
    assert problem(await meta.call("GET", "/me", token=token, face=face))[0] == 190


async def test_missing_scope_is_refused(meta: Meta) -> None:
    answer = await meta.call("POST", f"/{IG}/media", {}, token=seeds.POOR_USER_TOKEN)
    assert problem(answer)[0] == 10


@pytest.mark.parametrize("path", ["/me?date_format=U", f"/{IG}?fields=id&date_format=U"])
async def test_date_format_is_refused(meta: Meta, path: str) -> None:
    assert problem(await meta.call("GET", path))[0] == 100


async def test_root_with_ids_is_refused(meta: Meta) -> None:
    answer = await meta.graph("GET", f"/?ids={IG}&access_token={seeds.USER_TOKEN}")
    assert (answer.status, problem(answer)[0]) == (400, 100)


async def test_there_is_never_a_304(meta: Meta) -> None:
    headers = {"Authorization": f"Bearer {seeds.USER_TOKEN}", "If-None-Match": "*"}
    answer = await meta.graph("GET", f"{V}/me?pretty=1&debug=all", headers=headers)
    assert answer.status == 200
    assert "etag" not in answer.headers


async def test_unknown_field_is_refused(meta: Meta) -> None:
    assert problem(await meta.call("GET", f"/{IG}?fields=id,mood"))[0] == 100


async def test_usage_is_told_in_every_answer(meta: Meta) -> None:
    good, bad = await meta.call("GET", "/me"), await meta.call("GET", "/me", token="EAAx")
    for answer in (good, bad):
        usage = json.loads(answer.headers["x-app-usage"])
        assert set(usage) == {"call_count", "total_time", "total_cputime"}


async def test_used_up_app_is_refused(meta: Meta) -> None:
    meta.sandbox.set_option("graph", "app_calls", 2)
    answers = [await meta.call("GET", "/me") for _ in range(3)]
    assert problem(answers[2])[0] == 4
    assert json.loads(answers[2].headers["x-app-usage"])["call_count"] == 100
    meta.sandbox.advance(3700)
    assert (await meta.call("GET", "/me")).status == 200


@pytest.mark.parametrize(
    ("path", "token", "business", "kind", "code"),
    [
        (f"/{IG}/media", seeds.USER_TOKEN, IG, "instagram", 80002),
        (f"/{PAGE}/video_reels", seeds.PAGE_TOKEN, PAGE, "pages", 80001),
    ],
)
async def test_used_up_business_waits_longer_with_each_call(
    meta: Meta, path: str, token: str, business: str, kind: str, code: int
) -> None:
    meta.sandbox.set_option("graph", "business_calls", 1)
    await meta.call("GET", path, token=token)
    waits = []
    for _ in range(3):
        answer = await meta.call("GET", path, token=token)
        assert problem(answer)[0] == code
        assert "retry-after" not in answer.headers
        (usage,) = json.loads(answer.headers["x-business-use-case-usage"])[business]
        assert usage["type"] == kind
        waits.append(usage["estimated_time_to_regain_access"])
    assert waits == [5, 6, 7]
    meta.sandbox.advance(8 * 60)
    assert (await meta.call("GET", path, token=token)).status == 200


async def test_me_on_instagram_tells_the_id_to_publish_with(meta: Meta) -> None:
    options: JSON = {"token": seeds.IG_TOKEN, "face": "instagram"}
    me = (await meta.call("GET", "/me?fields=user_id,username", **options)).json
    assert me["user_id"] == IG
    assert me["id"] != IG
    meta.sandbox.set_option("instagram", "wrap_me", True)
    assert (await meta.call("GET", "/me?fields=user_id", **options)).json["data"][0][
        "user_id"
    ] == IG


async def test_accounts_give_page_tokens(meta: Meta) -> None:
    fields = "id,name,access_token,tasks,instagram_business_account{id,username}"
    rows = (await meta.call("GET", f"/me/accounts?fields={fields}")).json["data"]
    assert [row["id"] for row in rows] == [PAGE, seeds.READER_PAGE_ID]
    assert rows[0]["instagram_business_account"] == {"id": IG, "username": "karvon.ig"}
    me = (await meta.call("GET", "/me", token=rows[0]["access_token"])).json
    assert me["id"] == PAGE


@pytest.mark.parametrize(
    ("user", "lives"), [(seeds.USER_TOKEN, True), (seeds.SHORT_USER_TOKEN, False)]
)
async def test_page_token_lives_as_long_as_its_user_token_says(
    meta: Meta, user: str, lives: bool
) -> None:
    rows = (await meta.call("GET", "/me/accounts", token=user)).json["data"]
    meta.sandbox.advance(365 * DAY)
    answer = await meta.call("GET", "/me", token=rows[0]["access_token"])
    assert (answer.status == 200) is lives


@pytest.mark.parametrize("face", ["graph", "instagram", "graph_upload"])
async def test_unknown_path_is_refused_in_the_own_shape(meta: Meta, face: str) -> None:
    remote = {"graph": meta.graph, "instagram": meta.instagram, "graph_upload": meta.rupload}[face]
    answer = await remote("GET", "/nowhere/at/all/ever")
    assert answer.status == 404
    assert ("debug_info" if face == "graph_upload" else "error") in answer.json
