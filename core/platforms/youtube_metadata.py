"""The words and settings of a video at YouTube: sent whole at first, then changed part by part.

A part that is written replaces all of its fields, so a change starts from what YouTube has.
Pages (developers.google.com/youtube/v3): docs/videos, docs/videos/insert, docs/videos/update;
API description, revision 20261104; read 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.platforms.base import SCHEDULED, Job, TextLimits, TextUnit
from core.platforms.faults import child, refuse, wants, words
from core.platforms.fitting import clean, cut, fit_tags
from core.posts.models import Privacy
from utils.http import JSON

# Source: docs/videos, 2026: 100 characters, 5000 bytes, 500 characters of tags, no < or >.
TITLE_LENGTH = 100
DESCRIPTION_BYTES = 5000
TAGS_LENGTH = 500
FORBIDDEN = "<>"

TEXT = TextLimits(
    title=TITLE_LENGTH,
    title_unit=TextUnit.UTF16,
    description=DESCRIPTION_BYTES,
    description_unit=TextUnit.BYTES,
    tags_total=TAGS_LENGTH,
    forbidden=FORBIDDEN,
)

PRIVACY = (Privacy.PUBLIC, Privacy.UNLISTED, Privacy.PRIVATE)
"""Source: docs/videos, 2026."""
CATEGORY = "22"
"""People & Blogs; the default of an omitted category is not documented."""
LICENSES = {"youtube": "youtube", "creativecommon": "creativeCommon"}
"""Value of our option → `license`. Source: API description, 20261104."""
TITLES, TEXTS = "title.", "text."
"""How the options begin that hold words in another language: ``title.uz``, ``text.uz``."""

# What may be written of each part. Source: docs/videos/update, 2026; API description, 20261104.
WRITABLE = {
    "snippet": (
        "title",
        "description",
        "tags",
        "categoryId",
        "defaultLanguage",
        "defaultAudioLanguage",
    ),
    "status": (
        "privacyStatus",
        "publishAt",
        "license",
        "embeddable",
        "publicStatsViewable",
        "selfDeclaredMadeForKids",
        "containsSyntheticMedia",
    ),
}
EDIT_PARTS = ("snippet", "status", "localizations")


def build_resource(job: Job) -> JSON:
    """Return the resource that opens an upload; its keys are the parts that are written.

    Raises:
        RemoteError: ``REJECTED`` when the options contradict each other.
    """
    resource: JSON = {"snippet": _snippet(job), "status": _status(job)}
    localizations = read_localizations(job.options, {}, job.text.title)
    if localizations:
        _require_language(resource["snippet"])
        resource["localizations"] = localizations
    return resource


def change_resource(video: JSON, changes: Mapping[str, Any]) -> JSON:
    """Return the parts to be written, whole, so that what YouTube has becomes what is wished.

    Only parts in which something changes are there; empty when all is as wished already.

    Args:
        video: the resource as YouTube lists it, with the `EDIT_PARTS`.
        changes: ``title``, ``description``, ``tags``, ``privacy`` and options.

    Raises:
        RemoteError: ``REJECTED`` when the changes contradict what is there.
    """
    before = {part: _writable(video, part) for part in EDIT_PARTS}
    after = {
        "snippet": {**before["snippet"], **_changed_snippet(changes)},
        "status": change_status(before["status"], changes),
    }
    title = str(after["snippet"].get("title", ""))
    after["localizations"] = read_localizations(changes, before["localizations"], title)
    written = {part for part in EDIT_PARTS if after[part] != before[part]}
    if "localizations" in written:
        _require_language(after["snippet"])
        written.add("snippet")
    if "snippet" in written:
        # Source: docs/videos/update: a snippet needs its title and its category.
        after["snippet"].setdefault("categoryId", CATEGORY)
    return {part: after[part] for part in EDIT_PARTS if part in written}


def change_status(status: JSON, changes: Mapping[str, Any]) -> JSON:
    """Return the whole part ``status`` with these changes."""
    changed = {**status, **_flags(changes)}
    privacy = str(changes.get("privacy", ""))
    if privacy:
        changed["privacyStatus"] = _checked_privacy(privacy)
    if privacy or changed.get("privacyStatus") != "private":
        # Source: docs/videos: a time only with a private video; who chooses now, ends it.
        changed.pop("publishAt", None)
    return changed


def read_localizations(options: Mapping[str, Any], before: JSON, title: str) -> JSON:
    """Return the words in other languages, by language; those already there are kept.

    A language with a text alone gets the title of the video, since it must have one.
    """
    localizations = {language: dict(words) for language, words in before.items()}
    for key, field, limit, unit in (
        (TITLES, "title", TITLE_LENGTH, TextUnit.UTF16),
        (TEXTS, "description", DESCRIPTION_BYTES, TextUnit.BYTES),
    ):
        for language, text in _languages(options, key):
            words = localizations.setdefault(language, {"title": title, "description": ""})
            words[field] = cut(clean(text, FORBIDDEN), limit, unit) or words[field]
    return localizations


def read_time(value: object) -> float | None:
    """Return a time of YouTube's as unix seconds, or None when it is none."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo is not None else None


