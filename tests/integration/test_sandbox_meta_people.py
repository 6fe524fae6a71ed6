"""People at Meta's stand-ins: who signs in, with which Pages, and what is taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from tests.sandbox_kit import JSON, Answer, new_session
from tests.sandbox_login import FB_SCOPES, IG_SCOPES, VERIFIER, Login, base64url
from tests.sandbox_meta_client import DAY, IG, PAGE, PROCESSING, Meta, problem
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.server import Sandbox, SandboxOptions

APP_TOKEN = f"{seeds.APP_ID}|{seeds.APP_SECRET}"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=PROCESSING)) as running:
        yield running


@pytest.fixture
async def meta(sandbox: Sandbox) -> AsyncIterator[Meta]:
    async with new_session() as session:
        yield Meta(sandbox, session)


@pytest.fixture
def facebook(meta: Meta) -> Login:
    return Login(meta.sandbox, {"graph": meta.graph}, "facebook")


@pytest.fixture
def instagram(meta: Meta) -> Login:
    return Login(meta.sandbox, {"instagram": meta.instagram}, "instagram")


async def lengthen(login: Login, token: str, **changes: str) -> Answer:
    query = {
        "grant_type": "fb_exchange_token",
        "client_id": login.app["client_id"],
        "client_secret": login.app["client_secret"],
        "fb_exchange_token": token,
        **changes,
    }
    return await login.remote("GET", f"/v26.0/oauth/access_token?{urlencode(query)}")


async def pages(meta: Meta, token: str) -> list[JSON]:
    fields = "id,name,access_token,tasks,instagram_business_account"
    answer = await meta.call("GET", f"/me/accounts?fields={fields}", token=token)
    assert answer.status == 200, answer.body
    rows: list[JSON] = answer.json["data"]
    return rows


async def permissions(meta: Meta, token: str) -> dict[str, str]:
    rows = (await meta.call("GET", "/me/permissions", token=token)).json["data"]
    return {row["permission"]: row["status"] for row in rows}


async def debug(meta: Meta, token: str, asking: str = APP_TOKEN) -> JSON:
    query = urlencode({"input_token": token, "access_token": asking})
    answer = await meta.graph("GET", f"/v26.0/debug_token?{query}")
    assert answer.status == 200, answer.body
    data: JSON = answer.json["data"]
    return data


# Facebook Login


@pytest.mark.parametrize(
    ("account", "names"),
    [
        (seeds.NO_PAGE_USER_ID, []),
        (seeds.ONE_PAGE_USER_ID, ["Olga's Garden"]),
        (seeds.THREE_PAGES_USER_ID, ["Tess Cooks", "Tess Travels", "Tess Reads"]),
    ],
)
async def test_each_person_has_their_pages(
    meta: Meta, facebook: Login, account: str, names: list[str]
) -> None:
    told = await facebook.sign_in(account=account)
    rows = await pages(meta, told["access_token"])
    assert [row["name"] for row in rows] == names
    lacking = [row["name"] for row in rows if "CREATE_CONTENT" not in row["tasks"]]
    assert lacking == [name for name in names if name == "Tess Reads"]
    linked = [row["name"] for row in rows if "instagram_business_account" in row]
    assert linked == [name for name in names if name == "Olga's Garden"]


async def test_a_page_that_was_kept_back_is_not_listed(meta: Meta, facebook: Login) -> None:
    visit = await facebook.visit()
    account, kept = seeds.ONE_PAGE_USER_ID, (seeds.ONE_PAGE_ID,)
    code = facebook.read(await visit.press(account=account, untick=kept))["code"]
    token = (await facebook.trade(code)).json["access_token"]
    assert await pages(meta, token) == []


async def test_a_page_token_lives_as_long_as_the_token_it_comes_from(
    meta: Meta, facebook: Login
) -> None:
    account = seeds.ONE_PAGE_USER_ID
    short = (await facebook.sign_in(account=account))["access_token"]
    long = (await lengthen(facebook, short)).json["access_token"]
    (brief,), (lasting,) = await pages(meta, short), await pages(meta, long)
    assert (await debug(meta, lasting["access_token"]))["expires_at"] == 0
    assert (await debug(meta, brief["access_token"]))["profile_id"] == seeds.ONE_PAGE_ID
    meta.sandbox.advance(2 * 3600)
    told = await debug(meta, brief["access_token"])
    assert (told["is_valid"], told["error"]["subcode"]) == (False, 463)
    meta.sandbox.advance(300 * DAY)
    node = f"/{seeds.ONE_PAGE_ID}"
    assert (await meta.call("GET", node, token=lasting["access_token"])).status == 200
    assert problem(await meta.call("GET", "/me", token=long)) == (190, 463)


async def test_an_application_for_business_gets_all_or_nothing(
    meta: Meta, facebook: Login
) -> None:
    visit = await facebook.visit(scope=None, config_id=seeds.CONFIG_ID)
    assert [name for name, _ in visit.form.boxes if name == "granted"] == []
    token = (await facebook.trade(facebook.read(await visit.press())["code"])).json["access_token"]
    assert await permissions(meta, token) == dict.fromkeys(seeds.USER_SCOPES, "granted")
    assert "config_id" in await facebook.refused(scope=None, config_id="1")


async def test_a_classic_application_may_get_a_part_and_ask_again(
    meta: Meta, facebook: Login
) -> None:
    meta.sandbox.services["graph"].change_app(seeds.APP_ID, {"login": "classic"})
    visit = await facebook.visit()
    code = facebook.read(await visit.press(untick=("pages_manage_posts",)))["code"]
    token = (await facebook.trade(code)).json["access_token"]
    assert (await permissions(meta, token))["pages_manage_posts"] == "declined"
    offered = [value for name, value in (await facebook.visit()).form.boxes if name == "granted"]
    assert "pages_manage_posts" not in offered
    again = await facebook.visit(auth_type="rerequest")
    token = (await facebook.trade(facebook.read(await again.press())["code"])).json["access_token"]
    assert set((await permissions(meta, token)).values()) == {"granted"}


@pytest.mark.parametrize(
    ("path", "refused"),
    [("/dialog/oauth", True), ("/v20.0/dialog/oauth", True), ("/v21.0/dialog/oauth", False)],
)
async def test_the_dialog_wants_a_living_version(
    meta: Meta, facebook: Login, path: str, refused: bool
) -> None:
    address = facebook.address().partition("?")[2]
    assert (await meta.graph("GET", f"{path}?{address}")).status == (400 if refused else 200)
    meta.sandbox.set_option("graph", "unversioned_dialog", value=True)
    meta.sandbox.set_option("graph", "old_versions", "accept")
    assert (await meta.graph("GET", f"{path}?{address}")).status == 200


async def test_the_token_calls_want_a_living_version(meta: Meta) -> None:
    answer = await meta.graph("GET", "/v20.0/oauth/access_token?client_id=1")
    assert problem(answer)[0] == 2635


@pytest.mark.parametrize("scope", ["business_basic", "pages_manage_everything"])
async def test_an_unknown_scope_is_refused_on_the_page(facebook: Login, scope: str) -> None:
    assert "Invalid Scopes" in await facebook.refused(scope=scope)


async def test_a_live_application_needs_a_listed_https_address(facebook: Login) -> None:
    facebook.sandbox.services["graph"].change_app(seeds.APP_ID, {"mode": "live"})
    assert "redirect_uri" in await facebook.refused()
    facebook.redirect = "https://localhost/oauth/callback/facebook"
    assert (await facebook.sign_in())["token_type"] == "bearer"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080/cb", "https://localhost:1/cb"])
async def test_development_opens_http_localhost_alone(facebook: Login, address: str) -> None:
    assert "redirect_uri" in await facebook.refused(redirect_uri=address)


async def test_a_verifier_stands_for_the_secret_with_openid_alone(facebook: Login) -> None:
    code = await facebook.code(scope="openid,email", code_challenge=base64url(VERIFIER))
    wrong = await facebook.trade(code, client_secret=None, code_verifier="w" * 50)
    assert problem(wrong)[0] == 100
    code = await facebook.code(scope="openid,email", code_challenge=base64url(VERIFIER))
    right = await facebook.trade(code, client_secret=None, code_verifier=VERIFIER)
    assert right.status == 200
    code = await facebook.code(code_challenge=base64url(VERIFIER))
    plain = await facebook.trade(code, client_secret=None, code_verifier=VERIFIER)
    assert problem(plain)[0] == 100


async def test_an_answer_may_lack_its_end(facebook: Login) -> None:
    facebook.sandbox.set_option("graph", "omit_expires_in", value=True)
    assert "expires_in" not in await facebook.sign_in()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_secret": "wrong"}, 1),
        ({"client_id": "1"}, 101),
        ({"fb_exchange_token": "EAAnobody"}, 190),
        ({"fb_exchange_token": seeds.PAGE_TOKEN}, 100),
        ({"client_id": seeds.LIVE_APP_ID}, 100),
    ],
    ids=str,
)
async def test_a_wrong_exchange_is_refused(
    facebook: Login, changes: dict[str, str], code: int
) -> None:
    answer = await lengthen(facebook, seeds.SHORT_USER_TOKEN, **changes)
    assert problem(answer)[0] == code


async def test_the_exchange_fails_alone(facebook: Login) -> None:
    fault = {"service": "graph", "step": "exchange", "action": "status", "status": 500}
    facebook.sandbox.faults.add(fault)
    token = (await facebook.sign_in())["access_token"]
    assert (await lengthen(facebook, token)).status == 500
    assert (await lengthen(facebook, token)).status == 200


@pytest.mark.parametrize("step", ["pages", "me", "revoke"])
async def test_further_steps_fail_by_their_names(meta: Meta, step: str) -> None:
    meta.sandbox.faults.add({"service": "graph", "step": step, "action": "status", "status": 500})
    asked = {
        "pages": ("GET", "/me/accounts"),
        "me": ("GET", "/me"),
        "revoke": ("DELETE", "/me/permissions"),
    }
    assert (await meta.call("GET", "/me/permissions")).status == 200
    assert (await meta.call(*asked[step])).status == 500
    assert (await meta.call(*asked[step])).status == 200


async def test_a_token_is_inspected_by_its_application_alone(meta: Meta) -> None:
    told = await debug(meta, seeds.PAGE_TOKEN)
    assert (told["is_valid"], told["type"], told["app_id"]) == (True, "PAGE", seeds.APP_ID)
    assert (await debug(meta, "EAAnobody"))["is_valid"] is False
    assert (await debug(meta, seeds.PAGE_TOKEN, seeds.USER_TOKEN))["scopes"] == seeds.USER_SCOPES
    other = f"{seeds.LIVE_APP_ID}|{seeds.APP_SECRET}"
    for asking, code in ((other, 100), (f"{seeds.APP_ID}|wrong", 190)):
        query = urlencode({"input_token": seeds.PAGE_TOKEN, "access_token": asking})
        assert problem(await meta.graph("GET", f"/v26.0/debug_token?{query}"))[0] == code


async def test_one_permission_is_withdrawn(meta: Meta) -> None:
    answer = await meta.call("DELETE", "/me/permissions/pages_manage_posts")
    assert answer.json is True
    assert (await permissions(meta, seeds.USER_TOKEN))["pages_manage_posts"] == "declined"
    started = await meta.page("POST", f"/{PAGE}/video_reels", {"upload_phase": "start"})
    assert problem(started)[0] == 200
    again = await meta.call("DELETE", "/me/permissions/pages_manage_posts")
    assert problem(again)[0] == 100


async def test_permissions_of_somebody_else_are_left_alone(meta: Meta) -> None:
    path = f"/{seeds.ONE_PAGE_USER_ID}/permissions"
    assert problem(await meta.call("DELETE", path)) == (100, 33)
    assert problem(await meta.page("DELETE", "/me/permissions")) == (100, 33)


@pytest.mark.parametrize(
    ("account", "changes", "subcode"),
    [
        (seeds.USER_ID, {"authorized": False}, 458),
        (seeds.USER_ID, {"subcode": 460}, 460),
        (PAGE, {"tasks": []}, 492),
    ],
    ids=str,
)
async def test_a_page_token_dies_for_a_reason(
    meta: Meta, account: str, changes: JSON, subcode: int
) -> None:
    meta.sandbox.services["graph"].change_account(account, changes)
    assert problem(await meta.page("GET", f"/{PAGE}")) == (190, subcode)


async def test_a_person_who_loses_the_task_cannot_publish(meta: Meta) -> None:
    meta.sandbox.services["graph"].change_account(PAGE, {"tasks": ["ANALYZE"]})
    started = await meta.page("POST", f"/{PAGE}/video_reels", {"upload_phase": "start"})
    assert problem(started)[0] == 200
    container = await meta.call("POST", f"/{IG}/media", {"upload_type": "resumable"})
    assert problem(container)[0] == 10


async def test_only_known_facts_change(meta: Meta) -> None:
    service = meta.sandbox.services["graph"]
    for account, facts in ((PAGE, {"colour": "red"}), (PAGE, {"name": 1}), ("1", {})):
        with pytest.raises(ValueError, match="cannot change"):
            service.change_account(account, facts)
    with pytest.raises(ValueError, match="does not take"):
        service.change_app(seeds.IG_APP_ID, {})


# Instagram's own login


@pytest.mark.parametrize("account", [IG, seeds.SECOND_IG_ID])
async def test_the_chosen_account_signs_in(meta: Meta, instagram: Login, account: str) -> None:
    told = await instagram.sign_in(account=account)
    assert (told["user_id"], told["permissions"]) == (account, IG_SCOPES)
    options: JSON = {"token": told["access_token"], "face": "instagram"}
    me = (await meta.call("GET", "/me?fields=user_id,username,account_type", **options)).json
    assert me["user_id"] == account


async def test_a_personal_account_cannot_publish(meta: Meta, instagram: Login) -> None:
    told = await instagram.sign_in(account=seeds.PERSONAL_IG_ID)
    options: JSON = {"token": told["access_token"], "face": "instagram"}
    me = (await meta.call("GET", "/me?fields=account_type", **options)).json
    assert me["account_type"] == "PERSONAL"
    for verb, path in (("GET", "content_publishing_limit"), ("POST", "media")):
        answer = await meta.call(verb, f"/{seeds.PERSONAL_IG_ID}/{path}", **options)
        assert problem(answer)[0] == 10


async def test_the_code_is_traded_by_a_form_alone(meta: Meta, instagram: Login) -> None:
    code = await instagram.code()
    assert (await meta.instagram("GET", f"/oauth/access_token?code={code}")).status == 405
    assert (await instagram.trade(code)).status == 200


async def test_the_old_scopes_are_gone(instagram: Login) -> None:
    assert "Invalid Scopes" in await instagram.refused(scope="business_basic")


async def test_a_short_token_ends_after_an_hour(meta: Meta, instagram: Login) -> None:
    token = (await instagram.sign_in())["access_token"]
    options: JSON = {"token": token, "face": "instagram"}
    meta.sandbox.advance(3599)
    assert (await meta.call("GET", "/me", **options)).status == 200
    meta.sandbox.advance(1)
    assert problem(await meta.call("GET", "/me", **options)) == (190, 463)


async def test_a_renewal_needs_the_basic_permission(meta: Meta, instagram: Login) -> None:
    told = await instagram.sign_in(scope="instagram_business_content_publish")
    query = {"grant_type": "ig_exchange_token", "client_secret": seeds.IG_APP_SECRET}
    query["access_token"] = told["access_token"]
    long = (await meta.instagram("GET", f"/access_token?{urlencode(query)}")).json
    meta.sandbox.advance(2 * DAY)
    query = {"grant_type": "ig_refresh_token", "access_token": long["access_token"]}
    answer = await meta.instagram("GET", f"/refresh_access_token?{urlencode(query)}")
    assert problem(answer)[0] == 10


@pytest.mark.parametrize("step", ["code", "exchange", "refresh"])
async def test_instagram_steps_fail_alone(meta: Meta, instagram: Login, step: str) -> None:
    meta.sandbox.faults.add(
        {"service": "instagram", "step": step, "action": "status", "status": 500}
    )
    secret = {"client_secret": seeds.IG_APP_SECRET}
    renewal = {"grant_type": "ig_refresh_token", "access_token": seeds.IG_TOKEN}
    exchange = {"grant_type": "ig_exchange_token", "access_token": seeds.SHORT_IG_TOKEN, **secret}
    statuses = {
        "code": (await instagram.trade(await instagram.code())).status,
        "exchange": (await meta.instagram("GET", f"/access_token?{urlencode(exchange)}")).status,
        "refresh": (
            await meta.instagram("GET", f"/refresh_access_token?{urlencode(renewal)}")
        ).status,
    }
    expected = {name: 500 if name == step else 200 for name in statuses}
    assert statuses == expected


async def test_a_renewal_finds_the_token_revoked_on_command(meta: Meta) -> None:
    fault = {"service": "instagram", "step": "token", "action": "expire_token", "subcode": 460}
    meta.sandbox.faults.add(fault)
    query = urlencode({"grant_type": "ig_refresh_token", "access_token": seeds.IG_TOKEN})
    assert problem(await meta.instagram("GET", f"/refresh_access_token?{query}")) == (190, 460)


async def test_facebook_scopes_are_not_instagrams(instagram: Login) -> None:
    assert "Invalid Scopes" in await instagram.refused(scope=FB_SCOPES)
