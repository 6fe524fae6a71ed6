// What the person writes: text, a reply, files picked or dropped, commands and answer keys.

import { send } from "./api.js";
import { button, byId, element, sizeWords, toast } from "./dom.js";

const ALBUM_LIMIT = 10;

export class Composer {
  constructor() {
    this.chat = null;
    this.replyTo = null;
    this.files = [];
    this.previews = new Map();
    this.commands = [];
    this.text = byId("text");
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.text.addEventListener("input", () => this.refresh());
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("paste", (event) => this.add(event.clipboardData.files));
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("file").addEventListener("change", (event) => {
      this.add(event.target.files);
      event.target.value = "";
    });
    byId("reply-cancel").addEventListener("click", () => this.reply(null));
    byId("slash").addEventListener("click", () => this.offerCommands(byId("commands").hidden ? "/" : null));
    this.listenToDrops();
  }

  open(chat) {
    this.chat = chat;
    this.reply(null);
    this.text.placeholder = chat.type === "channel" ? "Post to the channel" : "Message";
    byId("slash").hidden = chat.type !== "private" || !this.commands.length;
    this.drawKeyboard();
    this.refresh();
    if (matchMedia("(hover: hover)").matches) this.text.focus();
  }

  reply(message) {
    this.replyTo = message;
    byId("reply").hidden = !message;
    if (!message) return;
    byId("reply-author").textContent = message.author;
    byId("reply-text").textContent = message.text || message.media?.kind || "";
    this.text.focus();
  }

  add(files) {
    for (const file of files) {
      if (this.files.length >= ALBUM_LIMIT) {
        toast(`An album has at most ${ALBUM_LIMIT} files`);
        break;
      }
      this.files.push(file);
    }
    this.drawTray();
    if (files.length) this.text.focus();
  }

  async submit() {
    const text = this.text.value.trim();
    if (this.isSending || (!text && !this.files.length)) return;
    const files = this.files;
    const chosen = document.querySelector("input[name=kind]:checked").value;
    const replyTo = this.replyTo?.message_id;
    this.setSending(true);
    try {
      await send({ chatId: this.chat.id, text, replyTo, files, kind: kindOf(files, chosen) }, (share) => {
        byId("progress").value = share;
      });
      this.text.value = "";
      this.files = [];
      this.reply(null);
    } catch (error) {
      toast(error.message);
    }
    this.setSending(false);
    this.drawTray();
  }

  async say(text) {
    try {
      await send({ chatId: this.chat.id, text, files: [], kind: "video" }, () => {});
    } catch (error) {
      toast(error.message);
    }
  }

  setSending(isSending) {
    this.isSending = isSending;
    byId("progress").hidden = !isSending;
    byId("progress").value = 0;
    this.refresh();
  }

  drawTray() {
    byId("tray").hidden = !this.files.length;
    for (const [file, address] of this.previews) {
      if (this.files.includes(file)) continue;
      URL.revokeObjectURL(address);
      this.previews.delete(file);
    }
    byId("tray-files").replaceChildren(...this.files.map((file, place) => this.drawFile(file, place)));
    this.refresh();
  }

  drawFile(file, place) {
    const isVideo = file.type.startsWith("video/");
    const preview = element(isVideo ? "video" : "div", isVideo ? "" : "plain");
    if (isVideo) {
      preview.src = this.previews.get(file) || URL.createObjectURL(file);
      this.previews.set(file, preview.src);
      preview.muted = true;
    } else {
      preview.textContent = (file.name.split(".").pop() || "file").toUpperCase();
    }
    const remove = button("", "×", () => {
      this.files.splice(place, 1);
      this.drawTray();
    });
    remove.setAttribute("aria-label", `Leave out ${file.name}`);
    const name = element("p", "", `${sizeWords(file.size)} · ${file.name}`);
    name.title = file.name;
    return element("div", "tray-file", preview, name, remove);
  }

  refresh() {
    const hasSomething = this.text.value.trim() || this.files.length;
    byId("send").disabled = this.isSending || !hasSomething;
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
    const typed = this.text.value;
    this.offerCommands(/^\/\w*$/.test(typed) && this.chat?.type === "private" ? typed : null);
  }

  onKey(event) {
    const isSend = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (isSend && matchMedia("(hover: hover)").matches) {
      event.preventDefault();
      this.submit();
    }
    if (event.key === "Escape") this.reply(null);
  }

  offerCommands(typed) {
    const fitting = this.commands.filter((item) => typed !== null && `/${item.command}`.startsWith(typed));
    byId("commands").hidden = !fitting.length;
    byId("commands").replaceChildren(...fitting.map((item) => this.drawCommand(item)));
  }

  drawCommand(item) {
    const line = element("span", "", element("b", "", `/${item.command}`), ` ${item.description}`);
    const pick = button("", line, () => {
      this.text.value = "";
      this.offerCommands(null);
      this.say(`/${item.command}`);
    });
    return element("li", "", pick);
  }

  drawKeyboard() {
    const rows = this.chat?.keyboard?.keyboard || [];
    byId("reply-keyboard").hidden = !rows.length;
    byId("reply-keyboard").replaceChildren(
      ...rows.map((row) => element("div", "keys-row", ...row.map((key) => this.drawAnswerKey(key)))),
    );
  }

  drawAnswerKey(key) {
    const label = typeof key === "string" ? key : key.text;
    return button("key", label, () => {
      if (this.chat.keyboard.one_time_keyboard) this.chat.keyboard = null;
      this.drawKeyboard();
      this.say(label);
    });
  }

  listenToDrops() {
    const veil = byId("drop");
    let depth = 0;
    const show = (change) => {
      depth = Math.max(0, depth + change);
      veil.hidden = depth === 0;
    };
    addEventListener("dragenter", (event) => { event.preventDefault(); show(1); });
    addEventListener("dragleave", () => show(-1));
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      depth = 0;
      show(0);
      if (this.chat) this.add(event.dataTransfer.files);
    });
  }
}

// Pictures and sounds alone go as what they are; everything else as the person chose.
function kindOf(files, chosen) {
  const all = (prefix) => files.length && files.every((file) => file.type.startsWith(prefix));
  if (chosen === "document") return "document";
  if (all("image/")) return "photo";
  if (all("audio/")) return "audio";
  // Subtitles and lists are no videos, whatever is chosen.
  const isVideo = (file) => file.type.startsWith("video/") || /\.(mkv|mp4|mov|webm)$/i.test(file.name);
  return files.every(isVideo) ? "video" : "document";
}
