// A whole form that this device keeps while it is written, photos too, and gives back after a reload without network.
import { erase, keep, one } from "./kept.js";
import { press } from "./kept_sending.js";
import { clock, words } from "./kept_words.js";

const PAUSE = 800;

export function start([form]) {
  new Offline(form).begin();
}

class Offline {
  constructor(form) {
    this.form = form;
    this.key = new URL(form.action).pathname;
    this.said = words();
    this.states = document.querySelectorAll("[data-offline-state]");
    this.sender = form.querySelector("[data-offline-send]");
  }

  async begin() {
    const before = await one(this.key).catch(() => this.tell(this.said.cannot, "warn"));
    this.token = before?.token;
    if (before) this.fill(before);
    this.form.hidden = false;
    this.form.addEventListener("input", () => this.soon());
    this.form.addEventListener("change", () => this.soon());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
    });
    this.sender.addEventListener("click", () => this.send());
    this.form.querySelector("[data-offline-erase]").addEventListener("click", () => this.erase());
    for (const kind of ["online", "offline"]) addEventListener(kind, () => this.showNetwork());
    this.offerPosition();
    this.showNetwork(Boolean(before));
  }

  showNetwork(isKept = true) {
    this.sender.hidden = !navigator.onLine;
    for (const each of document.querySelectorAll("[data-online-only]")) each.hidden = !navigator.onLine;
    if (navigator.onLine && isKept) this.tell(this.said.back);
  }

  tell(words, kind = "") {
    for (const state of this.states) {
      state.className = `banner${kind && ` banner--${kind}`}`;
      state.textContent = words;
      state.hidden = false;
    }
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.keep(), PAUSE);
  }

  entries() {
    const isGiven = (value) => (value instanceof File ? value.size > 0 : value !== "");
    return [...new FormData(this.form)].filter(([, value]) => isGiven(value));
  }

  async keep() {
    clearTimeout(this.waiting);
    const { title, door } = this.form.dataset;
    const kept = { key: this.key, title, door, token: this.token, at: Date.now(), entries: this.entries() };
    try {
      await keep(kept);
      this.tell(this.said.kept(clock(kept.at)), "ok");
      return kept;
    } catch {
      this.tell(this.said.cannot, "warn");
      return kept;
    }
  }

  async send() {
    await press(this.sender, await this.keep(), (words) => this.tell(words));
  }

  async erase() {
    clearTimeout(this.waiting);
    await erase(this.key).catch(() => null);
    this.token = undefined;
    this.form.reset();
    for (const box of this.form.querySelectorAll('input[name^="place.l"]')) box.value = "";
    for (const button of this.form.querySelectorAll(".files button")) button.click();
    clearTimeout(this.waiting);
    this.tell(this.said.erased);
  }

  fill({ entries }) {
    const files = new Map();
    for (const [name, value] of entries) {
      if (value instanceof Blob) files.set(name, [...(files.get(name) ?? []), value]);
      else this.put(name, value);
    }
    for (const [name, each] of files) {
      const box = this.form.querySelector(`input[type=file][name="${CSS.escape(name)}"]`);
      const held = new DataTransfer();
      for (const file of each) held.items.add(file);
      if (!box) continue;
      box.files = held.files;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (this.form.elements["place.lon"].value) this.form.querySelector("[data-position-state]").textContent = this.said.held;
    this.form.dispatchEvent(new Event("input"));
  }

  put(name, value) {
    for (const box of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (box.type === "radio" || box.type === "checkbox") box.checked ||= box.value === value;
      else if (box.type !== "file") box.value = value;
    }
  }

  offerPosition() {
    const button = this.form.querySelector("[data-position]");
    const state = this.form.querySelector("[data-position-state]");
    if (!navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      state.textContent = this.said.taking;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          this.put("place.lon", coords.longitude.toFixed(6));
          this.put("place.lat", coords.latitude.toFixed(6));
          state.textContent = this.said.taken(Math.max(1, Math.round(coords.accuracy)));
          this.soon();
        },
        () => (state.textContent = this.said.refusedPosition),
        { enableHighAccuracy: true, timeout: 15_000 },
      );
    });
  }
}
