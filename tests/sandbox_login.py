"""Signing in at the stand-ins, as a browser and an application do it together."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.sandbox_kit import JSON, Answer, Remote
from utils.sandbox.server import Sandbox

VERIFIER = "v" * 50
GOOGLE = "https://www.googleapis.com/auth/"
IG_SCOPES = "instagram_business_basic,instagram_business_content_publish"
FB_SCOPES = "pages_show_list,pages_read_engagement,pages_manage_posts"


def base64url(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class Form:
    """The form of a page of consent, as a browser sees it."""

    hidden: list[tuple[str, str]] = field(default_factory=list)
    radios: dict[str, str] = field(default_factory=dict)
    """Value to the label's text."""
    chosen: str = ""
    boxes: list[tuple[str, str]] = field(default_factory=list)
    """Name and value of each box; all are ticked."""
    buttons: list[str] = field(default_factory=list)


class FormReader(HTMLParser):
    """Reads a page of consent."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self._radio = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        value = facts.get("value", "")
        match (tag, facts.get("type")):
            case ("input", "hidden"):
                self.form.hidden.append((facts["name"], value))
            case ("input", "radio"):
                self._radio = value
                self.form.radios[value] = ""
                self.form.chosen = value if "checked" in facts else self.form.chosen
            case ("input", "checkbox"):
                assert "checked" in facts
                self.form.boxes.append((facts["name"], value))
            case ("button", _):
                self.form.buttons.append(facts["id"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._radio = ""

    def handle_data(self, data: str) -> None:
        if self._radio:
            self.form.radios[self._radio] += data


class Visit:
    """One opening of a page of consent."""

    def __init__(self, remote: Remote, address: str, answer: Answer) -> None:
        self._remote = remote
        self._address = address
        reader = FormReader()
        reader.feed(answer.body.decode())
        self.form = reader.form

    async def press(
        self,
        button: str = "allow",
        *,
        account: str | None = None,
        untick: tuple[str, ...] = (),
    ) -> Answer:
        """Send the form as a browser would, and return where it leads."""
        form = self.form
        boxes = [(name, value) for name, value in form.boxes if value not in untick]
        chosen = ("account", account or form.chosen)
        pairs = [*form.hidden, chosen, *boxes, ("decision", button)]
        path = self._address.partition("?")[0]
        return await self._remote("GET", f"{path}?{urlencode(pairs)}")


class Login:
    """An application that signs people in; the platforms differ by their parameters."""

    def __init__(self, sandbox: Sandbox, remotes: dict[str, Remote], platform: str) -> None:
        self.sandbox = sandbox
        self.platform = platform
        self._remotes = remotes
        self.app: JSON = sandbox.settings()["oauth"][platform]
        self.redirect = REDIRECTS[platform]

    @property
    def remote(self) -> Remote:
        return self._remotes[SERVICES[self.platform]]

    def address(self, **changes: str | None) -> str:
        own = PARAMETERS[self.platform]
        client = "client_key" if self.platform == "tiktok" else "client_id"
        shared = {
            client: self.app["client_id"],
            "redirect_uri": self.redirect,
            "response_type": "code",
            "state": "s t&te",
        }
        query = {k: v for k, v in {**shared, **own, **changes}.items() if v is not None}
        return f"{PATHS[self.platform]}?{urlencode(query)}"

    async def visit(self, **changes: str | None) -> Visit:
        address = self.address(**changes)
        answer = await self.remote("GET", address)
        assert answer.status == 200, answer.body
        return Visit(self.remote, address, answer)

    async def refused(self, **changes: str | None) -> str:
        """Return the words of a page that leads nowhere."""
        answer = await self.remote("GET", self.address(**changes, decision="allow"))
        assert answer.status in {400, 403}
        assert "location" not in answer.headers
        return answer.body.decode()

    def read(self, answer: Answer) -> dict[str, str]:
        """Return what the browser brings back to the application."""
        assert answer.status == 302, answer.body
        location = answer.headers["location"]
        assert location.startswith(f"{self.redirect}?")
        return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))

    async def code(self, *, account: str | None = None, **changes: str | None) -> str:
        visit = await self.visit(**changes)
        return self.read(await visit.press(account=account))["code"]

    async def trade(self, code: str, **changes: str | None) -> Answer:
        """Exchange a code."""
        client = "client_key" if self.platform == "tiktok" else "client_id"
        form = {
            client: self.app["client_id"],
            "client_secret": self.app["client_secret"],
            "grant_type": "authorization_code",
            "redirect_uri": self.redirect,
            "code": code,
            **({"code_verifier": VERIFIER} if self.platform in {"google", "tiktok"} else {}),
            **changes,
        }
        form = {name: value for name, value in form.items() if value is not None}
        if self.platform != "facebook":
            return await self.token_remote("POST", TOKEN_PATHS[self.platform], data=form)
        del form["grant_type"]
        return await self.token_remote("GET", f"/v26.0/oauth/access_token?{urlencode(form)}")

    @property
    def token_remote(self) -> Remote:
        return self.remote

    async def sign_in(self, *, account: str | None = None, **changes: str | None) -> JSON:
        """Go the whole way and return the token answer."""
        answer = await self.trade(await self.code(account=account, **changes))
        assert answer.status == 200, answer.body
        told: JSON = answer.json
        return told["data"][0] if "data" in told else told


SERVICES = {
    "google": "google_oauth",
    "tiktok": "tiktok",
    "instagram": "instagram",
    "facebook": "graph",
}
REDIRECTS = {
    "google": "http://127.0.0.1:50123/oauth/callback/google",
    "tiktok": "http://127.0.0.1:50123/oauth/callback/tiktok",
    "instagram": "https://localhost/oauth/callback/instagram",
    "facebook": "http://localhost:50123/oauth/callback/facebook",
}
PATHS = {
    "google": "/o/oauth2/v2/auth",
    "tiktok": "/v2/auth/authorize/",
    "instagram": "/oauth/authorize",
    "facebook": "/v26.0/dialog/oauth",
}
TOKEN_PATHS = {
    "google": "/token",
    "tiktok": "/v2/oauth/token/",
    "instagram": "/oauth/access_token",
}
PARAMETERS: dict[str, dict[str, str | None]] = {
    "google": {
        "scope": f"{GOOGLE}youtube.upload {GOOGLE}youtube.readonly",
        "code_challenge": base64url(VERIFIER),
        "code_challenge_method": "S256",
    },
    "tiktok": {
        "scope": "user.info.basic,video.publish",
        "code_challenge": hashlib.sha256(VERIFIER.encode()).hexdigest(),
        "code_challenge_method": "S256",
    },
    "instagram": {"scope": IG_SCOPES},
    "facebook": {"scope": FB_SCOPES},
}


def query_of(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
