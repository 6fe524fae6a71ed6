from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from core.accounts.connector import is_pasted, lost_operations, read_pasted
from core.accounts.logins import LOGINS, Reach, find_way, require_login
from core.accounts.sign_in import Candidate, Grant, SignIn, Visit
from core.errors import ErrorKind, RefusedError, RemoteError
from core.platforms.registry import require_platform
from utils.http import Response

JSON = dict[str, Any]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
VERIFIER = "v" * 64
STATE = "a-state_of.many~signs"
ENDPOINTS = {
    key: f"https://{key}.example"
    for key in (
        *("google_accounts", "google_oauth", "youtube", "tiktok_web", "tiktok"),
        *("instagram_web", "instagram_oauth", "instagram", "facebook_web", "graph"),
    )
}


def visit(kind: str = "web") -> Visit:
    return Visit(
        client_id="client",
        client_secret="secret",
        kind=kind,
        redirect_uri="https://karvon.example/oauth/callback/x",
        verifier=VERIFIER,
        endpoints=ENDPOINTS,
    )


def asked(login: str, kind: str = "web") -> tuple[str, dict[str, str]]:
    """Return address and parameters of the platform's page."""
    parts = urlsplit(LOGINS[login].build_authorise(visit(kind), STATE))
    return f"{parts.scheme}://{parts.netloc}{parts.path}", dict(parse_qsl(parts.query))


def answer(value: JSON, status: int = 200) -> Response:
    return Response(status=status, body=json.dumps(value).encode())


def walk(sign_in: SignIn, grant: Grant, *answers: JSON) -> Grant:
    """Read the answers to what comes after the exchange."""
    for value in answers:
        _ = sign_in.build_next(visit(), grant)
        grant = sign_in.read_next(visit(), grant, answer(value), NOW)
    return grant


def test_google_is_asked_as_its_guide_says() -> None:
    address, query = asked("google")
    assert address == "https://google_accounts.example/o/oauth2/v2/auth"
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    assert query == {
        "response_type": "code",
        "client_id": "client",
        "redirect_uri": "https://karvon.example/oauth/callback/x",
        "scope": " ".join(LOGINS["google"].asks),
        "state": STATE,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
    }


def test_tiktok_has_its_own_words() -> None:
    address, query = asked("tiktok", "desktop")
    assert address == "https://tiktok_web.example/v2/auth/authorize/"
    assert "client_id" not in query
    assert query["client_key"] == "client"
    assert query["scope"].split(",")[0] == "user.info.basic"
    assert query["code_challenge"] == hashlib.sha256(VERIFIER.encode()).hexdigest()
    form = LOGINS["tiktok"].build_exchange(visit("desktop"), "c*!").form or {}
    assert (form["code"], form["code_verifier"]) == ("c*!", VERIFIER)


def test_tiktok_for_the_web_has_no_verifier() -> None:
    _, query = asked("tiktok")
    assert "code_challenge" not in query
    assert "code_verifier" not in (LOGINS["tiktok"].build_exchange(visit(), "c").form or {})


@pytest.mark.parametrize("login", ["instagram", "instagram_facebook", "facebook"])
def test_meta_is_asked_with_commas_and_without_a_verifier(login: str) -> None:
    address, query = asked(login)
    assert query["scope"].split(",") == list(LOGINS[login].asks)
    assert "code_challenge" not in query
    assert ("/v26.0/dialog/oauth" in address) is (login != "instagram")
    assert query.get("auth_type") == (None if login == "instagram" else "rerequest")


def test_the_exchange_of_facebook_is_a_get_and_its_repr_hides_everything() -> None:
    request = LOGINS["facebook"].build_exchange(visit(), "the-code")
    assert request.method == "GET"
    query = dict(parse_qsl(urlsplit(request.url).query))
    assert query["client_secret"] == "secret"
    assert "secret" not in repr(request)
    assert "the-code" not in repr(request)


@pytest.mark.parametrize("login", list(LOGINS))
def test_every_login_asks_for_what_its_platform_needs(login: str) -> None:
    sign_in = LOGINS[login]
    assert sign_in.missing(sign_in.asks) == ()
    assert sign_in.missing([]) != ()
    if login != "instagram":
        assert sign_in.missing(require_platform(sign_in.platform).capabilities.scopes) == ()


def test_google_without_a_scope_has_granted_what_was_asked_for() -> None:
    google = LOGINS["google"]
    grant = google.read_exchange(visit(), answer({"access_token": "a"}), NOW)
    assert grant.scopes == google.asks
    assert (grant.refresh_token, grant.expires_at) == ("", None)


def test_google_tells_when_a_grant_is_for_some_time_only() -> None:
    value = {"access_token": "a", "expires_in": 3599, "refresh_token_expires_in": 604_800}
    grant = LOGINS["google"].read_exchange(visit(), answer(value), NOW)
    assert grant.refresh_expires_at == NOW + timedelta(days=7)


