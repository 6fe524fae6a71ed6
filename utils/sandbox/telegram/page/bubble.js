// Draws one message. The server has already escaped `html`; all else is set as text.

import { button, durationWords, element, sizeWords, timeWords } from "./dom.js";

export function drawMessage(message, actions, before) {
  const root = element("article", "message");
  root.dataset.id = message.message_id;
  root.dataset.version = message.version;
  root.classList.toggle("mine", !message.is_from_bot);
  const bubble = element("div", "bubble");
  const text = drawText(message, actions);
  const media = drawMedia(message, before);
  bubble.append(
    ...[
      message.is_forwarded ? element("p", "note", "Forwarded message") : null,
      drawQuote(message, actions),
      ...(message.caption_above ? [text, media] : [media, text]),
      drawFacts(message.media),
      drawFoot(message, actions),
    ].filter(Boolean),
  );
  root.append(bubble);
  if (message.keyboard.length) root.append(drawKeys(message, actions));
  return root;
}

function drawQuote(message, actions) {
  const quoted = message.reply_to;
  if (!quoted) return null;
  return button("quote", element("span", "", element("b", "", quoted.author), element("span", "", quoted.text)), () =>
    actions.show(quoted.message_id),
  );
}

function drawText(message, actions) {
  if (!message.html) return null;
  const target = element("div", "text");
  target.innerHTML = message.html;
  target.addEventListener("click", (event) => {
    const found = event.target.closest(".spoiler, .expandable, .command");
    if (!found) return;
    if (found.classList.contains("command")) {
      event.preventDefault();
      actions.say(found.textContent);
    } else {
      found.classList.toggle("open");
    }
  });
  return target;
}

function drawMedia(message, before) {
  const media = message.media;
  if (!media?.is_kept) return null;
  if (media.kind === "document") return drawFile(media);
  // An edit must not stop a video that plays: the element moves into the new bubble.
  const old = before?.querySelector(".media");
  return old?.dataset.file === media.file_unique_id ? old : newPlayer(message, media);
}

function drawFacts(media) {
  if (!media || (media.kind === "document" && media.is_kept)) return null;
  const facts = mediaFacts(media);
  return element("p", "facts", media.is_kept ? facts : `${media.kind}, bytes not kept · ${facts}`);
}

function newPlayer(message, media) {
  const tag = { photo: "img", audio: "audio" }[media.kind] || "video";
  const player = element(tag, "media");
  player.dataset.file = media.file_unique_id;
  player.src = media.url;
  if (tag === "img") player.alt = media.name || "Picture";
  else player.controls = true;
  if (tag === "video") {
    player.preload = "metadata";
    player.playsInline = true;
    if (media.width && media.height) player.style.aspectRatio = `${media.width} / ${media.height}`;
  }
  if (media.kind === "animation") Object.assign(player, { loop: true, muted: true, autoplay: true });
  player.classList.toggle("round", media.kind === "video_note");
  if (message.is_spoiler) {
    player.classList.add("veil");
    player.addEventListener("click", () => player.classList.remove("veil"), { once: true });
  }
  return player;
}

function drawFile(media) {
  const link = element(
    "a",
    "file",
    element("span", "file-sign", "↓"),
    element("span", "", element("div", "file-name", media.name || "File"), element("div", "file-facts", mediaFacts(media))),
  );
  link.href = media.url;
  link.download = media.name || "file";
  return link;
}

function mediaFacts(media) {
  const frame = media.width && media.height ? `${media.width}×${media.height}` : "";
  return [media.kind === "document" ? "" : media.name, durationWords(media.duration), frame, sizeWords(media.size)]
    .filter(Boolean)
    .join(" · ");
}

function drawFoot(message, actions) {
  const foot = element("div", "foot");
  foot.append(button("", "Reply", () => actions.reply(message)));
  if (message.edit_date) {
    const edits = message.version - 1;
    const mark = element("span", "", edits > 1 ? `edited ${edits}×` : "edited");
    mark.title = `Version ${message.version}`;
    foot.append(mark);
  }
  const time = element("time", "", timeWords(message.date));
  time.title = new Date(message.date * 1000).toLocaleString();
  foot.append(time);
  return foot;
}

function drawKeys(message, actions) {
  const keys = element("div", "keys");
  for (const row of message.keyboard) {
    keys.append(element("div", "keys-row", ...row.map((key) => drawKey(message, key, actions))));
  }
  return keys;
}

function drawKey(message, key, actions) {
  const style = key.style ? ` ${key.style}` : "";
  if (key.url) {
    const link = element("a", `key out${style}`, key.text);
    link.href = key.url;
    link.target = "_blank";
    link.rel = "noopener";
    return link;
  }
  const made = button(`key${style}`, key.text, () => {
    if (key.web_app) actions.openApp(key.web_app.url);
    else if (key.copy_text) actions.copy(key.copy_text.text);
    else actions.press(message, key.callback_data, made);
  });
  return made;
}
