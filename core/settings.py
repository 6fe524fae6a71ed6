"""All settings: key, type, default and help in one place.

They come from ``config.py`` (a dict ``APP_CONFIG``), over-ridden by environment variables
``KARVON_<GROUP>__<KEY>``. Unknown keys and bad values are refused with the place and the remedy.
"""

from __future__ import annotations

import os
import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings.exceptions import SettingsError as PydanticSettingsError

from core.errors import SettingsError

MIB = 1024**2
GIB = 1024**3
PREFIX = "KARVON_"
RESERVED = frozenset({"KARVON_CONFIG", "KARVON_FFMPEG", "KARVON_FFPROBE", "KARVON_KEYS"})
"""Environment variables that are read elsewhere."""

Platform = Literal["youtube", "tiktok", "instagram", "facebook", "telegram"]
Rule = Literal["off", "warn", "block"]


class Group(BaseModel):
    """A group of settings; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSettings(Group):
    """The bot."""

    token: SecretStr = Field(SecretStr(""), description="Token of the bot, from @BotFather.")
    api_base: str = Field(
        "https://api.telegram.org",
        description="Bot API server; a local one lifts the size limits.",
    )
    local_files: bool = Field(
        default=False,
        description="The Bot API server runs with --local and shares its folder with Karvon.",
    )
    admins: list[int] = Field(default=[], description="User ids that may do everything.")
    users: list[int] = Field(default=[], description="User ids that may publish.")
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="With it and web.public_url the bot uses a webhook, else polling.",
    )


class EndpointSettings(Group):
    """Base addresses of every remote."""

    youtube: str = Field("https://youtube.googleapis.com", description="YouTube Data API.")
    google_oauth: str = Field(
        "https://oauth2.googleapis.com", description="Google's token server."
    )
    tiktok: str = Field("https://open.tiktokapis.com", description="TikTok API.")
    graph: str = Field("https://graph.facebook.com", description="Facebook and Instagram.")
    graph_upload: str = Field("https://rupload.facebook.com", description="Uploads to Meta.")
    instagram: str = Field("https://graph.instagram.com", description="Instagram Login.")
    google_accounts: str = Field(
        "https://accounts.google.com", description="Google's sign-in page."
    )
    tiktok_web: str = Field("https://www.tiktok.com", description="TikTok's sign-in page.")
    facebook_web: str = Field("https://www.facebook.com", description="Facebook's sign-in page.")
    instagram_web: str = Field(
        "https://www.instagram.com", description="Instagram's sign-in page."
    )
    instagram_oauth: str = Field(
        "https://api.instagram.com", description="Instagram's token server."
    )
    groq: str = Field("https://api.groq.com", description="AI that writes the texts.")
    cloudinary: str = Field("https://api.cloudinary.com", description="Media storage.")
    twitch: str = Field("https://api.twitch.tv", description="Twitch Helix.")
    twitch_oauth: str = Field("https://id.twitch.tv", description="Twitch's token server.")
    github: str = Field("https://api.github.com", description="GitHub.")
    discord: str = Field("https://discord.com", description="Discord webhooks.")


class DatabaseSettings(Group):
    """Where the truth lives."""

    url: str = Field("", description="sqlite:///… ; empty: karvon.db in data_dir.")


class StorageSettings(Group):
    """Where kept media lies."""

    url: str = Field(
        "", description="file:///…, s3://BUCKET/…, cloudinary://CLOUD; empty: in data_dir."
    )
    endpoint: str = Field("", description="Address of an S3-compatible server; empty: Amazon's.")
    region: str = Field("us-east-1", description="Region of the bucket.")
    key_id: str = Field("", description="Access key of S3, or API key of Cloudinary.")
    secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    public_url: str = Field(
        "", description="Where Cloudinary delivers from; empty: its own address."
    )


class WebSettings(Group):
    """The web server of the bot."""

    listen: str = Field("127.0.0.1:8080", description="Address and port of the web server.")
    public_url: str = Field("", description="How the outside reaches it, for webhooks.")
    hmac_keys: dict[str, SecretStr] = Field(default={}, description="Keys of API clients.")


class GroqSettings(Group):
    """Writing titles, descriptions and tags."""

    api_key: SecretStr = Field(SecretStr(""), description="Without it texts come from the prompt.")
    model: str = Field("openai/gpt-oss-20b", description="Model that writes the texts.")
    timeout_seconds: float = Field(3.0, gt=0, le=60, description="Longest wait for the texts.")


class OAuthApp(Group):
    """One application registered with a platform."""

    client_id: str = Field("", description="Id of your application (TikTok: the client key).")
    client_secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    kind: Literal["web", "desktop"] = Field(
        "web", description="How it is registered: web (https) or desktop (loopback)."
    )


class OAuthSettings(Group):
    """Your applications, with which people sign in to connect accounts."""

    google: OAuthApp = OAuthApp()
    tiktok: OAuthApp = OAuthApp()
    instagram: OAuthApp = OAuthApp()
    facebook: OAuthApp = OAuthApp()
    link_minutes: int = Field(15, ge=1, le=60, description="Life of a link to connect.")


class QuotaSettings(Group):
    """Limits that are known in advance; sources stand beside each number in the platforms."""

    profile: Literal["current", "old"] = Field(
        "current",
        description="old: 1600 of 10,000 units a YouTube upload, 10 TikTok videos a day.",
    )
    limits: dict[str, int] = Field(
        default={}, description="Other numbers, such as {'youtube.video_uploads': 200}."
    )
    warn_percent: int = Field(80, ge=1, le=100, description="Share at which a warning is said.")


class RotationSettings(Group):
    """How several accounts share the work."""

    gap_seconds: float = Field(0.0, ge=0, description="Pause between the accounts of one video.")
    post_gap_seconds: float = Field(
        0.0, ge=0, description="Least time between two videos of one account."
    )
    cooldown_failures: int = Field(
        3, ge=1, description="Failures in a row after which an account pauses."
    )
    cooldown_seconds: float = Field(900.0, gt=0, description="How long it pauses then.")


class SourceSettings(Group):
    """Where videos may come from, besides the chat."""

    allowed_hosts: list[str] = Field(
        default=[], description="Hosts on private networks that links may point to."
    )
    max_bytes: int = Field(0, ge=0, description="Largest file behind a link; 0: no limit.")
    redirects: int = Field(5, ge=0, le=20, description="Redirects that are followed.")
    yt_dlp: bool = Field(
        default=False,
        description="Read pages with yt-dlp (extra `pages`), for content you may publish.",
    )


class ScrapeSettings(Group):
    """How pages of links are read."""

    pages: int = Field(20, ge=1, le=1000, description="Most pages that one look follows.")
    pace_seconds: float = Field(1.0, ge=0, description="Least time between requests to a host.")
    obey_robots: bool = Field(default=True, description="Keep out where robots.txt says so.")


class BatchSettings(Group):
    """Files that list many videos."""

    folders: list[Path] = Field(default=[], description="Folders that batches may take from.")
    probes: int = Field(4, ge=1, le=64, description="Files looked into at once in a dry run.")


class FitSettings(Group):
    """What is done with a video that a platform does not take as it is."""

    auto: Literal["off", "safe", "all"] = Field(
        "safe",
        description="off: always ask; safe: only without loss by itself; all: never ask.",
    )
    shape: Literal["blur", "pad", "crop"] = Field(
        "blur", description="What fills a picture of another shape."
    )
    length: Literal["cut", "speed"] = Field("cut", description="What is done when it is too long.")
    most_speed: float = Field(1.25, gt=1, le=2, description="Fastest playback of `speed`.")
    loudness: float | None = Field(
        None, ge=-31, le=-9, description="Loudness of what is encoded anew, in LUFS, such as -14."
    )
    threads: int = Field(0, ge=0, le=256, description="Threads of an encoder; 0: by the machine.")
    at_once: int = Field(1, ge=1, le=16, description="Videos that are fitted at once.")


class LibrarySettings(Group):
    """The library of media that videos are made from."""

    watch: list[Path] = Field(default=[], description="Folders whose new files are added.")
    max_bytes: int = Field(0, ge=0, description="Largest file that is added; 0: no limit.")
    repeat_days: float = Field(
        7.0, ge=0, description="A random pick takes nothing that was picked within."
    )
    cache_bytes: int = Field(
        10 * GIB, ge=0, description="Copies of remote files that are kept on this disk."
    )
    s3_part_bytes: int = Field(
        16 * MIB, ge=5 * MIB, le=5 * GIB, description="Size of the parts sent to S3."
    )


class StudioSettings(Group):
    """How mashups are made."""

    at_once: int = Field(1, ge=1, le=16, description="Renders at once.")
    threads: int = Field(0, ge=0, le=256, description="Threads of a render; 0: by the machine.")
    minutes: float = Field(60.0, gt=0, description="Longest time of one render.")
    memory_bytes: int = Field(
        4 * GIB, ge=256 * MIB, description="Most memory of one render's process."
    )
    loudness: float = Field(-14.0, ge=-31, le=-9, description="Loudness of mashups, in LUFS.")
    fonts: list[Path] = Field(
        default=[], description="Folders of fonts that are asked before the bundled ones."
    )
    keep_days: float = Field(30.0, gt=0, description="Logs of renders are kept so long.")


class PolicySettings(Group):
    """What mashups must keep to; each is ``off``, ``warn`` or ``block``."""

    own_content: Rule = Field("warn", description="Own parts fill more than own_share.")
    own_share: float = Field(0.5, ge=0, le=1, description="Least share of time and picture.")
    licence: Rule = Field("warn", description="Every part has a licence and its attribution.")
    reuse: Rule = Field("warn", description="A source is used at most reuse_limit times.")
    reuse_limit: int = Field(3, ge=1, description="Uses of a source per account and week.")
    twins: Rule = Field("warn", description="Two accounts get the same file within an hour.")


class AskingSettings(Group):
    """What waits for a person."""

    remind_hours: float = Field(24.0, ge=0, description="Remind once after; 0: never.")
    expire_hours: float = Field(72.0, ge=0, description="Give up after; 0: never.")


class UploadSettings(Group):
    """How stubborn an upload is."""

    max_attempts: int = Field(6, ge=1, le=100, description="Counted attempts before giving up.")
    retry_seconds: float = Field(5.0, gt=0, description="First pause after a failure; doubles.")
    retry_max_seconds: float = Field(900.0, gt=0, description="Longest pause after a failure.")
    stall_seconds: float = Field(60.0, gt=0, description="A transfer without a byte is dropped.")
    per_channel_a_day: int = Field(50, ge=1, description="Our own cap for one account a day.")


class AccountSettings(Group):
    """One connected channel, page or profile."""

    platform: Platform
    name: str = Field(min_length=1, max_length=60)
    remote_id: str = Field(min_length=1)
    access_token: SecretStr = SecretStr("")
    refresh_token: SecretStr = SecretStr("")
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    options: dict[str, str] = {}
    defaults: dict[str, Any] = {}


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="__"
    )

    telegram: TelegramSettings = TelegramSettings()
    endpoints: EndpointSettings = EndpointSettings()
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    web: WebSettings = WebSettings()
    groq: GroqSettings = GroqSettings()
    oauth: OAuthSettings = OAuthSettings()
    quotas: QuotaSettings = QuotaSettings()
    rotation: RotationSettings = RotationSettings()
    sources: SourceSettings = SourceSettings()
    scrape: ScrapeSettings = ScrapeSettings()
    batches: BatchSettings = BatchSettings()
    fit: FitSettings = FitSettings()
    library: LibrarySettings = LibrarySettings()
    studio: StudioSettings = StudioSettings()
    policy: PolicySettings = PolicySettings()
    asking: AskingSettings = AskingSettings()
    uploads: UploadSettings = UploadSettings()
    accounts: list[AccountSettings] = Field(
        default=[],
        description="Connected channels with their tokens (as JSON in the environment).",
    )
    data_dir: Path = Field(Path("~/.karvon"), description="Database, spool, logs and keys.")
    temp_dir: Path | None = Field(None, description="Folder of the spool; default in data_dir.")
    min_free_disk: int = Field(5 * GIB, ge=0, description="Bytes that stay free on the disk.")
    download_concurrency: int = Field(2, ge=1, le=256, description="Downloads at once.")
    upload_workers: int = Field(
        2, ge=1, le=256, description="Uploads at once on one platform, over all its accounts."
    )
    mode: Literal["parallel", "sequential"] = Field(
        "parallel", description="sequential: one download, then one upload a platform, at a time."
    )
    use_streaming_upload: bool = Field(
        default=True, description="Upload while the download still runs."
    )
    keep_files_on_disk: bool = Field(
        default=False, description="Keep the video after all uploads ended."
    )
    clear_uploaded_files: bool = Field(
        default=True, description="Without streaming: delete a file after its last upload."
    )
    sort_by_size: bool = Field(default=True, description="Smaller videos first.")
    timezone: str = Field("UTC", description="Time zone of times in captions, e.g. Asia/Tashkent.")
    language: Literal["en", "uz", "ru", "vi"] = Field(
        "en", description="Language for people whose own one is not spoken."
    )
    debug: bool = Field(default=False, description="Detailed log.")

    @field_validator("data_dir", "temp_dir")
    @classmethod
    def _expand(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        from zoneinfo import available_timezones

        if value not in available_timezones():
            raise ValueError("is no time zone; write one such as Europe/Berlin")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @property
    def database_url(self) -> str:
        return self.database.url or f"sqlite:///{self.data_dir}/karvon.db"

    @property
    def spool_dir(self) -> Path:
        return self.temp_dir or self.data_dir / "spool"

    def endpoint_map(self) -> dict[str, str]:
        """Return every base address by key, the bot's own server among them."""
        return {**self.endpoints.model_dump(), "telegram": self.telegram.api_base}


