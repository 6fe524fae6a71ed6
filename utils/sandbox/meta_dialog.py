"""The pages of consent of Meta's two login products."""

from __future__ import annotations

import re
import uuid
from abc import ABC, abstractmethod
from typing import ClassVar
from urllib.parse import urlsplit

from aiohttp import web

from utils.sandbox.consent import Choice, Consent, consent_page, error_page, redirect
from utils.sandbox.meta import HOUR, JSON, MetaState, is_known_version

INSTAGRAM_CODE_SECONDS = HOUR
FACEBOOK_CODE_SECONDS = 600.0
SCOPES = {
    "instagram": frozenset(
        {
            *("instagram_business_basic", "instagram_business_content_publish"),
            *("instagram_business_manage_insights", "instagram_business_manage_comments"),
            "instagram_business_manage_messages",
        }
    ),
    "facebook": frozenset(
        {
            *("public_profile", "email", "openid", "business_management"),
            *("pages_show_list", "pages_read_engagement", "pages_manage_posts"),
            *("pages_manage_engagement", "publish_video", "read_insights"),
            *("instagram_basic", "instagram_content_publish", "instagram_manage_insights"),
            *("instagram_manage_contents", "ads_management", "ads_read"),
        }
    ),
}
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
DENIED = {
    "error": "access_denied",
    "error_reason": "user_denied",
    "error_description": "Permissions error",
}


class Dialog(ABC):
    """What both products do; who can go on, and as what, differs.

    Switches of ``graph`` and ``instagram``: ``auto_consent`` (allow or deny without a page) and
    ``login_as`` (who is chosen when nobody says).
    """

    product: ClassVar[str]
    service: ClassVar[str]
    tail: ClassVar[str]
    """Stuck to the end of the address that a code is brought back to."""
    code_seconds: ClassVar[float]

    def __init__(self, state: MetaState) -> None:
        self._state = state

    async def open(self, request: web.Request) -> web.Response:
        query = request.query
        app = self._state.apps.get(query.get("client_id", ""))
        problem = self._problem(request, app)
        if app is None or problem is not None:
            return error_page(problem or "Invalid client_id")
        decision = query.get("decision") or self._switch("auto_consent")
        if decision is None:
            return consent_page(request, self._consent(request, app))
        state = {"state": query["state"]} if "state" in query else {}
        if decision != "allow":
            return redirect(query["redirect_uri"], {**DENIED, **state})
        row = self._granted(request, app)
        if row is None:
            return error_page("This account cannot go on")
        code = f"AQ{uuid.uuid4().hex}"
        shared = {"client_id": query["client_id"], "redirect_uri": query["redirect_uri"]}
        expires_at = self._state.now() + self.code_seconds
        self._state.codes.put(code, {**shared, "expires_at": expires_at, **row})
        return redirect(query["redirect_uri"], {"code": code, **state}, self.tail)

    def _problem(self, request: web.Request, app: JSON | None) -> str | None:
        """Say why nobody may be asked at all; nobody is redirected then."""
        query = request.query
        if app is None or app["product"] != self.product:
            return "Invalid client_id"
        if not self.is_registered(app, query.get("redirect_uri", "")):
            return "Invalid redirect_uri: URL blocked"
        if query.get("response_type", "code") != "code":
            return "Invalid response_type"
        unknown = set(self._asked(request, app)) - SCOPES[self.product]
        return f"Invalid Scopes: {', '.join(sorted(unknown))}" if unknown else None

    def is_registered(self, app: JSON, address: str) -> bool:
        return urlsplit(address).scheme == "https" and address in app["redirect_uris"]

    def _asked(self, request: web.Request, app: JSON) -> list[str]:
        del app
        text = request.query.get("scope", "").replace(" ", ",")
        return list(dict.fromkeys(scope for scope in text.split(",") if scope))

    def _chosen(self, request: web.Request, choices: list[Choice]) -> str:
        """Return whom the person chose, or whom the page begins with."""
        named = request.query.get("account") or self._switch("login_as")
        return str(named or choices[0].value)

    @abstractmethod
    def _consent(self, request: web.Request, app: JSON) -> Consent:
        """Return what the page shows."""

    @abstractmethod
    def _granted(self, request: web.Request, app: JSON) -> JSON | None:
        """Return what a code stands for, None when the account may not go on."""

    def _switch(self, name: str) -> str | None:
        found: str | None = self._state.switch(self.service, name, None)
        return found


