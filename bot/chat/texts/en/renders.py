"""English sentences about renders and their cards."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CARD: Sentences = {
    "render_head_pending": "⏳ <b>Waits to be made</b> · render {render_id}",
    "render_head_processing": "🎬 <b>Is being made</b> · render {render_id}",
    "render_head_ready": "✅ <b>Made</b> · render {render_id}",
    "render_head_failed": "❌ <b>Not made</b> · render {render_id}",
    "render_head_cancelled": "🚫 <b>Cancelled</b> · render {render_id}",
    "render_head_preview": "👁 <b>Three seconds to look at</b> · render {render_id}",
    "render_name": "{name}",
    "render_next": "It is the next one.",
    "render_place": "Number {place} in the queue.",
    "render_waits_disk": "💾 The disk is full; it goes on when there is room.",
    "render_waits_retry": "🔁 It is tried again.",
    "render_looks_again": "Looks again at {until}.",
    "render_begun": "🎬 Begun",
    "render_stage_looking": "🔎 Looking at the parts",
    "render_stage_preparing": "🧩 Preparing the template",
    "render_stage_rendering": "🎞 Rendering",
    "render_stage_checking": "✔️ Checking the result",
    "render_stage_keeping": "📚 Putting it into the library",
    "render_progress": "{stage} · {percent}",
    "render_progress_left": "{stage} · {percent} · {eta} left",
    "render_progress_speed": "{stage} · {percent} · {speed}× as fast as it plays",
    "render_progress_all": "{stage} · {percent} · {speed}× as fast as it plays · {eta} left",
    "render_made": "{length} · {width}×{height} · made in {seconds}",
    "render_made_size": "{length} · {width}×{height} · {size} · made in {seconds}",
    "render_what_now": (
        "Nothing is left behind. Retry makes it again; /mashup puts another one together."
    ),
    "render_publishes": "📣 It is published as soon as it can be.",
    "render_post": "📣 It goes out as post {post_id}; its own card tells how.",
    "render_not_published": "⚠️ Not published: {why}",
    "render_blocked": "the rules do not let it.",
}

BATCH: Sentences = {
    "render_batch_moving": "🎬 <b>Mashups, order {batch_id}</b>: {ended} of {total} done",
    "render_batch_done": "🏁 <b>Mashups, order {batch_id}</b>: {ended} of {total} done",
    "render_count_pending": {"one": "⏳ one waits", "other": "⏳ {count} wait"},
    "render_count_processing": {"one": "🎞 one is being made", "other": "🎞 {count} are being made"},
    "render_count_ready": {"one": "✅ one made", "other": "✅ {count} made"},
    "render_count_failed": {"one": "❌ one failed", "other": "❌ {count} failed"},
    "render_count_cancelled": {"one": "🚫 one cancelled", "other": "🚫 {count} cancelled"},
    "render_now": "Now: {name}",
    "render_batch_list": "/renders shows each of them.",
}

NEWS: Sentences = {
    "render_shown": "🎬 {name} · render {render_id}\nReply with a caption to publish it.",
    "render_shown_publishing": "🎬 {name} · render {render_id}\nIts publishing card tells more.",
    "render_shown_post": "🎬 {name} · render {render_id}\nMore of its publishing: /post {post_id}",
    "render_preview_shown": "👁 Three seconds of {name}, small. The video itself is sharper.",
    "render_publish_how": (
        "Reply to this message with the caption for {name}. Lines such as <code>to: youtube, "
        "tiktok</code> say where it goes; without them it goes everywhere."
    ),
    "render_again": "Render {render_id} is made again. Its card tells how far it is.",
    "render_again_kept": (
        "Render {render_id} is made again. Post {post_id} stays as it is; nothing is published "
        "twice."
    ),
    "render_log": "Log of render {render_id}:\n{log}",
}

LISTS: Sentences = {
    "cmd_renders": "videos that were made, and how far others are",
    "render_head_list": "<b>Renders</b>, the newest first",
    "render_line": "<b>{render_id}</b> · {name} · {state}",
    "render_state_pending": "waits",
    "render_state_processing": "is being made",
    "render_state_ready": "made",
    "render_state_failed": "not made",
    "render_state_cancelled": "cancelled",
    "render_none": "Nothing was made yet. /mashup makes a video out of parts.",
    "render_some_open": "🎬 {renders} open: /renders",
    "count_renders": {"one": "{count} render", "other": "{count} renders"},
}

REFUSALS: Sentences = {
    "render_unknown": "I know no render {render_id}. /renders shows yours.",
    "render_not_yours": "That render belongs to somebody else. /renders shows yours.",
    "render_ended": "Render {render_id} has ended already. /renders shows how.",
    "render_open": "Render {render_id} is not done yet.",
    "render_not_waiting": "Render {render_id} does not wait any more.",
    "render_no_result": (
        "Render {render_id} has no video to publish. Wait until it is made, or make it again."
    ),
    "render_no_log": "Render {render_id} has no log yet, or it was too old and was dropped.",
    "render_not_allowed": "It cannot be published there:\n{why}",
    "renders_no_caption": "To publish them say with which caption, too: --caption.",
    "renders_no_place": "Say where they are published: --to, or a line “to: …” in the caption.",
    "render_twins": (
        "Kept: render {render_id} may go to several accounts as the same file. Reply with the "
        "caption once more."
    ),
    "button_render_twins": "The same file on purpose",
}

SOURCES: Sentences = {
    "source_render_waits": "it is still being made",
    "source_render_failed": "it could not be made",
    "source_render_cancelled": "its making was cancelled",
}

BUTTONS: Sentences = {
    "button_render_cancel": "✖ Cancel",
    "button_render_first": "⏫ Make it next",
    "button_render_again": "🔁 Make it again",
    "button_render_retry": "🔁 Retry",
    "button_render_log": "📜 Log",
    "button_render_publish": "📣 Publish to …",
    "button_render_show": "{render_id}",
    "button_render_newer": "‹ Newer",
    "button_render_older": "Older ›",
    "button_render_cancel_rest": "✖ Cancel the rest",
    "button_render_retry_failed": "🔁 Retry what failed",
}

SENTENCES: Sentences = {
    **CARD,
    **BATCH,
    **NEWS,
    **LISTS,
    **REFUSALS,
    **SOURCES,
    **BUTTONS,
}
