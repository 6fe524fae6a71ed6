"""What one post went through as text: its stages in order, what it waited for, what failed."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.figures_text import LEAST_SECONDS, error_words, reason_name, stage_name
from bot.chat.refusals import platform_title
from bot.chat.texts import Markup, counted, human, say
from bot.chat.view import View
from core.diagnostics.model import PostFigures, Step, UploadFigures


def post_blocks(post: PostFigures, view: View) -> list[Markup]:
    """Return the parts of the text: the post, then each upload."""
    head = [say("figures_post_head", post_id=post.post_id, state=say(f"state_{post.state}"))]
    steps = _steps(post.steps)
    if not steps and not any(upload.steps for upload in post.uploads):
        steps = [say("figures_post_nothing")]
    blocks = [[*head, *steps], *(_upload(upload, view) for upload in post.uploads)]
    return [Markup("\n".join(lines)) for lines in blocks]


def _upload(upload: UploadFigures, view: View) -> list[Markup]:
    place = say("place", platform=platform_title(upload.platform), account=upload.account)
    lines = [say("figures_post_place", place=place, state=say(f"figures_state_{upload.state}"))]
    lines += _steps(upload.steps)
    lines += [
        say("figures_post_error", at=view.moment(error.at), what=error_words(error))
        for error in upload.errors
    ]
    if upload.attempts > 1:
        tries, sent = counted("tries", upload.attempts), human.size(upload.bytes_sent)
        lines.append(say("figures_post_tries", tries=tries, size=sent))
    if upload.total_seconds is not None:
        lines.append(say("figures_post_total", time=human.span(upload.total_seconds)))
    return lines


def _steps(steps: Iterable[Step]) -> list[Markup]:
    return [_step(step) for step in steps if step.seconds >= LEAST_SECONDS or step.bytes]


def _step(step: Step) -> Markup:
    time = human.span(step.seconds)
    if step.stage == "wait":
        return say("figures_post_wait", reason=reason_name(step.detail), time=time)
    if step.stage == "resume":
        return say("figures_post_resume", size=human.size(step.bytes))
    stage = stage_name(step.stage)
    if not step.bytes:
        return say("figures_post_step", stage=stage, time=time)
    size = human.size(step.bytes)
    if step.seconds < LEAST_SECONDS:
        return say("figures_post_bytes", stage=stage, time=time, size=size)
    speed = human.speed(step.bytes / step.seconds)
    return say("figures_post_speed", stage=stage, time=time, size=size, speed=speed)
