"""Methods that bring updates: the long poll and the webhook's setting."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from utils.sandbox.telegram.call import Answer, Call, Method
from utils.sandbox.telegram.errors import bad_request, conflict, too_many
from utils.sandbox.telegram.webhook import (
    CONNECTION_LIMIT,
    DEFAULT_CONNECTIONS,
    LOCAL_CONNECTION_LIMIT,
)

JSON = dict[str, Any]

TIMEOUT_LIMIT_SECONDS = 50
BATCH_LIMIT = 100
PORTS = frozenset({443, 80, 88, 8443})
SECRET_LIMIT = 256
CERTIFICATE_LIMIT_BYTES = 3 * 1024 * 1024
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
WEBHOOK_TAKES_OVER = "terminated by setWebhook request"


async def get_updates(call: Call) -> list[JSON]:
    if call.service.webhook.setting() is not None:
        raise conflict(WEBHOOK_ACTIVE)
    limit = call.integer("limit", BATCH_LIMIT)
    updates = call.service.updates
    updates.allow(call.sequence("allowed_updates"))
    return await updates.poll(
        offset=call.integer("offset"),
        limit=limit if 1 <= limit <= BATCH_LIMIT else BATCH_LIMIT,
        seconds=max(0, min(call.integer("timeout"), TIMEOUT_LIMIT_SECONDS)),
    )


async def set_webhook(call: Call) -> Answer:
    url = call.text("url").strip()
    if not url:
        return await delete_webhook(call)
    setting = _checked_setting(call, url)
    _pace(call)
    if call.boolean("drop_pending_updates"):
        call.service.updates.drop_all()
    call.service.updates.allow(call.sequence("allowed_updates"))
    current = call.service.webhook.setting() or {}
    if all(current.get(key) == value for key, value in setting.items()):
        return Answer(result=True, description="Webhook is already set")
    call.service.updates.end_poll(WEBHOOK_TAKES_OVER)
    call.service.webhook.set(setting)
    return Answer(result=True, description="Webhook was set")


async def delete_webhook(call: Call) -> Answer:
    if call.boolean("drop_pending_updates"):
        call.service.updates.drop_all()
    if call.service.webhook.setting() is None:
        return Answer(result=True, description="Webhook is already deleted")
    call.service.webhook.remove()
    return Answer(result=True, description="Webhook was deleted")


async def get_webhook_info(call: Call) -> JSON:
    setting = call.service.webhook.setting() or {}
    info: JSON = {
        "url": setting.get("url", ""),
        "has_custom_certificate": setting.get("has_custom_certificate", False),
        "pending_update_count": len(call.service.updates.pending()),
    }
    for key in ("ip_address", "max_connections", "last_error_date", "last_error_message"):
        if setting.get(key):
            info[key] = setting[key]
    if call.service.updates.named():
        info["allowed_updates"] = call.service.updates.named()
    return info


def _checked_setting(call: Call, url: str) -> JSON:
    secret = call.text("secret_token")
    if len(secret) > SECRET_LIMIT:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    _check_address(call, url)
    certificate = call.arguments.files.get("certificate")
    if certificate and certificate[0].blob.size > CERTIFICATE_LIMIT_BYTES:
        size = certificate[0].blob.size
        raise bad_request(f"certificate size is too big ({size} bytes)")
    most = LOCAL_CONNECTION_LIMIT if call.is_local else CONNECTION_LIMIT
    return {
        "url": url,
        "secret_token": secret,
        "max_connections": max(1, min(call.integer("max_connections", DEFAULT_CONNECTIONS), most)),
        "ip_address": call.text("ip_address"),
        "has_custom_certificate": bool(certificate),
    }


def _check_address(call: Call, url: str) -> None:
    """A local server and the switch ``plain_webhooks`` allow plain HTTP and any port."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in url:
        raise bad_request("invalid webhook URL specified")
    if call.is_local or call.switch("plain_webhooks", default=False):
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _pace(call: Call) -> None:
    """Refuse more than one setting a second."""
    settings = call.service.state.settings
    last = (settings.get("webhook_set") or {}).get("at", float("-inf"))
    if call.now - last < 1.0:
        raise too_many(1)
    settings.put("webhook_set", {"at": call.now})


METHODS: dict[str, Method] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