@pytest.mark.parametrize(
    "value",
    [
        {"data": [{"access_token": "a", "user_id": 17, "permissions": ["p", "q"]}]},
        {"access_token": "a", "user_id": "17", "permissions": "p,q"},
    ],
)
def test_instagram_answers_in_either_shape(value: JSON) -> None:
    grant = LOGINS["instagram"].read_exchange(visit(), answer(value), NOW)
    assert (grant.user_id, grant.scopes, grant.stage) == ("17", ("p", "q"), "long")


def test_a_token_of_facebook_may_have_no_end() -> None:
    facebook = LOGINS["facebook"]
    grant = facebook.read_exchange(visit(), answer({"access_token": "short"}), NOW)
    grant = walk(facebook, grant, {"access_token": "long"})
    assert (grant.access_token, grant.expires_at, grant.stage) == ("long", None, "scopes")


def test_only_granted_permissions_count() -> None:
    value = {
        "data": [
            {"permission": "pages_show_list", "status": "granted"},
            {"permission": "pages_manage_posts", "status": "declined"},
        ]
    }
    facebook = LOGINS["facebook"]
    grant = walk(facebook, Grant(access_token="a", stage="scopes"), value)
    assert grant.scopes == ("pages_show_list",)
    assert facebook.missing(grant.scopes) == ("pages_read_engagement", "pages_manage_posts")


def page(number: int, **changes: Any) -> dict[str, Any]:
    facts = {"name": f"Page {number}", "access_token": f"t{number}", "tasks": ["CREATE_CONTENT"]}
    return {"id": str(number), **facts, **changes}


def test_pages_are_read_to_the_end_of_their_list() -> None:
    facebook, grant = LOGINS["facebook"], Grant(access_token="a", stage="pages")
    paging = {"cursors": {"after": "next-one"}, "next": "https://graph.example/secret"}
    grant = walk(facebook, grant, {"data": [page(1)], "paging": paging})
    assert "after=next-one" in facebook.build_next(visit(), grant).url
    last = {"data": [page(2), page(1)], "paging": {"cursors": {"after": "end"}}}
    grant = walk(facebook, grant, last)
    assert [one.remote_id for one in grant.candidates] == ["1", "2"]
    assert grant.stage == ""


def test_a_list_that_leads_back_to_itself_ends() -> None:
    facebook, grant = LOGINS["facebook"], Grant(access_token="a", stage="pages")
    paging = {"cursors": {"after": "same"}, "next": "x"}
    grant = walk(facebook, grant, *[{"data": [page(1)], "paging": paging}] * 2)
    assert grant.stage == ""


@pytest.mark.parametrize(
    "changes", [{"tasks": ["ANALYZE"]}, {"access_token": ""}, {"id": None}, {"tasks": []}]
)
def test_a_page_without_its_rights_is_no_candidate(changes: dict[str, Any]) -> None:
    grant = Grant(access_token="a", stage="pages")
    assert walk(LOGINS["facebook"], grant, {"data": [page(1, **changes)]}).candidates == ()


def test_a_page_lends_its_token_to_its_instagram_profile() -> None:
    profile = {"instagram_business_account": {"id": "17841", "username": "me"}}
    grant = Grant(access_token="a", stage="pages")
    value = {"data": [page(1), page(2, **profile)]}
    (found,) = walk(LOGINS["instagram_facebook"], grant, value).candidates
    assert (found.remote_id, found.name, found.access_token) == ("17841", "me", "t2")


@pytest.mark.parametrize(
    ("login", "status", "value", "kind"),
    [
        ("google", 400, {"error": "invalid_grant"}, ErrorKind.REJECTED),
        ("google", 401, {"error": "invalid_client"}, ErrorKind.BUG),
        ("google", 400, {"error": "redirect_uri_mismatch"}, ErrorKind.BUG),
        ("google", 503, {}, ErrorKind.TRANSIENT),
        ("google", 429, {"error": "x"}, ErrorKind.RATE_LIMITED),
        ("google", 200, {}, ErrorKind.TRANSIENT),
        ("tiktok", 200, {"error": "invalid_grant"}, ErrorKind.REJECTED),
        ("tiktok", 200, {"error": "invalid_client"}, ErrorKind.BUG),
        ("tiktok", 200, {"error": "server_error"}, ErrorKind.TRANSIENT),
        ("tiktok", 200, {"access_token": "a"}, ErrorKind.TRANSIENT),
        ("instagram", 400, {"error_type": "O", "error_message": "used"}, ErrorKind.REJECTED),
        ("instagram", 400, {"error_type": "O", "error_message": "client secret"}, ErrorKind.BUG),
        ("instagram", 200, {"data": []}, ErrorKind.TRANSIENT),
        ("facebook", 400, {"error": {"code": 100, "message": "used"}}, ErrorKind.REJECTED),
        ("facebook", 400, {"error": {"code": 101, "message": "m"}}, ErrorKind.BUG),
        ("facebook", 400, {"error": {"code": 1, "message": "client secret"}}, ErrorKind.BUG),
        ("facebook", 500, {"error": {"code": 1, "message": "try"}}, ErrorKind.TRANSIENT),
        ("facebook", 400, {"error": {"code": 4, "message": "m"}}, ErrorKind.RATE_LIMITED),
    ],
)
def test_a_refused_exchange_is_classified(
    login: str, status: int, value: JSON, kind: ErrorKind
) -> None:
    with pytest.raises(RemoteError) as caught:
        LOGINS[login].read_exchange(visit(), answer(value, status), NOW)
    assert caught.value.kind is kind


