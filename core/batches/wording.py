"""The words of each clip: templates over its fields, checked against what platforms take."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.batches.entries import KNOWN, Clip, Entry
from core.batches.findings import Finding, Severity
from core.batches.publisher import Config, read_privacy
from core.batches.templates import BadTemplateError, Template, nearest, read_template
from core.platforms.base import Capabilities, TextLimits, TextUnit
from core.platforms.fitting import clean, join_title, measure, tags_length
from core.posts.caption import unique
from core.posts.models import PostText, Privacy

TITLE, DESCRIPTION = "metadata.title_template", "metadata.description_template"
NEARBY_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written under one clip, and who may see it."""

    text: PostText
    privacy: Privacy | None
    named: Mapping[str, str] = field(default_factory=dict)
    """Where title and description come from: field of the entry or of the configuration."""


@dataclass(slots=True, kw_only=True)
class Wording:
    """The templates of a batch; ``found`` is what is wrong with them."""

    config: Config
    names: Collection[str]
    """Every key that some entry has."""
    found: list[Finding] = field(default_factory=list)
    _templates: dict[str, Template] = field(default_factory=dict)
    _extras: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        metadata = self.config.publisher.metadata
        self._extras = self.config.publisher.extras()
        for name, source in (
            (TITLE, metadata.title_template),
            (DESCRIPTION, metadata.description_template),
        ):
            if source:
                self._read(name, source)

    def _read(self, name: str, source: str) -> None:
        try:
            template = read_template(source)
        except BadTemplateError as error:
            self.found.append(self.config.finding(error.key, name, **error.facts))
            return
        known = {*self.names, *KNOWN, *self._extras}
        unknown = sorted(template.needed - known)
        self.found += [
            self.config.finding("unknown_placeholder", name, **_placeholder(one, known))
            for one in unknown
        ]
        if not unknown:
            self._templates[name] = template

    def of(self, entry: Entry, clip: Clip) -> tuple[Words, list[Finding]]:
        """Return the words of one entry, and what is wrong with them."""
        found: list[Finding] = []
        named = {
            "title": TITLE if TITLE in self._templates else "title",
            "description": DESCRIPTION if DESCRIPTION in self._templates else "description",
        }
        title = self._expand(TITLE, entry, found) or clip.title or _from_name(clip)
        description = self._expand(DESCRIPTION, entry, found) or clip.description or ""
        tags = unique([*self.config.publisher.metadata.tags, *clip.tags])
        written = clip.privacy or self.config.publisher.metadata.privacy
        privacy = read_privacy(written) if written else None
        if clip.privacy and privacy is None:
            facts = {"given": clip.privacy[:40], "why": f"it is none of {', '.join(Privacy)}"}
            found.append(entry.finding(Severity.BLOCK, "bad_value", "privacy", **facts))
        text = PostText(title=title.strip(), description=description.strip(), tags=tags)
        return Words(text=text, privacy=privacy, named=named), found

    def _expand(self, name: str, entry: Entry, found: list[Finding]) -> str:
        template = self._templates.get(name)
        if template is None:
            return ""
        values = {**self._extras, **entry.values}
        missing = sorted(template.needed - values.keys())
        for one in missing:
            if one in KNOWN:
                finding = entry.finding(Severity.WARN, "empty_placeholder", name, name=one)
            else:
                facts = _placeholder(one, {*values, *KNOWN})
                finding = entry.finding(Severity.BLOCK, "unknown_placeholder", name, **facts)
            found.append(finding)
        try:
            return template.expand({**dict.fromkeys(missing, ""), **values})
        except BadTemplateError as error:
            found.append(entry.finding(Severity.BLOCK, error.key, name, **error.facts))
            return ""


def _placeholder(name: str, known: Collection[str]) -> dict[str, Any]:
    return {"name": name[:60], "near": nearest(name, known), "known": sorted(known)[:NEARBY_SHOWN]}


def _from_name(clip: Clip) -> str:
    name = (clip.filename or clip.path or "").rpartition("/")[2]
    return (name.rpartition(".")[0] or name).replace("_", " ").strip() or "Video"


def check_words(words: Words, capabilities: Capabilities, entry: Entry) -> Iterator[Finding]:
    """Yield in what the words are too long for a platform."""
    limits, title = capabilities.text, capabilities.title
    for name, actual, limit, unit in _lengths(words.text, limits):
        if limit is not None and actual > limit:
            yield entry.finding(
                Severity.BLOCK,
                "text_long",
                words.named.get(name, name),
                platform=title,
                what=name,
                actual=actual,
                limit=limit,
                unit=unit.value,
            )
    if limits.tags_total is not None and tags_length(words.text.tags) > limits.tags_total:
        facts = {"actual": tags_length(words.text.tags), "limit": limits.tags_total}
        yield entry.finding(Severity.WARN, "tags_long", "tags", platform=title, **facts)


def _lengths(
    text: PostText, limits: TextLimits
) -> Iterator[tuple[str, int, int | None, TextUnit]]:
    title = " ".join(clean(text.title, limits.forbidden).split())
    body = clean(text.description, limits.forbidden)
    if limits.title is None:
        body = join_title(title, body)
    else:
        yield "title", measure(title, limits.title_unit), limits.title, limits.title_unit
    name = "description" if text.description or limits.title is not None else "title"
    unit = limits.description_unit
    yield name, measure(body, unit), limits.description, unit


def cleaned(words: Words) -> Words:
    """Return the words without signs that no platform shows."""
    text = words.text
    tags = tuple(one for tag in text.tags if (one := clean(tag).lstrip("#")))
    text = replace(text, title=clean(text.title), description=clean(text.description), tags=tags)
    return replace(words, text=text)
