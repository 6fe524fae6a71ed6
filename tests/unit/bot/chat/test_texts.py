from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.add_text import OTHER_LICENCES
from bot.chat.batch_messages import ENTRY_LINES, UPLOAD_LINES
from bot.chat.commands import ADMINS, EVERYBODY
from bot.chat.letters_text import LEFT_OUT
from bot.chat.library_text import FILTERS
from bot.chat.mashup_text import ENDS, LISTS
from bot.chat.routers.asset import MENUS
from bot.chat.routers.owner import CHOICES
from bot.chat.scrape_text import COUNTS, PULL_STATES
from bot.chat.texts import Markup, counted, en, human, say, when
from bot.diagnosis.findings import Action, State
from core.accounts.groups import GroupRule
from core.accounts.logins import LOGINS
from core.accounts.quotas import REMOTE
from core.accounts.rules import RuleBook
from core.batches.findings import Severity
from core.diagnostics.periods import PERIODS
from core.diagnostics.rules import RULES
from core.errors import ErrorKind
from core.media.fit.remedies import Remedy
from core.platforms.base import Operation, TextUnit
from core.platforms.registry import platform_names, require_platform
from core.posts.causes import DUPLICATE, NOBODY_DECIDED, Cure
from core.posts.fitting import LENGTHS, SHAPES
from core.posts.measuring import Stage
from core.posts.models import UPLOAD_FINAL, PostState, Privacy, UploadState, WaitReason
from core.posts.questions import Kind
from core.studio.addition import Question
from core.studio.layouts import LAYOUTS
from core.studio.mashup import AssetKind
from core.studio.queueing import KEEPING, RenderState, RenderWait
from core.studio.render import RenderStage
from core.studio.wizard import ASSET_STEPS, MANY_FIELDS, Step

ROOT = Path(__file__).parents[4]
SOURCES = [
    path
    for folder in ("core", "workers", "bot")
    for path in (ROOT / folder).rglob("*.py")
    if not {"texts", "talk"} & set(path.parts)
]
PLACES = re.compile(r"\{(\w+)\}")
TOLD = set(Operation) - {Operation.CHECK, Operation.STATISTICS}
"""Operations with an outcome that people are told."""
CANNOT = TOLD | {"privacy", "option", "scope", "sign_in", "cover", "own_picture"}
MOODS = {"ok", "warn", "paused", "reconnect", "resting"}
"""How an account is, see ``bot/chat/account_page.py``."""
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ADDED = {
    "add_too_big": {"size", "limit"},
    "add_too_big_for_cloud": {"limit"},
    "too_big_for_cloud": {"size", "limit"},
    "connect_nothing_found": {"nothing"},
}
"""Facts that a sentence gets on its way to a person."""


def forms(key: str) -> list[str]:
    sentence = en.SENTENCES[key]
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node) in names:
                yield path.name, node


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def literal(call: ast.Call) -> str | None:
    given = [k.value for k in call.keywords if k.arg == "key"] or call.args[:1]
    value = given[0].value if given and isinstance(given[0], ast.Constant) else None
    return value if isinstance(value, str) else None


QUESTIONS = set(Kind) - {Kind.DRAFT}


