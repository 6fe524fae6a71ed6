"""The arguments of each command."""

from __future__ import annotations

import argparse

LAST_PORT = 65_000
LONGEST_SECONDS = 24 * 3600
ASPECTS = ("9:16", "1:1", "4:5", "16:9")
ASSET_KINDS = ("source", "template", "hot", "audio", "product", "mashup", "thumbnail")


def no_arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def _send(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE|URL", help="video file or link")
    parser.add_argument("--to", default="", help="targets: youtube, tiktok, an account's name, …")
    parser.add_argument("--caption", default="", help="caption, with the same lines as in chat")
    parser.add_argument("--again", action="store_true", help="publish although it is live already")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="send one video and leave")
    parser.add_argument("--video", default="", help="video file (default: a bundled sample)")
    parser.add_argument("--caption", default="", help="caption of the video")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    parser.add_argument(
        "--port", type=_port, default=0, help="first of the fixed ports of the stand-ins"
    )


def _port(text: str) -> int:
    """Read a port that leaves room for those that follow it."""
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 (any) to {LAST_PORT}")
    return port


def _account(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="connect an account with tokens you have")
    add.add_argument(
        "platform", choices=["youtube", "tiktok", "instagram", "facebook", "telegram"]
    )
    add.add_argument("name", help="how it is called in captions and cards")
    add.add_argument("remote_id", help="channel, page or user id; @name or id of a channel")
    add.add_argument("--client-id", default="")
    add.add_argument(
        "--option", action="append", default=[], metavar="KEY=VALUE", help="account option"
    )
    add.epilog = (
        "Tokens are read from standard input, one KEY=VALUE a line: access_token, "
        "refresh_token, client_secret."
    )
    sign_in = actions.add_parser("connect", help="connect an account by signing in")
    sign_in.add_argument(
        "login", choices=["google", "tiktok", "instagram", "instagram_facebook", "facebook"]
    )
    sign_in.add_argument("--json", action="store_true", help="one JSON object a line")
    listing = actions.add_parser("list", help="list connected accounts")
    listing.add_argument("--json", action="store_true")
    pause = actions.add_parser("pause", help="begin nothing for an account until it is resumed")
    resume = actions.add_parser("resume", help="go on with an account that was paused")
    rename = actions.add_parser("rename", help="call an account something else")
    leave = actions.add_parser("disconnect", help="give the access back and forget the sign-in")
    for action in (pause, resume, rename, leave):
        action.add_argument("account", help="its number, name, or platform:name")
    rename.add_argument("name", help="the new name")
    leave.add_argument("--yes", action="store_true", help="do not ask")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--report", default="", metavar="FILE", help="write a report without secrets, to share"
    )


def _keys(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="ids, age and use of the keys, never a key")
    rotate = actions.add_parser("rotate", help="make a new key and seal everything with it")
    restore = actions.add_parser("restore", help="take the keys of an older keys.json into use")
    restore.add_argument("file", help="the older keys.json")
    for action in (listing, rotate, restore):
        action.add_argument("--json", action="store_true", help="one JSON object")


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="where the copy is written")


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="the backup")
    parser.add_argument("--yes", action="store_true", help="replace the database that is there")


def _bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("only", nargs="?", default="", help="name of one benchmark")


def _scrape(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="page, feed or sitemap")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "JSON: {url, title, pages, links: [{number, url, kind: video|stream, title,\n"
        "size_bytes, duration_seconds, seen, trouble, page}], findings: [{key, url,\n"
        "facts, message}]}; what a page does not tell is null or empty."
    )


def _pull(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="page, feed or sitemap")
    parser.add_argument("--to", default="", help="targets, as in `karvon send`")
    parser.add_argument(
        "--caption",
        default="",
        help="caption of each; {title}, {name}, {number}, {host} and {page} are filled",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--new", action="store_true", help="only what was not taken yet (default)")
    which.add_argument("--all", action="store_true", help="also what was taken before")
    parser.add_argument("--match", default="", metavar="GLOB", help="only names like this")
    parser.add_argument("--max-size", default="", metavar="SIZE", help="none above, e.g. 200MB")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="at most so many")
    parser.add_argument(
        "--mode", choices=["parallel", "sequential"], default="", help="side by side or one by one"
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "Interrupted, the same command goes on where it was.\n\n"
        "JSON: {url, look_id, state, mode, links, live, partly, there, failed, refused,\n"
        "cancelled, left, waiting, running, asking, size_bytes, fetched_bytes,\n"
        "upload_bytes, sent_bytes, wall_seconds, items: [{number, url, title, outcome,\n"
        "note, post_id, state, uploads}]}; 0 is returned when all are live or there."
    )


