"""All stand-ins, in the order in which they start."""

from __future__ import annotations

from utils.sandbox.cloudinary import Cloudinary
from utils.sandbox.google import YouTube
from utils.sandbox.google_oauth import GoogleOAuth
from utils.sandbox.graph import Graph
from utils.sandbox.groq import Groq
from utils.sandbox.instagram import Instagram
from utils.sandbox.rupload import GraphUpload
from utils.sandbox.server import Service
from utils.sandbox.telegram.service import Telegram
from utils.sandbox.tiktok import TikTok
from utils.sandbox.tiktok_upload import TikTokUpload

SERVICES: tuple[type[Service], ...] = (
    Telegram,
    YouTube,
    GoogleOAuth,
    TikTok,
    TikTokUpload,
    Graph,
    GraphUpload,
    Instagram,
    Groq,
    Cloudinary,
)
"""A new remote is one file and one line here."""