def strings() -> set[str]:
    """Return every piece of text in the code; what has no such piece cannot be said."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def quota_names() -> set[str]:
    """Return everything that a platform counts, by its rules or in its answers."""
    rules = {rule.name for name in platform_names() for rule in RuleBook().rules(name)}
    return rules | {"app_calls", "page_calls", "business_calls", "active_users", REMOTE}


def families() -> dict[str, set[str]]:
    """Return the keys that are put together, by their beginning."""
    seen = {name for name in strings() if re.fullmatch(r"[a-z_]+", name)}
    return {
        "state_": set(PostState),
        "card_": {"draft", "done", "partly_failed", "failed", "cancelled"},
        "upload_": set(UploadState),
        "wait_": set(WaitReason),
        "error_": set(ErrorKind) | {"source"},
        "kind_": set(ErrorKind) | {"source"},
        "advice_": {rule.name for rule in RULES},
        "stage_": {stage.value for stage in Stage if stage is not Stage.TOTAL},
        "reason_": set(WaitReason) | {"outcome", "text", "source", "fit", "other"},
        "figures_": {*PERIODS, "run"},
        "figures_state_": set(UploadState),
        "cmd_": set(ADMINS) | set(EVERYBODY),
        "visibility_": set(Privacy)
        | {"members", "draft", "unchecked", "moderation", "inbox", "friends", "scheduled"},
        "count_": {"posts", "uploads", "files", "accounts", "videos", "members", "causes"}
        | {"tries", "renders"},
        "quota_": quota_names(),
        "limits_": {"account_paused", "account_reconnect", "today", "tomorrow", "later"},
        "limits_spill_": {"today", "tomorrow", "later"},
        "account_mark_": MOODS,
        "account_state_": MOODS,
        "account_says_": MOODS,
        "account_last_": set(UPLOAD_FINAL),
        "account_": {"rename_how", "tags_how"},
        "doctor_": seen
        | {f"{word}_do" for word in seen}
        | {f"{part}_{state}" for part in ("head", "line") for state in State},
        "button_": seen
        | {f"doctor_{action}" for action in Action}
        | {f"clear_{what}" for what in CHOICES}
        | {f"figures_{name}" for name in PERIODS}
        | {"channel_yes", "channel_no"}
        | {"letters_replay", "letters_drop", "letters_show"},
        "event_": seen | {f"{kind}_{end}" for kind in Operation for end in ("done", "failed")},
        "cannot_": set(CANNOT),
        "login_": {*LOGINS, "telegram"},
        "nothing_": set(LOGINS),
        "without_scope_": set(Operation),
        "outcome_": set(TOLD),
        "finding_": {"gone", "blocked", "visibility", "fine"},
        "rule_": set(GroupRule),
        "unit_": {"bytes", "kb", "mb", "gb", "tb", "speed"}
        | {"seconds", "minutes", "hours", "days", "percent"},
        "choice_": set(GroupRule),
        "fit_": seen,
        "fit_error_": seen,
        "fit_warn_": seen,
        "remedy_": set(Remedy),
        "button_fit_": {"fix", "out", *LENGTHS, *SHAPES},
        "source_": seen,
        "ask_": {"caption", "duplicate"},
        "batch_": seen | {f"{word.removeprefix('batch_')}_do" for word in seen},
        "batch_state_": {*UPLOAD_LINES, *ENTRY_LINES},
        "batch_unit_": set(TextUnit),
        "batch_finding_": set(Severity),
        "button_batch_": {"all", "good", "leave", "cancel", "retry"},
        "scrape_": {"streams", "broken"},
        "scrape_finding_": seen,
        "button_scrape_": seen,
        "pull_": set(COUNTS),
        "pull_head_": {*PULL_STATES, "mixed"},
        "add_ask_": set(Question),
        "add_licence_": set(OTHER_LICENCES),
        "button_add_": {"mine", "licensed", "unnamed", "cancel", "again", "open", *OTHER_LICENCES},
        "library_": {"deleted", "deleted_later"},
        "library_kind_": set(AssetKind),
        "library_kinds_": set(AssetKind),
        "library_media_": {"video", "audio", "image"},
        "library_mark_": {"video", "audio", "image"},
        "library_choose_": set(FILTERS),
        "library_asset_rights_": {"mine", "licensed", "unsaid"},
        "library_use_": {"render", "post", "other"},
        "button_library_": {*FILTERS, *(f"{name}_on" for name in FILTERS), *MENUS},
        "studio_": seen,
        "help_": {"live", "library", "mashup", "language"},
        "policy_": seen | {"own_time", "own_picture"},
        "mashup_": set(ENDS),
        "mashup_step_": set(Step),
        "mashup_chosen_": {*Step, *(f"no_{step}" for step in Step)}
        | {"file", "foot", "post", "watermark"},
        "mashup_none_": set(ASSET_STEPS),
        "mashup_many_from_": set(MANY_FIELDS),
        "mashup_many_choose_": set(MANY_FIELDS),
        "mashup_no_such_": set(MANY_FIELDS),
        "button_mashup_choose_": set(LISTS),
        "mashup_layout_": set(LAYOUTS),
        "button_mashup_": seen,
        "button_mashup_kind_": {kind.value for kinds in ASSET_STEPS.values() for kind in kinds}
        - {"audio"},
        "button_mashup_layout_": set(LAYOUTS),
        "button_mashup_look_": {"outline", "box"},
        "button_mashup_place_": {"top", "middle", "bottom"},
        "render_head_": {*RenderState, "preview"},
        "render_state_": set(RenderState),
        "render_count_": set(RenderState),
        "render_stage_": {*RenderStage, KEEPING} - {"done"},
        "render_waits_": set(RenderWait),
        "button_render_": seen,
        "cause_": {DUPLICATE, NOBODY_DECIDED},
        "cure_": set(Cure),
        "left_": {why.value for why in LEFT_OUT},
        "asked_": {"caption", "duplicate", *QUESTIONS},
        "expired_": {"caption", "duplicate", *QUESTIONS},
    }


def test_every_sentence_that_is_asked_for_by_name_is_there() -> None:
    asked = {(place, literal(call)) for place, call in calls("say")}
    missing = {(place, key) for place, key in asked if key and key not in en.SENTENCES}
    assert missing == set()


@pytest.mark.parametrize(
    "prefix",
    [
        "state_",
        "card_",
        "wait_",
        "error_",
        "kind_",
        "cmd_",
        "ask_",
        "cannot_",
        "login_",
        "nothing_",
        "without_scope_",
        "outcome_",
        "finding_",
        "quota_",
        "mashup_step_",
        "mashup_layout_",
        "mashup_none_",
        "button_mashup_kind_",
        "button_mashup_layout_",
        "render_head_",
        "render_state_",
        "render_count_",
        "render_stage_",
        "render_waits_",
    ],
)
def test_every_word_of_a_closed_set_has_a_sentence(prefix: str) -> None:
    assert {f"{prefix}{word}" for word in families()[prefix]} <= set(en.SENTENCES)


def test_every_state_of_an_upload_has_a_sentence() -> None:
    assert {f"upload_{state}" for state in UploadState} <= set(en.SENTENCES)


def test_every_refusal_has_a_sentence_and_the_facts_that_it_needs() -> None:
    problems = []
    for place, call in calls("RefusedError"):
        key = literal(call)
        if key is None:
            continue
        if key not in en.SENTENCES:
            problems.append(f"{place}: {key}")
        given = {keyword.arg for keyword in call.keywords}
        needed = {name for form in forms(key) for name in PLACES.findall(form)}
        if None not in given and needed - given - ADDED.get(key, set()):
            problems.append(f"{place}: {key} lacks {needed - given}")
    assert problems == []


def test_every_trouble_of_a_source_has_a_sentence() -> None:
    keys = {literal(call) for _, call in calls("SourceError")} - {None}
    assert keys
    assert {f"source_{key}" for key in keys} <= set(en.SENTENCES)


def test_every_way_in_which_a_file_does_not_fit_has_a_sentence() -> None:
    source = (ROOT / "core/media/specs.py").read_text()
    keys = set(re.findall(r'"(too_\w+|side_\w+|frame_rate_\w+|aspect_\w+|index_last)"', source))
    keys |= {"container", "video_codec", "audio_codec", "empty_file"}
    assert len(keys) > 10
    assert {f"fit_{key}" for key in keys} <= set(en.SENTENCES)


def test_every_privacy_of_every_platform_has_words() -> None:
    offered = {
        choice
        for name in platform_names()
        for choice in require_platform(name).capabilities.privacy
    }
    assert {f"visibility_{choice}" for choice in offered} <= set(en.SENTENCES)


def test_no_sentence_is_left_over() -> None:
    used = strings()
    made = {f"{prefix}{word}" for prefix, words in families().items() for word in words}
    assert set(en.SENTENCES) - used - made == set()


@pytest.mark.parametrize("key", sorted(en.SENTENCES))
def test_markup_is_balanced(key: str) -> None:
    for form in forms(key):
        opened = re.findall(r"<(\w+)", form)
        assert sorted(opened) == sorted(re.findall(r"</(\w+)>", form))
        bare = re.sub(r"</?(?:b|i|code|a)(?: href=\"\{url\}\")?>", "", form)
        assert "<" not in bare
        assert "&" not in bare


def test_facts_are_escaped_and_markup_is_not() -> None:
    line = say("title", title="<b>&\x00\ud800")
    assert line == "&lt;b&gt;&amp;?"
    assert say("title", title=Markup("<b>x</b>")) == "<b>x</b>"
    assert say("title", title=["a", "<"]) == "a, &lt;"
    assert say("title") == "–"


def test_an_unknown_key_is_told_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    assert "no such key" in say("no_such_key", number=5)
    assert caplog.messages == ["sentence_missing"]


def test_an_unknown_language_is_english() -> None:
    assert say("status_idle", "xx") == say("status_idle")


def test_numbers_have_their_forms() -> None:
    assert [counted("posts", number) for number in (0, 1, 2)] == ["0 posts", "1 post", "2 posts"]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (20 * 1024 * 1024, "20 MB"),
        (2.1 * 1024 * 1024, "2.1 MB"),
        (1024**3 - 1, "1 GB"),
        (5 * 1024**4, "5 TB"),
    ],
)
def test_sizes(count: float, said: str) -> None:
    assert human.size(count) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, "0 s"),
        (59.4, "59 s"),
        (125, "2 min 5 s"),
        (3599, "59 min"),
        (7260, "2 h 1 min"),
        (200_000, "2 days"),
    ],
)
def test_lengths_of_time(seconds: float, said: str) -> None:
    assert human.span(seconds) == said


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert [human.percent(share) for share in (-1, 0.619, 0.9999, 1, 2)] == [
        "0 %",
        "61 %",
        "99 %",
        "100 %",
        "100 %",
    ]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW + timedelta(seconds=50), "12:00:50"),
        (NOW + timedelta(hours=2), "14:00"),
        (NOW + timedelta(days=1), "12:00 tomorrow"),
        (NOW + timedelta(days=9), "2026-11-30 12:00"),
    ],
)
def test_moments(moment: datetime, said: str) -> None:
    assert when(moment, NOW) == said


def test_length_is_counted_as_telegram_counts() -> None:
    assert human.visible_length("<b>a&lt;</b>😀") == 4
