// Single keys for the desk. They are silent in boxes, and everybody can switch them off on their own device.
const KEPT = "parvis-shortcuts";
const ROW_LINK = "a[data-row-link], th a:not(.row-words)";
const FIELDS = "input:not([type=hidden], [tabindex='-1']), select, textarea";
const FOCUSED = `a, button, summary, ${FIELDS}`;
const STEPS = "[data-key-more] .moves > *";

export function start([help]) {
  const box = help.querySelector("[data-shortcuts-switch]");
  box.checked = isOn();
  box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
  if (ASKED_FOR[location.hash] && isOn()) open(ASKED_FOR[location.hash]);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && send(event.target)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (help.open || isWaiting || (!isOn() && event.key !== "?")) return;
    const act = actions[event.key] ?? (/^[1-9]$/.test(event.key) && (() => openNumbered(event.key)));
    if (act && act(help)) event.preventDefault();
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
  o: () => visit(""),
  e: () => atHand(() => open("#reply-words") || visit("#reply-words"), "#reply-words"),
  x: () => tick(false),
  X: () => tick(true),
  m: () => follow("[data-many] button[type=submit]"),
  g: () => follow("[data-key-next] button"),
  z: () => follow("[data-key-undo] button"),
  n: () => follow("[data-key-new]"),
  a: () => atHand(() => open("[data-key-assign]") || visit("#assign"), "#assign"),
  t: () => atHand(() => follow("[data-key-take] button")),
  c: () => atHand(() => open("[data-key-note] textarea")),
  p: () => atHand(() => open("[data-key-said] textarea")),
  l: () => atHand(() => open("[data-key-tie] input[type=text]")),
  ".": () => atHand(openSteps),
};

// From any box of a form of the desk: what its main button does, or that of the part of the form in which the box stands.
// From elsewhere the form around, where it names its main button, or the one by which a page asks whether one is sure.
function send(box) {
  const isBox = box.matches?.("input, textarea, select");
  const form = isBox ? box.form : (box.closest?.("form:has([name=_send])") ?? document.querySelector("form[data-confirms]"));
  const first = "button[type=submit]:not([formaction], [tabindex='-1'])";
  const ofPart = [...(box.closest?.(".panel")?.querySelectorAll(first) ?? [])].find((each) => each.form === form);
  const button = form?.querySelector("[name=_send]") ?? ofPart ?? form?.querySelector(first);
  button?.click();
  return Boolean(button);
}

// What the address asks for on the page that one comes to: the box is opened, and one writes at once.
const ASKED_FOR = { "#reply-words": "#reply-words", "#assign": "[data-key-assign]" };

// A key acts on the request whose line is at hand. Where another one stands beside the list, its own comes first:
// beside the list where there is room, else one goes to its page and nothing is done yet.
let isWaiting = false;
function atHand(act, part = "") {
  const row = document.activeElement?.closest("[data-row]");
  const beside = document.querySelector("[data-preview-of]");
  if (!row || !beside || row.querySelector(ROW_LINK).pathname.endsWith(`/${beside.dataset.previewOf}`)) return act();
  const come = (coming) => {
    isWaiting = true;
    coming.then((is) => is && row.contains(document.activeElement) && act()).finally(() => (isWaiting = false));
  };
  const wanted = new CustomEvent("beside", { bubbles: true, cancelable: true, detail: { come } });
  return !row.dispatchEvent(wanted) || visit(part);
}

// The request whose line is at hand, or a part of it.
function visit(part) {
  const link = document.activeElement?.closest("[data-row]")?.querySelector(ROW_LINK);
  if (link) location.assign(link.href + part);
  return Boolean(link);
}

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
  for (let fold = found.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const first = found.matches(FOCUSED) ? found : found.querySelector(FOCUSED);
  first?.focus();
  found.scrollIntoView({ block: "nearest" });
  return true;
}

function openSteps() {
  if (!document.activeElement?.closest("[data-key-moves]")) return open("[data-key-moves]");
  document.querySelectorAll(STEPS).forEach((each, at) => (each.dataset.number = at + 1));
  return open("[data-key-more] .moves");
}

// One of the steps in the menu that a key has opened, by its number: one writes at once what it asks.
function openNumbered(number) {
  const chosen = document.activeElement?.closest("[data-key-more]")?.querySelector(`${STEPS}[data-number="${number}"]`);
  if (!chosen) return false;
  chosen.open = true;
  (chosen.querySelector(FIELDS) ?? chosen.querySelector("a, form button, summary")).focus();
  return true;
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row] a[data-row-link], tr[data-row] th a:not(.row-words)")];
  if (!rows.length) return false;
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row].is-current");
  const at = rows.findIndex((link) => row?.contains(link));
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next].focus();
  return true;
}
