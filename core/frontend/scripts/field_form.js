// A checklist that this device keeps while it is filled in, photos too; finished by one press, sent when there is network.
import { dropPhotos, erase, forgetPages, keep, keepPhoto, keptFor, one, person, photo } from "./field_store.js";
import { sendAll, token } from "./field_sending.js";
import { trouble, words } from "./field_words.js";
import { clock } from "./kept_words.js";

const PAUSE = 600;
const OURS = ["_csrf", "_key"];

export async function start([form]) {
  const sheet = new Sheet(form);
  await sheet.begin().catch(() => sheet.tell(sheet.said.cannot, "warn"));
}

class Sheet {
  constructor(form) {
    this.form = form;
    this.visit = form.dataset.visit;
    this.said = words();
    this.state = document.querySelector("[data-field-state]");
    this.eraser = form.querySelector("[data-field-erase]");
    this.turn = Promise.resolve();
  }

  async begin() {
    if (keptFor() && keptFor() !== person()) await forgetPages();
    if (navigator.onLine) await token().catch(() => null); // without it, what is kept is still here to be gone on with
    this.before = await one(person(), this.visit);
    if (this.before) await this.fill(this.before);
    for (const kind of ["input", "change"]) this.form.addEventListener(kind, () => this.soon());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.finish();
    });
    this.eraser.hidden = false;
    this.eraser.addEventListener("click", () => this.erase());
    this.form.dataset.ready = "";
  }

  tell(what, kind = "") {
    this.state.className = `banner${kind && ` banner--${kind}`}`;
    this.state.textContent = what;
    this.state.hidden = !what;
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.keep(false), PAUSE);
  }

  // One writing after the other: a slow one must not overtake a later one.
  keep(ready) {
    clearTimeout(this.waiting);
    this.turn = this.turn.then(() => this.write(ready)).catch(() => this.tell(this.said.cannot, "warn"));
    return this.turn;
  }

  async write(ready) {
    const entries = [], photos = [];
    for (const [name, value] of new FormData(this.form)) {
      if (OURS.includes(name)) continue;
      if (!(value instanceof File)) entries.push([name, value]);
      else if (value.size) {
        const mark = await markOf(name, value);
        await keepPhoto(person(), this.visit, mark, value);
        photos.push({ field: name, mark, name: value.name, type: value.type, at: value.lastModified });
      }
    }
    const { key = this.form.elements._key.value, sent = {} } = this.before ?? {};
    this.before = { key, sent, title: this.form.dataset.title, entries, photos, at: Date.now(), why: "", ready };
    await keep(person(), this.visit, this.before);
    await dropPhotos(person(), this.visit, photos.map(({ mark }) => mark));
    this.tell(this.said.kept(clock(this.before.at)), "ok");
    return true;
  }

  async finish() {
    const wrong = this.wrong();
    if (wrong) return this.tell(wrong, "bad"), this.state.scrollIntoView({ block: "center" });
    this.form.elements.made_at.value = new Date().toISOString();
    if (!(await this.keep(true))) return;
    if (!navigator.onLine) return location.assign("/bureau/terrain");
    const button = this.form.querySelector("[type=submit]");
    button.disabled = true;
    let sent = false;
    try {
      const { busy } = await sendAll([this.visit], (work, state, more) => {
        sent ||= state === "sent";
        this.tell(typeof this.said[state] === "function" ? this.said[state](more) : this.said[state], { sent: "ok", refused: "bad" }[state]);
      });
      if (busy) this.tell(this.said.busy, "warn");
      if (sent) location.assign("/bureau/terrain");
    } catch (error) {
      this.tell(trouble(error, this.said), "warn");
      if (error instanceof TypeError) location.assign("/bureau/terrain");
    }
    button.disabled = false;
    this.state.scrollIntoView({ block: "center" });
  }

  // The same rules as the town's, so that nobody learns of a gap after having left the site.
  wrong() {
    const { elements } = this.form;
    if (elements.outcome.value === "missed") return elements.words.value.trim() ? "" : this.said.why;
    const open = [], silent = [], blind = [];
    for (const point of this.form.querySelectorAll("[data-point]")) {
      const code = point.dataset.point;
      const title = point.querySelector("legend").textContent.trim();
      const finding = elements[`points.${code}.finding`].value;
      if (!finding) open.push(title);
      if (finding !== "not_ok") continue;
      if (!elements[`points.${code}.note`].value.trim()) silent.push(title);
      const has = point.querySelector("input[type=file]").files.length || point.querySelector("[data-kept] :checked");
      if ("photoDue" in point.dataset && !has) blind.push(title);
    }
    const said = [[open, this.said.missing], [silent, this.said.toCorrect], [blind, this.said.toPhotograph]];
    return said.filter(([names]) => names.length).map(([names, say]) => say(names.join(", "))).join(" ");
  }

  async fill(before) {
    const boxes = this.form.querySelectorAll("input:not([type=file]):not([type=hidden]), textarea");
    for (const box of boxes) if (box.type === "radio" || box.type === "checkbox") box.checked = false;
    for (const [name, value] of before.entries) {
      for (const box of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (box.type === "radio" || box.type === "checkbox") box.checked ||= box.value === value;
        else if (box.type !== "file" && !OURS.includes(name) && name !== "_corrects") box.value = value;
      }
    }
    for (const box of this.form.querySelectorAll("input[type=file]")) {
      const held = new DataTransfer();
      for (const each of before.photos.filter(({ field }) => field === box.name)) {
        const file = await photo(person(), this.visit, each);
        if (file) held.items.add(file);
      }
      if (!held.files.length) continue;
      box.files = held.files;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const state = before.why ? this.said.refused(before.why) : this.said.kept(clock(before.at));
    this.tell(state, before.why ? "bad" : "ok");
  }

  async erase() {
    clearTimeout(this.waiting);
    await this.turn;
    await erase(person(), this.visit).catch(() => null);
    location.reload();
  }
}

// The same photo of the same question has the same mark, however often it is kept or sent.
async function markOf(name, { name: file, size, lastModified }) {
  const said = new TextEncoder().encode([name, file, size, lastModified].join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", said));
  return [...digest.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