def _batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="clips_metadata.json, CSV or JSON lines")
    parser.add_argument("--config", dest="publisher", default="", help="publisher configuration")
    parser.add_argument("--dry-run", action="store_true", help="only look for what is wrong")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")


def _fit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="video file")
    parser.add_argument("--to", default="", help="platforms, comma separated (default: all)")
    parser.add_argument("--out", default="", metavar="DIR", help="make what fits, there")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _mashup(parser: argparse.ArgumentParser) -> None:
    for role, text in (
        ("source", "your own video; heard"),
        ("template", "what plays beside it; not heard"),
        ("product", "another video or picture; again for more"),
    ):
        parser.add_argument(
            f"--{role}",
            action=_Role,
            dest="parts",
            default=[],
            metavar="FILE",
            help=f"{text} (parts are shown in the order in which they are given)",
        )
    parser.add_argument("--audio", default=None, metavar="FILE", help="music underneath")
    parser.add_argument("--layout", default=None, metavar="NAME", help="by default by the parts")
    parser.add_argument("--aspect", default=None, help="9:16 (default), 1:1, 16:9 or 4:5")
    parser.add_argument("--duration", type=float, default=None, metavar="S", help="seconds")
    words = parser.add_mutually_exclusive_group()
    words.add_argument("--caption", default=None, metavar="TEXT", help="words over the picture")
    words.add_argument("--captions", default=None, metavar="FILE", help="SRT or ASS")
    parser.add_argument("--watermark", default=None, metavar="FILE", help="picture in a corner")
    parser.add_argument("--attribution", default=None, metavar="TEXT", help="line at the foot")
    parser.add_argument(
        "--profile", default=None, metavar="P", help="general (default) or a platform"
    )
    parser.add_argument(
        "--spec", default=None, metavar="JSON", help="a mashup, or the sheet beside a result"
    )
    parser.add_argument("--preview", action="store_true", help="three seconds of it, small")
    parser.add_argument("--out", required=True, metavar="FILE", help="the MP4 to write")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "What is given beside --spec takes the place of what stands there.\n\n"
        "JSON: {path, width, height, duration, seconds, sha256, thumbnail, inputs: [{path,\n"
        "sha256, bytes, seconds}], settings}; seconds is how long it took."
    )


