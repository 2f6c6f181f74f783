// Says that somebody writes here while words wait to be sent, and shows who else does; told once, by the line itself.
const EVERY = 20_000;
const FORGOTTEN = 30 * 60_000; // a page that nobody has touched for so long asks no more, so that its session can end

export function start([line]) {
  new Presence(line);
}

class Presence {
  constructor(line) {
    this.address = line.dataset.presence;
    this.isForm = "presenceForm" in line.dataset; // a page of its own to write on: written on as long as it is open
    this.shown = line.querySelector("p");
    this.words = this.shown.querySelector("span");
    this.isSaid = false;
    this.saidAt = -EVERY;
    this.touchedAt = Date.now();
    for (const kind of ["input", "keydown", "pointerdown"]) addEventListener(kind, () => (this.touchedAt = Date.now()));
    addEventListener("input", () => this.isWriting() && this.isTime() && this.tick());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && this.tick());
    document.addEventListener("visibilitychange", () => this.tick());
    setInterval(() => this.tick(), EVERY);
    if (this.isWriting()) this.tick();
  }

  isWriting() {
    if (this.isForm) return true;
    return [...document.querySelectorAll("main form[method=post] :is(textarea, input[type=text])")].some((box) =>
      box.matches("textarea") ? box.value.trim() : box.value !== box.defaultValue,
    );
  }

  isTime() {
    return Date.now() - this.saidAt >= EVERY;
  }

  async tick() {
    if (document.hidden || Date.now() - this.touchedAt > FORGOTTEN) return;
    const isWriting = this.isWriting();
    const body = isWriting ? this.said() : this.isSaid ? this.said("left") : null;
    this.isSaid = isWriting;
    if (isWriting) this.saidAt = Date.now();
    try {
      const answer = await fetch(this.address, body ? { method: "POST", body } : { cache: "no-store" });
      if (answer.ok && !answer.redirected) this.show((await answer.json()).words);
    } catch {
      // away for a moment: the next time says it again
    }
  }

  said(...more) {
    const body = new FormData();
    body.set("_csrf", document.querySelector("main [name=_csrf]").value);
    for (const name of more) body.set(name, "1");
    return body;
  }

  leave() {
    if (this.isSaid) navigator.sendBeacon(this.address, this.said("left"));
    this.isSaid = false;
    this.saidAt = -EVERY;
  }

  show(words) {
    if (words === this.words.textContent) return;
    this.words.textContent = words;
    this.shown.hidden = !words;
  }
}
