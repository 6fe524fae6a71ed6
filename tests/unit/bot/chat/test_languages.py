"""Every language says all that English says, with the same facts, markup and literals."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from types import ModuleType

import pytest

from bot.chat.commands import ADMINS
from bot.chat.texts import en, plain, ru, uz, vi
from bot.chat.texts.human import visible_length
from bot.chat.texts.tongues import LANGUAGES, category

OTHERS: dict[str, ModuleType] = {"uz": uz, "ru": ru, "vi": vi}
SUBJECTS = [module.__name__.rpartition(".")[2] for module in en.SUBJECTS]
PLACE = re.compile(r"\{(\w+)\}")
TAG = re.compile(r"<[^>]*>")
NUMBERS = range(201)
FORMS = {"one", "few", "many", "other"}

POP_UPS = ("old_button",)
"""What is said in a pop-up, see ``Voice.acknowledge``."""
LONGEST_POP_UP, LONGEST_COMMAND, LONGEST_MESSAGE = 200, 256, 4096
"""Source: core.telegram.org/bots/api, answerCallbackQuery, BotCommand, sendMessage, 2026-06-18."""
LONGEST_BUTTON = 32
"""Signs that a narrow telephone shows of a button that has its row for itself."""

SAME = frozenset(
    {
        *("login_google", "login_tiktok", "login_instagram", "help_language"),
        *("unit_kb", "unit_mb", "unit_gb", "unit_tb", "unit_speed", "unit_percent"),
        *("untitled", "unit_seconds", "count_videos", "delete_head"),
    }
)
"""What may read as in English: names, units, and the words post and video."""
LATIN = SAME | {"option_license"}
"""What is written with Latin letters: names, and values of captions outside of ``code``."""
LITERAL = re.compile(
    r"(?<![\w</:}])/[a-z]+"  # a command
    r"|(?<=<code>)[a-z]+(?:\.\w+)?:"  # a word of captions
    r"|(?<=<code>)(?:[a-z_]+|oauth)\.[a-z_{}.]+"  # a setting
    r"|KARVON_\w+|--[a-z]+|config\.py|keys\.json|\.srt"
    r"|karvon (?:account connect|keys [a-z]+|[a-z]+)"
)
BARE = re.compile(
    r"<code>.*?</code>|<[^>]*>|\{\w+\}|/[a-z]+|https?://\S*|\S+[._@]\S+|\b[A-Z][A-Za-z0-9]*\b"
    r"|karvon (?:account connect|keys [a-z]+|[a-z]+)|--\w+|KARVON_\w+"
)
"""What is not words of the language: markup, facts, literals, and names in Latin letters."""


def forms(module: ModuleType, key: str) -> dict[str, str]:
    """Return the forms of a sentence; of one without forms, that of ``other``."""
    sentence = module.SENTENCES[key]
    return {"other": sentence} if isinstance(sentence, str) else sentence


def sentences(language: str) -> list[tuple[str, str]]:
    module = OTHERS[language]
    return [(key, text) for key in module.SENTENCES for text in forms(module, key).values()]


def subject(module: ModuleType, name: str) -> dict[str, object]:
    found: dict[str, object] = getattr(module, name).SENTENCES
    return found


def pairs(language: str) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Return the keys that both have, with the forms in English and in the language."""
    module = OTHERS[language]
    both = [key for key in en.SENTENCES if key in module.SENTENCES]
    return [(key, forms(en, key), forms(module, key)) for key in both]


def facts_of(text: str) -> set[str]:
    return set(PLACE.findall(text))


def words_of(text: str) -> str:
    """Return the letters of the words that are the language's own."""
    return "".join(sign for sign in BARE.sub(" ", text) if sign.isalpha())


def has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]", TAG.sub("", PLACE.sub("", text))))


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize("language", OTHERS)
def test_a_subject_has_every_key_of_english(language: str, name: str) -> None:
    there = subject(OTHERS[language], name)
    assert [key for key in subject(en, name) if key not in there] == []


