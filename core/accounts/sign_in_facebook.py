"""Signing in to Facebook, for its pages and for the Instagram profiles linked with them.

Pages (developers.facebook.com/docs): facebook-login/guides/advanced/manual-flow and
facebook-login/guides/access-tokens/get-long-lived, 2026; graph-api/reference/user/permissions;
instagram-platform (Facebook Login), 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri

from core.accounts.sign_in import Candidate, Grant, SignIn, Visit, after, read_meta
from core.platforms.faults import child, children, unreadable, words
from core.platforms.graph import META_ERRORS, VERSION, bearer, read_graph
from utils.http import JSON, Request, Response

PAGES_AT_ONCE = "100"
MOST_PAGES = 500
MAY_PUBLISH = frozenset({"CREATE_CONTENT", "MANAGE"})
"""Tasks of a person on a page. Source: docs/pages-api and instagram-platform guide, 2026."""


class FacebookSignIn(SignIn):
    """The steps of Facebook; a page's token made from a long one has no end."""

    login: ClassVar[str] = "facebook"
    platform: ClassVar[str] = "facebook"
    app: ClassVar[str] = "facebook"
    asks: ClassVar[tuple[str, ...]] = (
        "pages_show_list",
        "pages_read_engagement",
        "pages_manage_posts",
        "read_insights",
    )
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("pages_show_list",),
        ("pages_read_engagement",),
        ("pages_manage_posts",),
    )
    tasks: ClassVar[frozenset[str]] = frozenset({"CREATE_CONTENT"})
    """One of these lets a person publish."""
    fields: ClassVar[str] = "id,name,access_token,tasks"

    def loopback(self, kind: str) -> str:
        del kind
        # While the application is in development mode; a live one takes https only.
        return "http://localhost:{port}"

    def build_authorise(self, visit: Visit, state: str) -> str:
        address: str = prepare_grant_uri(
            f"{visit.base('facebook_web')}/{VERSION}/dialog/oauth",
            visit.client_id,
            "code",
            redirect_uri=visit.redirect_uri,
            scope=",".join(self.asks),
            state=state,
            # Else what was declined once is not asked again.
            auth_type="rerequest",
        )
        return address

    def build_exchange(self, visit: Visit, code: str) -> Request:
        return self._token_request(visit, [("redirect_uri", visit.redirect_uri), ("code", code)])

    def read_exchange(self, visit: Visit, response: Response, now: datetime) -> Grant:
        del visit
        return replace(_read_token(response, now), stage="long")

    def build_next(self, visit: Visit, grant: Grant) -> Request:
        base, token = visit.base("graph"), grant.access_token
        match grant.stage:
            case "long":
                return self._token_request(
                    visit,
                    [("grant_type", "fb_exchange_token"), ("fb_exchange_token", token)],
                )
            case "scopes":
                url = f"{base}/{VERSION}/me/permissions"
            case "me":
                url = f"{base}/{VERSION}/me?fields=id"
            case _:
                query = [("fields", self.fields), ("limit", PAGES_AT_ONCE)]
                query += [("after", grant.cursor)] if grant.cursor else []
                url = add_params_to_uri(f"{base}/{VERSION}/me/accounts", query)
        return Request(method="GET", url=url, headers=bearer(token))

    def read_next(self, visit: Visit, grant: Grant, response: Response, now: datetime) -> Grant:
        del visit
        if grant.stage == "long":
            long = _read_token(response, now)
            return replace(
                grant, access_token=long.access_token, expires_at=long.expires_at, stage="scopes"
            )
        value = read_graph(response, META_ERRORS)
        if grant.stage == "scopes":
            granted = tuple(
                words(item, "permission")
                for item in children(value, "data")
                if words(item, "status") == "granted"
            )
            return replace(grant, scopes=granted, stage="me")
        if grant.stage == "me":
            return replace(grant, user_id=words(value, "id"), stage="pages")
        return self._read_pages(grant, value)

    def _read_pages(self, grant: Grant, value: JSON) -> Grant:
        found = [self.candidate(page) for page in children(value, "data")]
        known = {candidate.remote_id for candidate in grant.candidates}
        fresh = [each for each in found if each is not None and each.remote_id not in known]
        candidates = (*grant.candidates, *fresh)
        paging = child(value, "paging")
        cursor = words(child(paging, "cursors"), "after") if "next" in paging else ""
        goes_on = cursor not in {"", grant.cursor} and len(candidates) < MOST_PAGES
        return replace(
            grant,
            candidates=candidates,
            cursor=cursor,
            stage="pages" if goes_on else "",
        )

    def account_options(self, grant: Grant) -> dict[str, str]:
        # Access is taken back under the id of the person, not of the page.
        return {**self.options, **({"user_id": grant.user_id} if grant.user_id else {})}

    def candidate(self, page: JSON) -> Candidate | None:
        """Return what this page offers, None where its person may not publish."""
        if not self._may_publish(page):
            return None
        return Candidate(
            remote_id=words(page, "id"),
            name=words(page, "name") or words(page, "id"),
            access_token=words(page, "access_token"),
        )

    def _may_publish(self, page: JSON) -> bool:
        tasks = page.get("tasks")
        allowed = not isinstance(tasks, list) or bool(self.tasks & set(map(str, tasks)))
        return allowed and bool(words(page, "id")) and bool(words(page, "access_token"))

    def _token_request(self, visit: Visit, parameters: list[tuple[str, str]]) -> Request:
        app = [("client_id", visit.client_id), ("client_secret", visit.client_secret)]
        address = f"{visit.base('graph')}/{VERSION}/oauth/access_token"
        return Request(method="GET", url=add_params_to_uri(address, [*app, *parameters]))


class InstagramPageSignIn(FacebookSignIn):
    """The same login, for the professional Instagram profiles linked with the pages."""

    login: ClassVar[str] = "instagram_facebook"
    platform: ClassVar[str] = "instagram"
    asks: ClassVar[tuple[str, ...]] = (
        "instagram_basic",
        "instagram_content_publish",
        "pages_read_engagement",
        "pages_show_list",
        "instagram_manage_insights",
        "instagram_manage_contents",
    )
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("instagram_basic",),
        ("instagram_content_publish",),
        ("pages_read_engagement",),
        ("pages_show_list",),
    )
    tasks: ClassVar[frozenset[str]] = MAY_PUBLISH
    fields: ClassVar[str] = "id,name,access_token,tasks,instagram_business_account{id,username}"
    options: ClassVar[Mapping[str, str]] = {"login": "facebook"}

    def candidate(self, page: JSON) -> Candidate | None:
        profile = child(page, "instagram_business_account")
        if not self._may_publish(page) or not words(profile, "id"):
            return None
        return Candidate(
            remote_id=words(profile, "id"),
            name=words(profile, "username") or words(page, "name"),
            access_token=words(page, "access_token"),
        )


def _read_token(response: Response, now: datetime) -> Grant:
    value = read_meta(response)
    if not words(value, "access_token"):
        raise unreadable(response)
    # ``expires_in`` can be absent (seen, not documented).
    return Grant(
        access_token=words(value, "access_token"), expires_at=after(value, "expires_in", now)
    )
