"""Clients that others wrote, against the sign-ins and the life after publishing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import google_auth_httplib2
import httplib2
import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials

from tests.sandbox_kit import new_session
from tests.sandbox_login import REDIRECTS, VERIFIER, Login
from tests.sandbox_meta_client import PROCESSING, Meta
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.google_accounts import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN
from utils.sandbox.server import Sandbox, SandboxOptions

T = TypeVar("T")
SCOPE = "https://www.googleapis.com/auth/youtube.upload"
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=PROCESSING)) as running:
        running.set_option("graph", "probe", value=False)
        yield running


@pytest.fixture
async def meta(sandbox: Sandbox) -> AsyncIterator[Meta]:
    async with new_session() as session:
        yield Meta(sandbox, session)


# Authlib signs in at Google


class SignIn:
    """Authlib's client, which knows nothing of stand-ins."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.session = OAuth2Session(
            DEMO_CLIENT_ID,
            DEMO_CLIENT_SECRET,
            scope=SCOPE,
            redirect_uri=REDIRECTS["google"],
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post",
        )

    def fetch(self, verifier: str = VERIFIER) -> dict[str, Any]:
        """Go through the page of consent and exchange the code."""
        address, state = self.session.create_authorization_url(
            f"{self._base}/o/oauth2/v2/auth", code_verifier=VERIFIER
        )
        answer = self.session.get(address, withhold_token=True, allow_redirects=False)
        location = answer.headers["Location"]
        token: dict[str, Any] = self.session.fetch_token(
            f"{self._base}/token",
            authorization_response=location,
            state=state,
            code_verifier=verifier,
        )
        return token

    def renew(self, refresh_token: str) -> dict[str, Any]:
        token: dict[str, Any] = self.session.refresh_token(
            f"{self._base}/token", refresh_token=refresh_token
        )
        return token

    def revoke(self, token: str) -> int:
        return int(self.session.revoke_token(f"{self._base}/revoke", token=token).status_code)


@pytest.fixture
def authlib(sandbox: Sandbox) -> Iterator[SignIn]:
    sandbox.set_option("google_oauth", "auto_consent", "allow")
    made = SignIn(sandbox.address("google_oauth"))
    with made.session:
        yield made


async def test_authlib_signs_in_renews_and_revokes(authlib: SignIn) -> None:
    def work() -> None:
        token = authlib.fetch()
        assert token["scope"] == SCOPE
        assert authlib.renew(token["refresh_token"])["access_token"] != token["access_token"]
        assert authlib.revoke(token["refresh_token"]) == 200
        with pytest.raises(OAuthError, match="invalid_grant"):
            authlib.renew(token["refresh_token"])

    await asyncio.to_thread(work)


async def test_authlib_understands_a_refusal(authlib: SignIn) -> None:
    with pytest.raises(OAuthError, match="invalid_grant"):
        await asyncio.to_thread(authlib.fetch, "w" * 50)


async def test_googles_own_client_gives_up_a_revoked_grant(sandbox: Sandbox) -> None:
    fault = {"service": "google_oauth", "step": "refresh", "action": "revoke_token"}

    def refresh() -> str:
        credentials = Credentials(
            None,
            refresh_token=DEMO_REFRESH_TOKEN,
            token_uri=f"{sandbox.address('google_oauth')}/token",
            client_id=DEMO_CLIENT_ID,
            client_secret=DEMO_CLIENT_SECRET,
        )  # type: ignore[no-untyped-call]
        with closing(httplib2.Http()) as http:
            request = google_auth_httplib2.Request(http)
            credentials.refresh(request)  # type: ignore[no-untyped-call]
        return str(credentials.token)

    assert (await asyncio.to_thread(refresh)).startswith("ya29.")
    sandbox.faults.add(fault)
    with pytest.raises(RefreshError, match="invalid_grant"):
        await asyncio.to_thread(refresh)


# Meta's own client after publishing


@contextmanager
def connected(graph: str, token: str) -> Any:  # noqa: ANN401 - a context of Meta's own class
    opened = import_module("facebook_business.session").FacebookSession(access_token=token)
    opened.GRAPH = graph
    with opened.requests:
        yield import_module("facebook_business.api").FacebookAdsApi(opened)


def node(kind: str, node_id: str, api: Any) -> Any:  # noqa: ANN401 - Meta's own classes
    module, name = kind.rsplit(".", 1)
    return getattr(import_module(f"facebook_business.adobjects.{module}"), name)(node_id, api=api)


async def ask(meta: Meta, token: str, work: Callable[[Any], T]) -> T:
    """Let Meta's own client work in a thread."""

    def run() -> T:
        with connected(meta.sandbox.address("graph"), token) as api:
            return work(api)

    return await asyncio.to_thread(run)


async def test_metas_client_finds_the_pages_of_a_fresh_sign_in(meta: Meta) -> None:
    login = Login(meta.sandbox, {"graph": meta.graph}, "facebook")
    told = await login.sign_in(account=seeds.THREE_PAGES_USER_ID)

    def work(api: Any) -> list[str]:  # noqa: ANN401 - Meta's own class
        me = node("user.User", "me", api)
        return [page["name"] for page in me.get_accounts(fields=["id", "name"])]

    names = await ask(meta, told["access_token"], work)
    assert names == ["Tess Cooks", "Tess Travels", "Tess Reads"]


# Its description of this parameter names a type that no value has.
@pytest.mark.filterwarnings("ignore:value of metric might not be compatible")
async def test_metas_client_edits_publishes_and_deletes_a_reel(meta: Meta, tmp_path: Path) -> None:
    video_id = await meta.uploaded_reel(b"0123456789")
    await meta.finish(video_id, "DRAFT", title="T")
    meta.sandbox.advance(PROCESSING)
    picture = tmp_path / "cover.jpg"
    picture.write_bytes(JPEG)

    def dress(api: Any) -> None:  # noqa: ANN401 - Meta's own class
        video = node("advideo.AdVideo", video_id, api)
        video.api_update(params={"description": "By Meta's client", "published": True})
        video.create_thumbnail(params={"source": str(picture), "is_preferred": True})
        video.get_video_insights(params={"metric": ["fb_reels_total_plays"]})

    await ask(meta, seeds.PAGE_TOKEN, dress)
    (row,) = await meta.published()
    assert row["text"] == {"title": "T", "description": "By Meta's client"}
    assert row["thumbnail_sha256"] == hashlib.sha256(JPEG).hexdigest()
    await ask(
        meta, seeds.PAGE_TOKEN, lambda api: node("advideo.AdVideo", video_id, api).api_delete()
    )
    assert await meta.published() == []


async def test_metas_client_reads_and_deletes_an_instagram_reel(meta: Meta) -> None:
    container = await meta.ready(b"0123456789", caption="C", collaborators='["ann"]')
    media_id = (await meta.publish(container)).json["id"]
    meta.sandbox.advance(7200)

    def work(api: Any) -> tuple[str, int]:  # noqa: ANN401 - Meta's own class
        media = node("igmedia.IGMedia", media_id, api)
        (views,) = media.get_insights(params={"metric": ["views"]})
        caption = media.api_get(fields=["caption"])["caption"]
        return caption, views["values"][0]["value"]

    assert await ask(meta, seeds.USER_TOKEN, work) == ("C", 180)
    (row,) = await meta.published()
    assert row["options"]["collaborators"] == ["ann"]
    assert urlsplit(row["url"]).hostname == "www.instagram.com"