@pytest.mark.parametrize("language", OTHERS)
def test_there_is_no_key_that_english_lacks(language: str) -> None:
    assert sorted(set(OTHERS[language].SENTENCES) - set(en.SENTENCES)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_in_two_subjects(language: str) -> None:
    module = {"en": en, **OTHERS}[language]
    found = Counter(key for part in module.SUBJECTS for key in part.SENTENCES)
    assert [key for key, count in found.items() if count > 1] == []


@pytest.mark.parametrize("language", OTHERS)
def test_facts_are_those_of_english(language: str) -> None:
    wrong = []
    for key, ours, theirs in pairs(language):
        wanted = facts_of(ours["other"])
        for form, text in theirs.items():
            numbers = [n for n in NUMBERS if category(language, n) == form]
            free = {"count"} if len(numbers) == 1 else set()
            if facts_of(text) | free != wanted | free:
                wrong.append((key, form, facts_of(text) ^ wanted))
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_markup_is_that_of_english(language: str) -> None:
    wrong = [
        (key, form)
        for key, ours, theirs in pairs(language)
        for form, text in theirs.items()
        if Counter(TAG.findall(text)) != Counter(TAG.findall(ours["other"])) or not balanced(text)
    ]
    assert wrong == []


def balanced(text: str) -> bool:
    """Return whether tags close in the order in which they open, and no sign is left over."""
    opened: list[str] = []
    for tag in TAG.findall(text):
        name = tag.strip("</>").split()[0]
        if not tag.startswith("</"):
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened and not set("<>") & set(TAG.sub("", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_are_those_of_the_language(language: str) -> None:
    module = {"en": en, **OTHERS}[language]
    needed = {category(language, n) for n in NUMBERS} | {"other"}
    wrong = {
        key: sorted(sentence)
        for key, sentence in module.SENTENCES.items()
        if not isinstance(sentence, str) and not needed <= set(sentence) <= FORMS
    }
    assert wrong == {}


@pytest.mark.parametrize("language", OTHERS)
def test_what_has_forms_in_english_has_them_everywhere(language: str) -> None:
    sentences = OTHERS[language].SENTENCES
    flat = [
        key
        for key, sentence in en.SENTENCES.items()
        if isinstance(sentence, dict) and isinstance(sentences.get(key), str)
    ]
    assert flat == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_empty_or_left_in_english(language: str) -> None:
    wrong = [
        key
        for key, ours, theirs in pairs(language)
        for text in theirs.values()
        if not text.strip() or (text in ours.values() and has_words(text) and key not in SAME)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_edges_are_those_of_english(language: str) -> None:
    """A leading space or a final stop is part of how sentences are put together."""
    wrong = [
        key
        for key, ours, theirs in pairs(language)
        for text in theirs.values()
        if text[:1].isspace() != ours["other"][:1].isspace() or text[-1:].isspace()
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_commands_settings_and_words_of_captions_are_untouched(language: str) -> None:
    wrong = [
        (key, sorted(set(LITERAL.findall(text)) ^ set(LITERAL.findall(ours["other"]))))
        for key, ours, theirs in pairs(language)
        for text in theirs.values()
        if set(LITERAL.findall(text)) != set(LITERAL.findall(ours["other"]))
    ]
    assert wrong == []


def test_russian_is_written_in_cyrillic() -> None:
    odd = []
    for key, text in sentences("ru"):
        letters = words_of(text)
        cyrillic = sum("CYRILLIC" in unicodedata.name(sign) for sign in letters)
        if key not in LATIN and len(letters) > 3 and cyrillic < 0.6 * len(letters):
            odd.append((key, text))
    assert odd == []


def test_uzbek_is_written_in_latin_with_its_own_apostrophes() -> None:
    foreign = re.compile(r"[\u0400-\u04ff]|['`‘’]|(?<![oOgG])ʻ|(?<=[oOgG])ʼ")
    assert [
        (key, text)
        for key, text in sentences("uz")
        if key != "help_language" and foreign.search(TAG.sub("", text))
    ] == []


def test_vietnamese_is_written_with_its_marks() -> None:
    bare = [
        (key, text)
        for key, text in sentences("vi")
        if key not in SAME and len(words_of(text)) > 12 and words_of(text).isascii()
    ]
    assert bare == []
    assert all(unicodedata.is_normalized("NFC", text) for _, text in sentences("vi"))


@pytest.mark.parametrize("language", OTHERS)
def test_other_scripts_do_not_slip_in(language: str) -> None:
    """A Cyrillic letter in a Latin word, or the reverse, looks right and reads wrong."""
    mixed = re.compile(r"[A-Za-zÀ-ɏ][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-zÀ-ɏ]")
    assert [key for key, text in sentences(language) if mixed.search(PLACE.sub(" ", text))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_telegram_takes_all_of_it(language: str) -> None:
    long = []
    for key, text in sentences(language):
        length = visible_length(PLACE.sub("", text))
        if key.startswith("cmd_") and not 1 <= len(plain(text)) <= LONGEST_COMMAND:
            long.append((key, length))
        if key.startswith("button_") and length > LONGEST_BUTTON:
            long.append((key, length))
        if key in POP_UPS and length > LONGEST_POP_UP:
            long.append((key, length))
    assert long == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_longest_help_is_one_message(language: str) -> None:
    parts = ("help", "help_live", "help_library", "help_language", "help_admin")
    text = "\n\n".join(str(OTHERS[language].SENTENCES[key]) for key in parts)
    assert visible_length(text) <= LONGEST_MESSAGE


@pytest.mark.parametrize("language", OTHERS)
def test_every_command_is_described(language: str) -> None:
    there = OTHERS[language].SENTENCES
    assert [name for name in ADMINS if f"cmd_{name}" not in there] == []