class _FixedSettings(Settings):
    """Settings from the values given, whatever the environment says."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def fixed_settings(values: Mapping[str, Any]) -> Settings:
    """Return settings from these values alone; neither ``config.py`` nor the environment count.

    Raises:
        SettingsError: with one line for each bad place.
    """
    try:
        return _FixedSettings(**values)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(error))) from None


def load_settings(
    *, config: Path | None = None, overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Read ``config.py``, the environment and explicit overrides (weakest first).

    ``config`` defaults to ``KARVON_CONFIG`` or ``config.py`` in the working directory, which may
    be missing.

    Raises:
        SettingsError: with one line for each bad place and what to do.
    """
    _refuse_unknown_environment()
    try:
        settings = Settings(**_read_config(config))
        if not overrides:
            return settings
        return _FixedSettings(**_merge(settings.model_dump(), overrides))
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(error))) from None
    except PydanticSettingsError as error:
        raise SettingsError(f"{error}. Write lists and tables as JSON.") from None


def read_account(values: Mapping[str, Any]) -> AccountSettings:
    """Return an account that comes from outside.

    Raises:
        SettingsError: one line that names each bad place, and no value, which may be a token.
    """
    try:
        return AccountSettings(**values)
    except ValidationError as error:
        places = [
            f"{'.'.join(map(str, item['loc']))}: {item['msg'].lower()}"
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError(f"the account is not right: {'; '.join(places)}") from None


def describe_settings() -> Iterator[tuple[str, str, str]]:
    """Yield ``(key, default, help)`` of each setting, for the example file and the README."""
    yield from _describe(Settings, "")


def _describe(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str]]:
    for name, info in model.model_fields.items():
        key = f"{prefix}{name}"
        if isinstance(info.annotation, type) and issubclass(info.annotation, Group):
            yield from _describe(info.annotation, f"{key}.")
            continue
        default = info.default
        text = "" if isinstance(default, SecretStr) else str(default)
        yield key, text, info.description or ""


