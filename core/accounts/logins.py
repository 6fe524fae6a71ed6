"""Which logins there are, and how a person comes back from each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.accounts.sign_in import SignIn
from core.accounts.sign_in_facebook import FacebookSignIn, InstagramPageSignIn
from core.accounts.sign_in_google import GoogleSignIn
from core.accounts.sign_in_instagram import InstagramSignIn
from core.accounts.sign_in_tiktok import TikTokSignIn
from core.errors import RefusedError
from core.settings import OAuthApp, OAuthSettings

CALLBACK = "/oauth/callback"
START = "/connect"

LOGINS: Mapping[str, SignIn] = {
    sign_in.login: sign_in
    for sign_in in (
        GoogleSignIn(),
        TikTokSignIn(),
        InstagramSignIn(),
        InstagramPageSignIn(),
        FacebookSignIn(),
    )
}
"""The order is that of lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a browser reaches this Karvon."""

    public_url: str = ""
    """How the outside does; empty on a laptop."""
    port: int = 0
    is_open: bool = False
    """The web server listens."""
    on_loopback: bool = True
    """It listens on an address that browsers on this computer reach as 127.0.0.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one sign-in goes out and comes back."""

    redirect_uri: str
    start: str
    """Address of our own server that leads to the platform; empty where none is reached."""
    is_pasted: bool
    """The page it comes back to may not open: its address is sent to us instead."""


def require_login(login: str) -> SignIn:
    """Return the login of this name.

    Raises:
        RefusedError: ``connect_unknown``.
    """
    sign_in = LOGINS.get(login)
    if sign_in is None:
        raise RefusedError("connect_unknown", given=login[:40], known=list(LOGINS))
    return sign_in


def require_app(sign_in: SignIn, settings: OAuthSettings) -> OAuthApp:
    """Return the application of a login.

    Raises:
        RefusedError: ``connect_no_app``, with the settings to fill in.
    """
    app: OAuthApp = getattr(settings, sign_in.app)
    if not app.client_id or not app.client_secret.get_secret_value():
        raise RefusedError("connect_no_app", login=sign_in.login, app=sign_in.app)
    return app


def find_way(sign_in: SignIn, kind: str, reach: Reach) -> Way:
    """Choose how a person comes back.

    Desktop applications come back on loopback whatever our public address is.

    Raises:
        RefusedError: ``connect_needs_https``, where only a public address would do.
    """
    callback = f"{CALLBACK}/{sign_in.login}"
    loopback = sign_in.loopback(kind)
    if reach.public_url and (kind == "web" or not loopback):
        public = reach.public_url.rstrip("/")
        start = public if reach.is_open else ""
        return Way(redirect_uri=public + callback, start=start, is_pasted=not start)
    if not loopback:
        raise RefusedError("connect_needs_https", login=sign_in.login, app=sign_in.app)
    base = loopback.format(port=reach.port)
    answers = reach.is_open and reach.on_loopback and base.startswith("http:")
    return Way(redirect_uri=base + callback, start=base if answers else "", is_pasted=True)