class InstagramDialog(Dialog):
    """Business login for Instagram: an account with its own password, https only."""

    product: ClassVar[str] = "instagram"
    service: ClassVar[str] = "instagram"
    tail: ClassVar[str] = "#_"
    code_seconds: ClassVar[float] = INSTAGRAM_CODE_SECONDS

    def _consent(self, request: web.Request, app: JSON) -> Consent:
        choices = self._choices()
        return Consent(
            service="Instagram",
            accounts=choices,
            chosen=self._chosen(request, choices),
            scopes=self._asked(request, app),
            can_untick=False,
        )

    def _choices(self) -> list[Choice]:
        rows = self._state.ig_users.items()
        return [
            Choice(value=ig_id, label=row["username"], note=row["account_type"].lower())
            for ig_id, row in rows
        ]

    def _granted(self, request: web.Request, app: JSON) -> JSON | None:
        chosen = self._chosen(request, self._choices())
        if self._state.ig_users.get(chosen) is None:
            return None
        scopes = self._asked(request, app)
        return {"scopes": scopes, "user_id": chosen, "ig_ids": [chosen]}


class FacebookDialog(Dialog):
    """Facebook Login: a person, and which of their Pages the application may use.

    An application of the kind `business` gets all it asks for or nothing; with the kind
    `classic` single permissions can be declined, and are not asked for again without
    `auth_type=rerequest`.
    """

    product: ClassVar[str] = "facebook"
    service: ClassVar[str] = "graph"
    tail: ClassVar[str] = "#_=_"
    code_seconds: ClassVar[float] = FACEBOOK_CODE_SECONDS

    def _problem(self, request: web.Request, app: JSON | None) -> str | None:
        version = request.match_info.get("version")
        if version is None and not self._state.switch("graph", "unversioned_dialog", False):
            return "The address has no version"
        if version is not None and not is_known_version(self._state, "graph", version):
            return f"{version} is not supported any more"
        problem = super()._problem(request, app)
        if problem is None and app is not None and not self._is_configured(request, app):
            return "Invalid config_id"
        challenge = request.query.get("code_challenge")
        if problem is None and challenge and not _CHALLENGE.fullmatch(challenge):
            return "Invalid code_challenge"
        return problem

    def is_registered(self, app: JSON, address: str) -> bool:
        parts = urlsplit(address)
        if app["mode"] == "development" and parts.scheme == "http":
            return parts.hostname == "localhost"
        return super().is_registered(app, address)

    def _is_configured(self, request: web.Request, app: JSON) -> bool:
        config_id = request.query.get("config_id")
        return config_id is None or config_id in app["configs"]

    def _asked(self, request: web.Request, app: JSON) -> list[str]:
        config_id = request.query.get("config_id")
        if config_id is None:
            return super()._asked(request, app)
        return list(app["configs"].get(config_id, []))

    def _can_untick(self, request: web.Request, app: JSON) -> bool:
        return app["login"] == "classic" and "config_id" not in request.query

    def _offered(self, request: web.Request, app: JSON, user_id: str) -> list[str]:
        """Return what the page asks for: nothing that was declined, unless asked again."""
        asked = self._asked(request, app)
        again = request.query.get("auth_type") == "rerequest"
        if again or not self._can_untick(request, app):
            return asked
        declined = self._state.declined(user_id, request.query["client_id"])
        return [scope for scope in asked if scope not in declined]

    def _choices(self) -> list[Choice]:
        return [
            Choice(
                value=user_id,
                label=row["name"],
                note="" if pages else "no Page",
                parts=tuple(Choice(value=page_id, label=name) for page_id, name in pages),
            )
            for user_id, row in self._state.users.items()
            for pages in [self._pages(user_id)]
        ]

    def _pages(self, user_id: str) -> list[tuple[str, str]]:
        rows = self._state.pages.items()
        return [(page_id, row["name"]) for page_id, row in rows if row["owner"] == user_id]

    def _consent(self, request: web.Request, app: JSON) -> Consent:
        choices = self._choices()
        chosen = self._chosen(request, choices)
        return Consent(
            service="Facebook",
            accounts=choices,
            chosen=chosen,
            scopes=self._offered(request, app, chosen),
            can_untick=self._can_untick(request, app),
        )

    def _granted(self, request: web.Request, app: JSON) -> JSON | None:
        query = request.query
        user_id = self._chosen(request, self._choices())
        if self._state.users.get(user_id) is None:
            return None
        offered = self._offered(request, app, user_id)
        ticked = query.getall("granted", [])
        picky = self._can_untick(request, app) and "decision" in query
        scopes = [scope for scope in offered if scope in ticked] if picky else offered
        if picky:
            declined = [scope for scope in offered if scope not in ticked]
            self._state.note_declined(user_id, query["client_id"], declined, scopes)
        pages = [page_id for page_id, _ in self._pages(user_id)]
        if "pages_shown" in query:
            pages = [page_id for page_id in pages if page_id in query.getall("page", [])]
        return {
            "scopes": scopes,
            "user_id": user_id,
            "pages": pages,
            "ig_ids": self._state.linked(pages),
            "challenge": query.get("code_challenge") if "openid" in scopes else None,
        }