def _read_config(path: Path | None) -> Mapping[str, Any]:
    chosen = path or Path(os.environ.get("KARVON_CONFIG", "config.py"))
    if not chosen.exists():
        if path is not None or "KARVON_CONFIG" in os.environ:
            raise SettingsError(f"{chosen}: no such file. Copy config.example.py to it.")
        return {}
    try:
        values = runpy.run_path(str(chosen)).get("APP_CONFIG")
    except Exception as error:
        raise SettingsError(
            f"{chosen}: cannot be read: {error}. Compare config.example.py."
        ) from error
    if not isinstance(values, dict):
        raise SettingsError(f"{chosen}: has no dict APP_CONFIG. Compare config.example.py.")
    return values


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = _merge(old, value) if both else value  # type: ignore[arg-type]
    return merged


def _refuse_unknown_environment() -> None:
    known = {f"{PREFIX}{key.replace('.', '__')}".upper() for key, _, _ in describe_settings()}
    known |= {f"{PREFIX}{name}".upper() for name in Settings.model_fields} | RESERVED
    for name in os.environ:
        upper = name.upper()
        if not upper.startswith(PREFIX) or upper in known:
            continue
        raise SettingsError(
            f"environment variable {name}: no such setting{_nearest(upper, known)}. "
            "Remove it or correct its name; config.example.py lists them all."
        )


def _nearest(word: str, known: set[str]) -> str:
    import difflib

    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _explain(error: ValidationError) -> Iterator[str]:
    known = {key for key, _, _ in describe_settings()}
    for item in error.errors():
        place = ".".join(str(part) for part in item["loc"])
        if item["type"] == "extra_forbidden":
            near = _nearest(place, known)
            yield f"{place}: no such setting{near}. Remove it or correct its name."
        else:
            yield f"{place}: {item['msg']}. Correct it in config.py or in the environment."


__all__ = [
    "AccountSettings",
    "Settings",
    "describe_settings",
    "fixed_settings",
    "load_settings",
    "read_account",
]
