// Single keys for the desk. They are silent in boxes, and everybody can switch them off on their own device.
const KEPT = "parvis-shortcuts";

export function start([help]) {
  const box = help.querySelector("[data-shortcuts-switch]");
  box.checked = isOn();
  box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (help.open || (!isOn() && event.key !== "?")) return;
    const act = actions[event.key];
    if (act?.(help)) event.preventDefault();
  });
  for (const opener of document.querySelectorAll("[data-shortcuts-open]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => help.showModal());
  }
}

const actions = {
  "?": (help) => (help.showModal(), true),
  "/": () => focus("[data-search]"),
  j: () => step(1),
  k: () => step(-1),
  x: () => tick(false),
  X: () => tick(true),
  m: () => follow("[data-many] button[type=submit]"),
  g: () => follow("[data-key-next] button"),
  z: () => follow("[data-key-undo] button"),
  n: () => follow("[data-key-new]"),
  a: () => open("[data-key-assign]"),
  ".": () => open("[data-key-moves]"),
};

function tick(isRange) {
  const box = document.activeElement?.closest("[data-row]")?.querySelector('input[form="many"]');
  box?.dispatchEvent(new CustomEvent("tick", { bubbles: true, detail: { isRange } }));
  return Boolean(box);
}

function isOn() {
  return localStorage.getItem(KEPT) !== "off" && document.body.dataset.shortcuts !== "off";
}

function isTyping(target) {
  if (target.matches?.("input[type=checkbox]")) return false;
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function focus(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  found?.select?.();
  return Boolean(found);
}

function follow(selector) {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
}

function open(selector) {
  const found = document.querySelector(selector);
  if (!found) return false;
  const details = found.closest("details");
  if (details) details.open = true;
  const first = found.matches("a, button, input, select, summary") ? found : found.querySelector("a, button, input:not([type=hidden]), select, summary");
  first?.focus();
  found.scrollIntoView({ block: "nearest" });
  return true;
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row] a[data-row-link], tr[data-row] th a")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next].focus();
  return true;
}
