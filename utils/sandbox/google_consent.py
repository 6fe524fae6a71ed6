"""Google's page of consent: who asks, who goes on, and what is granted."""

from __future__ import annotations

import ipaddress
import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from utils.sandbox.consent import Choice, Consent, consent_page, error_page, redirect
from utils.sandbox.google_accounts import SCOPE_PREFIX, GoogleAccounts, account_choices
from utils.sandbox.server import Sandbox

METHODS = ("S256", "plain")
YOUTUBE_SCOPES = (
    *("youtube", "youtube.force-ssl", "youtube.readonly", "youtube.upload", "youtubepartner"),
    *("yt-analytics.readonly", "yt-analytics-monetary.readonly"),
    *("userinfo.email", "userinfo.profile"),
)
SCOPES = frozenset({"openid", "email", "profile", *(SCOPE_PREFIX + n for n in YOUTUBE_SCOPES)})
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
_CHALLENGE = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


class GoogleConsent:
    """accounts.google.com: nobody is redirected to an address that was not checked."""

    def __init__(self, sandbox: Sandbox, service: str, accounts: GoogleAccounts) -> None:
        self._sandbox = sandbox
        self._service = service
        self._accounts = accounts
        self._codes = sandbox.collection("google.codes")

    async def authorize(self, request: web.Request) -> web.Response:
        """Show the page of consent, or carry out what was decided on it."""
        query = request.query
        problem = self._problem(dict(query))
        if problem is not None:
            return error_page(problem)
        decision = query.get("decision") or self._switch("auto_consent")
        if decision is None:
            return self._page(request)
        state = {"state": query["state"]} if "state" in query else {}
        if decision != "allow":
            return redirect(query["redirect_uri"], {"error": "access_denied", **state})
        found = self._choices().get(self._chosen(request))
        if found is None or not self._may_sign_in(found[0].value):
            return error_page("Error 403: access_denied", 403)
        code, scopes = self._grant(request, *found)
        return redirect(query["redirect_uri"], {**state, "code": code, "scope": scopes})

    def _page(self, request: web.Request) -> web.Response:
        choices = [choice for choice, _ in self._choices().values()]
        consent = Consent(
            service="Google",
            accounts=choices,
            chosen=self._chosen(request),
            scopes=request.query["scope"].split(),
        )
        return consent_page(request, consent)

    def _choices(self) -> dict[str, tuple[Choice, str | None]]:
        """Return every account that can be chosen with its channel, by value."""
        return {
            choice.value: (choice, channel)
            for user, row in self._accounts.users()
            for choice, channel in account_choices(self._accounts, user, row)
        }

    def _chosen(self, request: web.Request) -> str:
        """Return what the person chose, or whom the page begins with."""
        if named := request.query.get("account") or self._switch("login_as"):
            return str(named)
        hint = request.query.get("login_hint", "")
        hinted = [user for user, row in self._accounts.users() if row["email"] == hint]
        values = list(self._choices())
        return next((v for v in values if v.partition("/")[0] in hinted), values[0])

    def _may_sign_in(self, account: str) -> bool:
        """In testing only listed people may."""
        tester = self._accounts.require_user(account.partition("/")[0])["tester"]
        return bool(tester) or not self._accounts.is_testing

    def _grant(self, request: web.Request, choice: Choice, channel: str | None) -> tuple[str, str]:
        """Note what was granted; return the code and the granted scopes."""
        query, user = request.query, choice.value.partition("/")[0]
        ticked = query.getall("granted", []) if "decision" in query else query["scope"].split()
        granted = [scope for scope in query["scope"].split() if scope in ticked]
        before = self._accounts.consent(user, query["client_id"])
        if before and query.get("include_granted_scopes") == "true":
            granted = list(dict.fromkeys([*granted, *before["scopes"]]))
        self._accounts.note_consent(user, query["client_id"], granted)
        code = f"4/{secrets.token_urlsafe(32)}"
        row = {
            "client_id": query["client_id"],
            "user": user,
            "channel": channel,
            "scopes": [scope.removeprefix(SCOPE_PREFIX) for scope in granted],
            "redirect_uri": query["redirect_uri"],
            "challenge": query.get("code_challenge"),
            "method": query.get("code_challenge_method", "plain"),
            "offline": self._is_offline(dict(query), first=before is None),
            "created_at": self._sandbox.clock.now(),
        }
        self._codes.put(code, row)
        return code, " ".join(granted)

    def _is_offline(self, query: dict[str, str], *, first: bool) -> bool:
        """Tell whether a refresh token comes: always for a desktop, else when asked for."""
        if self._accounts.require_client(query["client_id"])["kind"] == "desktop":
            return True
        again = "consent" in query.get("prompt", "").split()
        return query.get("access_type") == "offline" and (first or again)

    def _problem(self, query: dict[str, str]) -> str | None:
        """Say why a request for consent is refused; nobody is redirected then."""
        client = self._accounts.client(query.get("client_id", ""))
        if client is None:
            return "Error 401: invalid_client"
        if not may_redirect(client, query.get("redirect_uri", "")):
            return "Error 400: redirect_uri_mismatch"
        if query.get("response_type") != "code":
            return "Error 400: invalid_request (response_type)"
        scopes = query.get("scope", "").split()
        if not scopes or not set(scopes) <= SCOPES:
            return "Error 400: invalid_scope" if scopes else "Error 400: invalid_request (scope)"
        if query.get("code_challenge_method", "S256") not in METHODS:
            return "Error 400: invalid_request (code_challenge_method)"
        if not _CHALLENGE.fullmatch(query.get("code_challenge", "-" * 43)):
            return "Error 400: invalid_request (code_challenge)"
        return None

    def _switch(self, name: str) -> Any:  # noqa: ANN401 - a switch holds any JSON
        return self._sandbox.options.switch(self._service, name, None)


def may_redirect(client: dict[str, Any], address: str) -> bool:
    """A desktop client may name any loopback port, a web client only what is registered."""
    if client["kind"] == "web":
        return address in client["redirects"]
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname is None or parts.username is not None:
        return False
    return not parts.fragment and is_loopback(parts.hostname)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_registration(address: str) -> None:
    """Refuse what the form for web clients does not take.

    Raises:
        ValueError: for plain http elsewhere than here, a public IP, fragment, wildcard,
            user or a path that climbs.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    plain = parts.scheme == "http" and is_loopback(host)
    numeric = host.replace(".", "").isdigit() and not is_loopback(host)
    odd = parts.fragment or parts.username or "*" in address or "/.." in parts.path
    if not host or numeric or odd or not (plain or parts.scheme == "https"):
        raise ValueError(f"{address} cannot be registered with Google")