class _Role(argparse.Action):
    """Keeps the parts of a mashup in the order in which they are given."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        del parser
        role = (option_string or "").lstrip("-")
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), (role, str(values))])


def _diagnostics(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("period", nargs="?", default="today", help="today, 7d, 30d or a post")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--schema", action="store_true", help="the JSON schema of that object")


def _failed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")
    what = parser.add_mutually_exclusive_group()
    group = "a cause (c3), all, a platform, an account's name or batch:3"
    what.add_argument("--replay", default="", metavar="GROUP", help=f"try again: {group}")
    what.add_argument("--drop", default="", metavar="GROUP", help=f"put aside: {group}")


def _library(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="add files or links")
    add.add_argument("files", nargs="+", metavar="FILE|URL", help="media file or link")
    add.add_argument("--kind", required=True, choices=ASSET_KINDS, help="what it is for")
    add.add_argument("--name", help="default: the file's")
    add.add_argument("--tag", action="append", metavar="TAG", help="may be given several times")
    listing = actions.add_parser("list", help="what there is, the newest first")
    listing.add_argument("--text", help="words to look for")
    listing.add_argument("--tag", help="only with this tag")
    listing.add_argument("--category", help="only of this category")
    listing.add_argument("--page", type=int, help="which page")
    listing.add_argument("--per-page", type=int, help="how many on a page (default: 20)")
    pick = actions.add_parser("pick", help="some by chance, the least used first")
    pick.add_argument("--seed", help="the same seed picks the same, and notes nothing")
    pick.add_argument("--count", type=int, help="how many (default: 1)")
    pick.add_argument("--kind", required=True, choices=ASSET_KINDS)
    listing.add_argument("--kind", choices=ASSET_KINDS)
    for action in (listing, pick):
        action.add_argument("--platform", help="only for this platform")
        action.add_argument("--mood", help="only of this mood")
    tag = actions.add_parser("tag", help="add tags and take tags away")
    change = actions.add_parser("set", help="say something of a file")
    rename = actions.add_parser("rename", help="call a file something else")
    show = actions.add_parser("show", help="everything about one file")
    delete = actions.add_parser("delete", help="let a file go, when nothing needs it any more")
    for action in (tag, change, rename, show, delete):
        action.add_argument("id", type=int, metavar="ID", help="its number in the list")
    rename.add_argument("name", metavar="NAME")
    for action in (add, change):
        _description(action)
    stats = actions.add_parser("stats", help="how much there is of each kind")
    for action in (add, listing, pick, tag, change, rename, show, delete, stats):
        action.add_argument("--json", action="store_true", help="one JSON object")
    _library_move(actions.add_parser("move", help="bring all files to another storage"))
    tag.add_argument("changes", nargs=argparse.REMAINDER, metavar="+TAG|-TAG")


def _library_move(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="file:///…, s3://BUCKET/…, cloudinary://CLOUD")
    parser.add_argument("--endpoint", help="address of an S3-compatible server")
    parser.add_argument("--region", help="region of the bucket")
    parser.add_argument("--key-id", help="its key; the secret is read from standard input")
    parser.add_argument(
        "--public-url", help="where Cloudinary delivers from, if not from its own address"
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    parser.epilog = (
        "Without --key-id the keys of the settings are used, or those of a move before. The "
        "library stays in use meanwhile; interrupted, the same command goes on."
    )


def _description(parser: argparse.ArgumentParser) -> None:
    """Add what can be said of a file of the library."""
    for name, text in (
        ("platform", "for which it is made"),
        ("mood", "such as upbeat"),
        ("category", "what it shows"),
        ("licence", "under which it may be used"),
        ("origin", "where it comes from"),
        ("attribution", "the line that has to be shown"),
    ):
        parser.add_argument(f"--{name}", metavar="TEXT", help=text)
    parser.add_argument("--rights", choices=["mine", "licensed"], help="what allows its use")


def _renders(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what waits, is made and was made, the newest first")
    listing.add_argument("--page", type=int, help="which page")
    show = actions.add_parser("show", help="how one stands")
    log = actions.add_parser("log", help="what was run for one, and what it said")
    cancel = actions.add_parser("cancel", help="make nothing more of one")
    first = actions.add_parser("first", help="put a waiting one before all others")
    _renders_make(actions.add_parser("make", help="make many of what is in the library"))
    again = actions.add_parser("again", help="make one once more")
    again.add_argument("--publish", action="store_true", help="publish it again, too")
    for action in (show, log, cancel, first, again):
        action.add_argument("id", type=int, metavar="ID", help="its number in the list")
    for action in (listing, show, log, cancel, first, again):
        action.add_argument("--json", action="store_true", help="one JSON object")


def _length(text: str) -> int:
    seconds = int(text)
    if not 0 < seconds <= LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(f"from 1 to {LONGEST_SECONDS} seconds")
    return seconds


def _renders_make(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("count", type=int, metavar="COUNT", help="how many")
    for name, text in (
        ("from", "videos that they are made from"),
        ("templates", "what plays beside them"),
        ("music", "what is heard"),
    ):
        parser.add_argument(
            f"--{name}",
            action="append",
            metavar="NAMES",
            help=f"{text}: names, words, numbers or #tags, with commas; default: all",
        )
    parser.add_argument("--mood", help="of the music, such as upbeat")
    parser.add_argument("--aspect", choices=ASPECTS, help="by default 9:16")
    parser.add_argument("--seconds", type=_length, metavar="S", help="by default the videos' own")
    parser.add_argument("--seed", type=int, help="the same number makes the same")
    parser.add_argument("--to", metavar="TARGETS", help="where they are published")
    parser.add_argument("--caption", metavar="TEXT", help="with which, its lines as in chat")
    parser.add_argument(
        "--twins", action="store_true", help="several accounts get the same file on purpose"
    )
    parser.add_argument("--dry-run", action="store_true", help="only tell what would be made")
    parser.add_argument("--json", action="store_true", help="one JSON object")


ARGUMENTS = {
    "send": _send,
    "demo": _demo,
    "scrape": _scrape,
    "pull": _pull,
    "batch": _batch,
    "fit": _fit,
    "mashup": _mashup,
    "diagnostics": _diagnostics,
    "failed": _failed,
    "library": _library,
    "renders": _renders,
    "account": _account,
    "doctor": _doctor,
    "limits": _doctor,
    "keys": _keys,
    "backup": _backup,
    "restore": _restore,
    "bench": _bench,
}
