"""The page on which a person chooses who they are and allows or refuses what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, urlencode

from aiohttp import web

from utils.sandbox.exchange import BODY_KEY

ANSWERS = frozenset({"decision", "account", "granted", "page", "pages_shown"})
"""What the person fills in; the rest of the query is the application's and is kept."""
GRANTS = {
    "authorization_code": "code",
    "refresh_token": "refresh",
    "ig_exchange_token": "exchange",
    "fb_exchange_token": "exchange",
    "ig_refresh_token": "refresh",
}
"""Which part of the step `token` a grant is."""

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:17px/1.5 system-ui,sans-serif;max-width:32em;margin:1.5em auto;padding:0 1em;
overflow-wrap:anywhere}}fieldset{{border:1px solid #bbb;border-radius:.5em;margin:1em 0}}
label{{display:block;padding:.55em 0}}label label,.part{{padding-left:1.8em}}small{{color:#555}}
input{{transform:scale(1.3);margin-right:.6em}}
button{{font:inherit;padding:.7em 1.6em;margin:.5em 1em .5em 0;min-width:8em}}</style>
</head><body><h1>{title}</h1>{body}</body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One row that can be chosen, with rows of its own under it."""

    value: str
    label: str
    note: str = ""
    parts: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a page of consent shows."""

    service: str
    accounts: Sequence[Choice]
    chosen: str
    """Value of the account that is chosen at first."""
    scopes: Sequence[str]
    can_untick: bool = True
    """False where all that is asked for is granted, or nothing."""


def consent_page(request: web.Request, consent: Consent) -> web.Response:
    """Ask the person; the answer comes back to the same address as ``decision``."""
    body = (
        f'<form method="get" id="consent">{_kept(request)}{_accounts(consent)}{_scopes(consent)}'
        '<button id="allow" name="decision" value="allow">Allow</button>'
        '<button id="deny" name="decision" value="deny">Deny</button></form>'
    )
    page = _PAGE.format(title=escape(f"{consent.service} (stand-in)"), body=body)
    return web.Response(text=page, content_type="text/html")


def error_page(message: str, status: int = 400) -> web.Response:
    """Say what is wrong to the person; nothing is sent back to the application."""
    body = f'<p id="error">{escape(message)}</p>'
    page = _PAGE.format(title="Something went wrong", body=body)
    return web.Response(status=status, text=page, content_type="text/html")


def redirect(address: str, parameters: dict[str, str], tail: str = "") -> web.Response:
    """Send the browser back, every sign of the parameters percent-encoded."""
    # Built by hand: aiohttp's own redirect would decode some of the signs again.
    glue = "&" if "?" in address else "?"
    location = f"{address}{glue}{urlencode(parameters)}{tail}"
    return web.Response(status=302, headers={"Location": location})


def grant_step(request: web.Request) -> tuple[str, ...]:
    """Return the part of the step `token` that a request to a token endpoint is."""
    form = parse_qs(request.get(BODY_KEY, b"").decode(errors="replace"))
    grant = request.query.get("grant_type") or form.get("grant_type", [""])[0]
    return (GRANTS[grant],) if grant in GRANTS else ()


def _kept(request: web.Request) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in request.query.items()
        if name not in ANSWERS
    )


def _accounts(consent: Consent) -> str:
    rows = "".join(
        _row("radio", "account", f"account-{n}", one, checked=one.value == consent.chosen)
        + _parts(one, f"page-{n}")
        for n, one in enumerate(consent.accounts)
    )
    return f"<fieldset><legend>Go on as</legend>{rows}</fieldset>"


def _parts(choice: Choice, prefix: str) -> str:
    if not choice.parts:
        return ""
    rows = "".join(
        _row("checkbox", "page", f"{prefix}-{n}", part, checked=True)
        for n, part in enumerate(choice.parts)
    )
    shown = f'<input type="hidden" name="pages_shown" value="{escape(choice.value)}">'
    return f'<div class="part">{shown}{rows}</div>'


def _scopes(consent: Consent) -> str:
    if not consent.can_untick:
        rows = "".join(f"<li>{escape(scope)}</li>" for scope in consent.scopes)
        return f"<p>An application asks for all of this:</p><ul id='scopes'>{rows}</ul>"
    rows = "".join(
        _row("checkbox", "granted", f"scope-{n}", Choice(value=name, label=name), checked=True)
        for n, name in enumerate(consent.scopes)
    )
    return f"<fieldset><legend>An application asks for</legend>{rows}</fieldset>"


def _row(kind: str, name: str, row_id: str, choice: Choice, *, checked: bool) -> str:
    note = f" <small>{escape(choice.note)}</small>" if choice.note else ""
    ticked = " checked" if checked else ""
    return (
        f'<label for="{row_id}"><input type="{kind}" id="{row_id}" name="{name}"'
        f' value="{escape(choice.value)}"{ticked}>{escape(choice.label)}{note}</label>'
    )