def test_a_grant_is_the_same_after_it_was_kept() -> None:
    grant = Grant(
        access_token="a",
        stage="who",
        refresh_token="r",
        expires_at=NOW,
        scopes=("x",),
        candidates=(Candidate(remote_id="1", name="n", access_token="t"),),
    )
    assert Grant.load(grant.dump()) == grant
    assert Grant.load(Grant(access_token="a").dump()).scopes is None
    assert not {"'a'", "'r'", "'t'"} & set(repr(grant).split())


@pytest.mark.parametrize(
    ("login", "kind", "reach", "redirect", "start", "is_pasted"),
    [
        ("google", "desktop", Reach(port=8080, is_open=True), "http://127.0.0.1:8080", True, True),
        ("google", "web", Reach(port=8080, is_open=True), "http://127.0.0.1:8080", True, True),
        ("google", "web", Reach(port=8080), "http://127.0.0.1:8080", False, True),
        ("facebook", "web", Reach(port=80, is_open=True), "http://localhost:80", True, True),
        ("instagram", "web", Reach(port=80, is_open=True), "https://localhost", False, True),
        (
            "google",
            "web",
            Reach(public_url="https://k.io/", is_open=True),
            "https://k.io",
            True,
            False,
        ),
        (
            "tiktok",
            "web",
            Reach(public_url="https://k.io", is_open=True),
            "https://k.io",
            True,
            False,
        ),
        ("google", "web", Reach(public_url="https://k.io"), "https://k.io", False, True),
        (
            "tiktok",
            "desktop",
            Reach(public_url="https://k.io", port=80, is_open=True),
            "http://127.0.0.1:80",
            True,
            True,
        ),
        (
            "google",
            "desktop",
            Reach(port=80, is_open=True, on_loopback=False),
            "http://127.0.0.1:80",
            False,
            True,
        ),
    ],
)
def test_how_a_person_comes_back(
    login: str, kind: str, reach: Reach, redirect: str, start: bool, is_pasted: bool
) -> None:
    way = find_way(LOGINS[login], kind, reach)
    assert way.redirect_uri == f"{redirect}/oauth/callback/{login}"
    assert way.start == (redirect if start else "")
    assert way.is_pasted is is_pasted


def test_tiktok_for_the_web_needs_an_address_on_the_web() -> None:
    with pytest.raises(RefusedError, match="connect_needs_https"):
        find_way(LOGINS["tiktok"], "web", Reach(port=80, is_open=True))


def test_an_unknown_login_is_refused_with_those_there_are() -> None:
    with pytest.raises(RefusedError) as caught:
        require_login("myspace")
    assert caught.value.facts["known"] == list(LOGINS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://127.0.0.1:8080/oauth/callback/tiktok?code=a%2A0%21b&state=s", "a*0!b"),
        ("127.0.0.1:8080/oauth/callback/tiktok?code=x&state=s", "x"),
        ("see https://k.io/oauth/callback/tiktok?code=x&state=s#_=_ there", "x"),
        ("https://localhost/oauth/callback/tiktok/?code=x%252A&state=s#_", "x%2A"),
    ],
)
def test_a_pasted_address_is_decoded_once(text: str, code: str) -> None:
    login, query = read_pasted(text)
    assert (login, query["code"], query["state"]) == ("tiktok", code, "s")
    assert is_pasted(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1/oauth/callback/tiktok",
        "https://localhost/oauth/callback/instagram",
        "https://localhost/oauth/callback/instagram?",
        "https://karvon.example/oauth/callback/google?state=s",
        "https://karvon.example/oauth/callback/google?code=c",
        "http://127.0.0.1:8080/oauth/call",
        "http://localhost:8080/",
        "http://localhost",
    ],
)
def test_an_address_that_was_cut_short_is_known_as_such(text: str) -> None:
    assert is_pasted(text)
    with pytest.raises(RefusedError, match="connect_incomplete"):
        read_pasted(text)


@pytest.mark.parametrize("text", ["hello", "http://localhost/video.mp4", "https://k.io/oauth"])
def test_what_is_no_callback_is_left_to_others(text: str) -> None:
    assert not is_pasted(text)
    with pytest.raises(RefusedError, match="connect_bad_link"):
        read_pasted(text)


def test_a_login_that_is_not_known_is_no_link_of_ours() -> None:
    with pytest.raises(RefusedError, match="connect_bad_link"):
        read_pasted("/oauth/callback/myspace?state=s&code=c")


def test_what_a_login_never_asks_for_is_not_lost() -> None:
    assert lost_operations("instagram", LOGINS["instagram"].asks) == []
    assert lost_operations("instagram", LOGINS["instagram"].asks[:2]) == ["statistics"]
    page = LOGINS["instagram_facebook"].asks
    assert lost_operations("instagram", page) == []
    less = [scope for scope in page if scope != "instagram_manage_contents"]
    assert lost_operations("instagram", less) == ["delete"]