def tell_visibility(status: JSON) -> str:
    """Return who sees it; `SCHEDULED` is private until a time that YouTube keeps."""
    privacy = words(status, "privacyStatus")
    if privacy == "private" and read_time(status.get("publishAt")) is not None:
        return SCHEDULED
    return privacy


def _snippet(job: Job) -> JSON:
    snippet: JSON = {
        "title": job.text.title,
        "description": job.text.description,
        "categoryId": job.options.get("category") or CATEGORY,
    }
    if job.text.tags:
        snippet["tags"] = list(job.text.tags)
    if language := job.options.get("language"):
        # The language of the words. ``defaultAudioLanguage`` is not among what an insert takes.
        snippet["defaultLanguage"] = language
    return snippet


def _status(job: Job) -> JSON:
    status: JSON = {
        # Left out, it would be public.
        "privacyStatus": job.privacy.value,
        "selfDeclaredMadeForKids": wants(job.options, "kids"),
        "containsSyntheticMedia": wants(job.options, "ai"),
        **_flags({key: job.options[key] for key in ("license", "embed") if key in job.options}),
    }
    return status if job.publish_at is None else {**status, **_schedule(job, job.publish_at)}


def _schedule(job: Job, moment: datetime) -> JSON:
    """Return the fields of a time that YouTube keeps.

    Source: docs/videos, 2026: it needs a private video, which then becomes public by itself.
    """
    if job.privacy is Privacy.PRIVATE:
        return {}
    if job.privacy is not Privacy.PUBLIC:
        raise refuse("YouTube keeps the time only of what becomes public", code="publish_at")
    return {
        "privacyStatus": "private",
        "publishAt": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def _flags(options: Mapping[str, Any]) -> JSON:
    """Return the fields of ``status`` that options decide, for those that are given."""
    flags: JSON = {}
    for key, field in (
        ("kids", "selfDeclaredMadeForKids"),
        ("ai", "containsSyntheticMedia"),
        ("embed", "embeddable"),
    ):
        if options.get(key):
            flags[field] = wants({key: str(options[key])}, key)
    chosen = LICENSES.get(str(options.get("license", "")).lower())
    return {**flags, "license": chosen} if chosen else flags


def _checked_privacy(word: str) -> str:
    if word not in PRIVACY:
        raise refuse(f"YouTube has no “{word}”, only: {', '.join(PRIVACY)}", code="privacy")
    return word


def _changed_snippet(changes: Mapping[str, Any]) -> JSON:
    changed: JSON = {}
    title = cut(clean(str(changes.get("title", "")), FORBIDDEN), TITLE_LENGTH, TextUnit.UTF16)
    if title:
        changed["title"] = title
    if "description" in changes:
        text = clean(str(changes["description"]), FORBIDDEN)
        changed["description"] = cut(text, DESCRIPTION_BYTES, TextUnit.BYTES)
    if "tags" in changes:
        changed["tags"] = list(fit_tags(_tags(changes["tags"]), TAGS_LENGTH))
    for key, field in (("category", "categoryId"), ("language", "defaultLanguage")):
        if changes.get(key):
            changed[field] = str(changes[key])
    return changed


def _tags(value: object) -> Sequence[str]:
    return [clean(str(tag), FORBIDDEN) for tag in value] if isinstance(value, list | tuple) else []


def _writable(video: JSON, part: str) -> JSON:
    """Return what of a listed part may be written; the rest is YouTube's own."""
    shown = child(video, part)
    if part not in WRITABLE:
        return shown
    kept = {name: shown[name] for name in WRITABLE[part] if name in shown}
    if part == "snippet":
        # Empty ones are left out of the list.
        kept = {"description": "", "tags": [], **kept}
    return kept


def _languages(options: Mapping[str, Any], key: str) -> Iterable[tuple[str, str]]:
    for name, text in options.items():
        if name.startswith(key) and len(name) > len(key):
            yield name.removeprefix(key), str(text)


def _require_language(snippet: JSON) -> None:
    if not snippet.get("defaultLanguage"):
        raise refuse(
            "words in another language need the language of the title: add “language: …”",
            code="defaultLanguageNotSet",
        )
