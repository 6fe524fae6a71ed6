from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from core.posts.describe import Describer
from core.posts.models import Wish
from utils.sandbox.groq import API_KEY, Groq
from utils.sandbox.server import Sandbox

WISH = Wish(prompt="Cats sing on the roof at night #cats", tags=("cats",))
PATIENT_SECONDS = 20.0


@asynccontextmanager
async def asking(
    key: str = API_KEY, model: str = "openai/gpt-oss-20b", path: str = ""
) -> AsyncIterator[tuple[Sandbox, Describer]]:
    async with Sandbox(services=(Groq,)) as sandbox:
        describer = Describer(
            api_key=key,
            base_url=sandbox.address("groq") + path,
            model=model,
            timeout_seconds=PATIENT_SECONDS,
        )
        try:
            yield sandbox, describer
        finally:
            await describer.close()


@pytest.mark.parametrize("model", ["openai/gpt-oss-20b", "qwen/qwen3.6-27b"])
async def test_every_kind_of_model_writes_words(model: str) -> None:
    async with asking(model=model) as (_, describer):
        text = await describer.describe(WISH)
    assert text.by == "ai"
    assert "Cats" in text.title
    assert text.tags[0] == "cats"


async def test_the_address_may_end_as_other_clients_want_it() -> None:
    async with asking(path="/openai/v1/") as (_, describer):
        assert (await describer.describe(WISH)).by == "ai"


@pytest.mark.parametrize(
    ("key", "model"), [("gsk_wrong", "openai/gpt-oss-20b"), (API_KEY, "llama-3.1-8b-instant")]
)
async def test_a_refusal_is_one_call_and_a_fallback(key: str, model: str) -> None:
    async with asking(key=key, model=model) as (sandbox, describer):
        text = await describer.describe(WISH)
        assert (text.by, text.note) == ("fallback", "ai_error")
        assert len(sandbox.journal.rows(service="groq")) == 1
