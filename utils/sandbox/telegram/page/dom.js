// Small helpers for building elements and for words about sizes and times.

export const byId = (id) => document.getElementById(id);

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(className, label, onClick) {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

export function avatarOf(target, chat) {
  target.textContent = (chat.name || "?").slice(0, 1).toUpperCase();
  target.classList.toggle("public", chat.type !== "private");
  target.style.setProperty("--hue", String(Math.abs(chat.id * 37) % 360));
  return target;
}

export function sizeWords(bytes) {
  if (bytes === null || bytes === undefined) return "";
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function durationWords(seconds) {
  if (!seconds) return "";
  const rest = String(seconds % 60).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${rest}`;
}

export const timeWords = (unix) =>
  new Date(unix * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

export const dayWords = (unix) =>
  new Date(unix * 1000).toLocaleDateString([], { day: "numeric", month: "long" });

let toastTimer = 0;

export function toast(text) {
  const target = byId("toast");
  target.textContent = text;
  target.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { target.hidden = true; }, 4000);
}

export function alertBox(text) {
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}
