// The list of chats and what is known of each: messages, unread ones, what the bot does now.

import { avatarOf, button, byId, element, timeWords } from "./dom.js";

export class Chats {
  constructor(onChoose) {
    this.all = new Map();
    this.current = null;
    this.onChoose = onChoose;
  }

  put(raw, bot) {
    const known = this.all.get(raw.id);
    const chat = known || { id: raw.id, messages: new Map(), unread: 0, action: "", draft: null, keyboard: null };
    chat.type = raw.type;
    chat.isAdmin = Boolean(raw.is_admin);
    chat.name = raw.type === "private" ? bot.first_name : raw.title;
    chat.about = raw.type === "private" ? `bot · @${bot.username}` : describe(raw);
    this.all.set(raw.id, chat);
    return chat;
  }

  take(message, isSeen) {
    const chat = this.all.get(message.chat_id);
    if (!chat) return null;
    const before = chat.messages.get(message.message_id);
    if (before && before.version >= message.version) return null;
    if (message.is_deleted) chat.messages.delete(message.message_id);
    else chat.messages.set(message.message_id, message);
    if (!before && !isSeen && message.is_from_bot) chat.unread += 1;
    return { chat, before };
  }

  choose(id) {
    this.current = this.all.get(id);
    this.current.unread = 0;
    this.draw();
    this.onChoose(this.current);
  }

  draw() {
    const rows = [...this.all.values()].sort((a, b) => lastChange(b) - lastChange(a));
    byId("chats").replaceChildren(...rows.map((chat) => this.drawRow(chat)));
  }

  drawRow(chat) {
    const last = [...chat.messages.values()].at(-1);
    const row = button("chat", avatarOf(element("span", "avatar"), chat), () => this.choose(chat.id));
    row.setAttribute("aria-current", String(chat === this.current));
    row.append(
      element(
        "div",
        "chat-names",
        element("div", "chat-title", element("span", "", chat.name), last ? element("time", "", timeWords(last.date)) : null),
        element(
          "div",
          "chat-last",
          element("span", "", last ? summary(last) : "No messages yet"),
          chat.unread ? element("b", "badge", String(chat.unread)) : null,
        ),
      ),
    );
    return row;
  }
}

function describe(raw) {
  const name = raw.username ? `@${raw.username}` : "private";
  return `${raw.type} · ${name}${raw.is_admin ? "" : " · the bot is no admin"}`;
}

function summary(message) {
  const who = message.is_from_bot ? "" : "You: ";
  const what = message.media ? { document: "File", photo: "Photo", audio: "Audio" }[message.media.kind] || "Video" : "";
  return who + [what, message.text.replace(/\s+/g, " ")].filter(Boolean).join(" · ").slice(0, 90);
}

const lastChange = (chat) => Math.max(0, ...[...chat.messages.values()].map((message) => message.change));
