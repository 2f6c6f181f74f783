// The round on a phone: gets its pages ready for places without network, shows what is kept here, sends on one press.
import { all, forgetPages, keptFor, person } from "./field_store.js";
import { sendReady, token } from "./field_sending.js";
import { trouble, words } from "./field_words.js";
import { made } from "./kept_words.js";

export async function start([place]) {
  const day = new Day(place);
  await day.begin().catch(() => day.tell(day.said.cannot, "warn"));
}

class Day {
  constructor(place) {
    this.place = place;
    this.said = words();
    this.bar = place.querySelector("[data-field-bar]");
    this.state = place.querySelector("[data-field-state]");
    this.list = place.querySelector("[data-field-list]");
    this.button = place.querySelector("[data-field-send]");
    this.signIn = place.querySelector("[data-field-sign-in]");
  }

  async begin() {
    this.button.addEventListener("click", () => this.send());
    if (keptFor() && keptFor() !== person()) await forgetPages();
    const trouble = navigator.onLine ? await token().then(() => null, (error) => error) : null;
    await this.show();
    if (trouble) return this.explain(trouble);
    if (this.place.dataset.kept && navigator.onLine) await this.getReady(JSON.parse(this.place.dataset.kept));
  }

  tell(what, kind = "") {
    this.bar.hidden = false;
    this.bar.className = `banner${kind && ` banner--${kind}`}`;
    this.state.textContent = what;
  }

  // Every page of the round as it is now, with the scripts and styles that it needs.
  async getReady({ pages, files }) {
    const language = document.body.dataset.language;
    navigator.serviceWorker?.register(`/sw.js?langue=${language}`).catch(() => null);
    this.tell(this.said.getting);
    const cache = await caches.open("field");
    await cache.addAll(files);
    let ready = 0;
    for (const path of pages) {
      const answer = await fetch(path, { headers: { accept: "text/html" }, cache: "no-store" }).catch(() => null);
      if (!answer?.ok || answer.redirected) continue;
      await cache.put(path, answer);
      ready += 1;
    }
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      if (!pages.includes(pathname) && !files.includes(pathname)) await cache.delete(request); // of a former round
    }
    this.place.dataset.ready = ready;
    this.tell(this.said.ready(Math.max(0, ready - 1), pages.length - 1), "ok");
    await this.show();
  }

  async show() {
    const works = await all(person());
    const ready = works.filter((work) => work.ready);
    this.list.replaceChildren(...works.map((work) => this.row(work)));
    this.button.hidden = !ready.length;
    this.button.textContent = this.said.send(ready.length);
    if (works.length) this.bar.hidden = false;
    for (const work of works) this.mark(work.visit, work.why ? "refused" : work.ready ? "waits" : "begun", work.why);
  }

  row(work) {
    const way = made("a", { href: `/bureau/terrain/${work.visit}`, textContent: work.title });
    const what = made("span", { className: "small" });
    const item = made("li", {}, way, " – ", what);
    item.dataset.work = work.visit;
    what.textContent = work.why ? this.said.refused(work.why) : work.ready ? this.said.waits : this.said.begun;
    return item;
  }

  mark(visit, state, more = "") {
    const said = this.said[state];
    const what = typeof said === "function" ? said(more) : said;
    const stop = this.place.querySelector(`[data-visit="${visit}"] [data-visit-state]`);
    const line = this.list.querySelector(`[data-work="${visit}"] span`);
    if (stop) Object.assign(stop, { textContent: what, className: `chip chip--${{ sent: "ok", refused: "bad" }[state] ?? "info"}` });
    if (line) line.textContent = what;
  }

  async send() {
    this.button.disabled = true;
    this.signIn.hidden = true;
    try {
      const { busy } = await sendReady((work, state, more) => this.mark(work.visit, state, more));
      this.tell(busy ? this.said.busy : "", busy ? "warn" : "");
    } catch (error) {
      this.explain(error);
    }
    this.button.disabled = false;
    await this.settle();
  }

  explain(error) {
    this.signIn.hidden = !error.isSignIn;
    this.tell(trouble(error, this.said), "warn");
  }

  // What was sent keeps its line until the page is loaded again, so that one sees that it went.
  async settle() {
    const works = await all(person());
    const ready = works.filter((work) => work.ready).length;
    this.button.hidden = !ready;
    this.button.textContent = this.said.send(ready);
  }
}
