"""Settings of Karvon. Copy this file to config.py and fill in what you need.

Only ``telegram.token`` and one account are needed; everything else has the default shown here.
Each key can be over-ridden by an environment variable: ``telegram.token`` by
``KARVON_TELEGRAM__TOKEN``, ``upload_workers`` by ``KARVON_UPLOAD_WORKERS``; lists and tables are
written as JSON there. Keep config.py readable for yourself only (chmod 600): it holds secrets.
"""

from __future__ import annotations

APP_CONFIG = {
    # --- The bot ---------------------------------------------------------------------------------
    "telegram": {
        "token": "",  # from @BotFather
        "admins": [],  # user ids that may do everything; the bot tells strangers their id
        "users": [],  # user ids that may publish
        "api_base": "https://api.telegram.org",  # a local Bot API server lifts the size limits
        "local_files": False,  # that server runs with --local and shares its folder with Karvon
        "webhook_secret": "",  # with it and web.public_url the bot uses a webhook, else polling
    },
    # --- Where videos go: one entry for each channel, page or profile ----------------------------
    "accounts": [
        # {
        #     "platform": "youtube",
        #     "name": "My channel",
        #     "remote_id": "UC…",
        #     "access_token": "…",
        #     "refresh_token": "…",
        #     "client_id": "….apps.googleusercontent.com",
        #     "client_secret": "…",
        # },
        # {
        #     "platform": "tiktok",
        #     "name": "me",
        #     "remote_id": "<open_id>",
        #     "access_token": "act.…",
        #     "refresh_token": "rft.…",
        #     "client_id": "<client_key>",
        #     "client_secret": "…",
        # },
        # {"platform": "instagram", "name": "me", "remote_id": "1784…", "access_token": "EAA…"},
        # {"platform": "facebook", "name": "Page", "remote_id": "…", "access_token": "<page's>"},
        # {"platform": "telegram", "name": "Channel", "remote_id": "@name", "access_token": "…"},
    ],
    # --- Your applications, so that people connect accounts with /connect ------------------------
    # "kind" is "web" (https, needs web.public_url) or "desktop" (loopback, on a laptop).
    "oauth": {
        "google": {"client_id": "", "client_secret": "", "kind": "web"},
        "tiktok": {"client_id": "", "client_secret": "", "kind": "web"},  # id: the client key
        "instagram": {"client_id": "", "client_secret": "", "kind": "web"},
        "facebook": {"client_id": "", "client_secret": "", "kind": "web"},
        "link_minutes": 15,
    },
    # --- Limits and several accounts -------------------------------------------------------------
    "quotas": {"profile": "current", "limits": {}, "warn_percent": 80},
    "rotation": {
        "gap_seconds": 0.0,  # pause between the accounts of one video
        "post_gap_seconds": 0.0,  # least time between two videos of one account
        "cooldown_failures": 3,  # failures in a row after which an account pauses
        "cooldown_seconds": 900.0,
    },
    # --- Texts by AI (without a key they are made from the caption) ------------------------------
    "groq": {"api_key": "", "model": "openai/gpt-oss-20b", "timeout_seconds": 3.0},
    # --- Sources besides the chat ----------------------------------------------------------------
    "sources": {
        "allowed_hosts": [],  # hosts on private networks that links may point to
        "max_bytes": 0,  # largest file behind a link; 0: no limit
        "redirects": 5,
        "yt_dlp": False,  # read pages with yt-dlp, for content you may publish
    },
    "scrape": {"pages": 20, "pace_seconds": 1.0, "obey_robots": True},
    "batches": {"folders": [], "probes": 4},  # folders that batches may take from
    # --- Videos that a platform does not take as they are ----------------------------------------
    "fit": {
        "auto": "safe",  # "off": always ask; "safe": only without loss by itself; "all": never ask
        "shape": "blur",  # or "pad", "crop": what fills a picture of another shape
        "length": "cut",  # or "speed": what is done when it is too long
        "most_speed": 1.25,
        "loudness": None,  # of what is encoded anew, in LUFS, such as -14; None: as it is
        "threads": 0,  # of an encoder; 0: by the machine
        "at_once": 1,
    },
    # --- The library and the videos made from it -------------------------------------------------
    "library": {
        "watch": [],  # folders whose new files are added
        "max_bytes": 0,  # largest file that is added; 0: no limit
        "repeat_days": 7.0,  # a random pick takes nothing that was picked within
        "cache_bytes": 10737418240,  # copies of remote files that are kept on this disk
        "s3_part_bytes": 16777216,
    },
    "studio": {
        "at_once": 1,  # renders at once
        "threads": 0,  # of a render; 0: by the machine
        "minutes": 60.0,  # longest time of one render
        "memory_bytes": 4294967296,  # most memory of one render's process
        "loudness": -14.0,  # in LUFS
        "fonts": [],  # folders of fonts that are asked before the bundled ones
        "keep_days": 30.0,  # logs of renders are kept so long
    },
    "policy": {
        "own_content": "warn",  # "off", "warn" or "block": own parts fill more than own_share
        "own_share": 0.5,
        "licence": "warn",  # every part has a licence and its attribution
        "reuse": "warn",  # a source is used at most reuse_limit times per account and week
        "reuse_limit": 3,
        "twins": "warn",  # two accounts get the same file within an hour
    },
    # --- What waits for a person -----------------------------------------------------------------
    "asking": {"remind_hours": 24.0, "expire_hours": 72.0},
    # --- How it works ----------------------------------------------------------------------------
    "download_concurrency": 2,  # downloads at once
    "upload_workers": 2,  # uploads at once on one platform, over all its accounts
    "mode": "parallel",  # or "sequential": one download, then one upload a platform, at a time
    "use_streaming_upload": True,  # upload while the download still runs
    "keep_files_on_disk": False,  # keep the video after all uploads ended
    "clear_uploaded_files": True,  # delete a downloaded file once every upload has ended
    "sort_by_size": True,  # smaller videos first
    "timezone": "UTC",  # time zone of times in captions, e.g. "Asia/Tashkent"
    "language": "en",  # or "uz", "ru", "vi": for people whose own language is not spoken
    "debug": False,
    "uploads": {
        "max_attempts": 6,  # counted attempts without progress before giving up
        "retry_seconds": 5.0,  # first pause after a failure; doubles
        "retry_max_seconds": 900.0,
        "stall_seconds": 60.0,  # a transfer without a byte for so long is dropped and resumed
        "per_channel_a_day": 50,
    },
    # --- Where it keeps things -------------------------------------------------------------------
    "data_dir": "~/.karvon",
    "temp_dir": None,  # folder of videos on the way; default: in data_dir
    "min_free_disk": 5 * 1024**3,  # bytes that stay free
    "database": {"url": ""},  # default: karvon.db in data_dir
    "storage": {
        "url": "",  # file:///…, s3://BUCKET/…, cloudinary://CLOUD; default: a folder in data_dir
        "endpoint": "",  # of an S3-compatible server; default: Amazon's
        "region": "us-east-1",
        "key_id": "",
        "secret": "",
        "public_url": "",  # where Cloudinary delivers from; empty: its own address
    },
    "web": {"listen": "127.0.0.1:8080", "public_url": "", "hmac_keys": {}},
    # --- Addresses of the remotes; change them only to point at stand-ins ------------------------
    "endpoints": {
        "youtube": "https://youtube.googleapis.com",
        "google_oauth": "https://oauth2.googleapis.com",
        "tiktok": "https://open.tiktokapis.com",
        "graph": "https://graph.facebook.com",
        "graph_upload": "https://rupload.facebook.com",
        "instagram": "https://graph.instagram.com",
        "google_accounts": "https://accounts.google.com",
        "tiktok_web": "https://www.tiktok.com",
        "facebook_web": "https://www.facebook.com",
        "instagram_web": "https://www.instagram.com",
        "instagram_oauth": "https://api.instagram.com",
        "groq": "https://api.groq.com",
        "cloudinary": "https://api.cloudinary.com",
        "twitch": "https://api.twitch.tv",
        "twitch_oauth": "https://id.twitch.tv",
        "github": "https://api.github.com",
        "discord": "https://discord.com",
    },
}
