// Suggests addresses while one is typed: the combobox pattern of ARIA 1.2, with a plain text box underneath.
const WORDS = {
  fr: { list: "Adresses proposées", none: "Aucune adresse trouvée.", some: (n) => `${n} adresse${n > 1 ? "s" : ""}. Flèches pour choisir.` },
  en: { list: "Suggested addresses", none: "No address found.", some: (n) => `${n} address${n === 1 ? "" : "es"}. Arrow keys to choose.` },
};
const PAUSE = 200;
const LEAST = 3;

export function start(frames) {
  for (const frame of frames) new Suggestions(frame);
}

class Suggestions {
  constructor(frame) {
    this.frame = frame;
    this.box = frame.querySelector("input");
    this.words = WORDS[document.body.dataset.language] ?? WORDS.en;
    this.found = [];
    this.at = -1;
    this.build();
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("blur", () => this.left());
    if (document.activeElement === this.box && this.box.value !== this.box.defaultValue) this.typed(); // before this script came
  }

  build() {
    const id = `${this.box.id}-list`;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id, className: "suggest__list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.words.list);
    this.status = document.createElement("p");
    this.status.className = "govuk-visually-hidden";
    this.status.setAttribute("role", "status");
    this.frame.append(this.list, this.status);
    const attributes = { role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off" };
    for (const [name, value] of Object.entries(attributes)) this.box.setAttribute(name, value);
    // Before the box loses focus, or the click would never arrive.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("li");
      if (item) this.choose(Number(item.dataset.number));
    });
  }

  typed() {
    this.forgetPoint();
    clearTimeout(this.waiting);
    this.asking?.abort();
    const words = this.box.value.trim();
    if (words.length < LEAST) return this.close();
    this.waiting = setTimeout(() => this.ask(words), PAUSE);
  }

  // Nothing may open any more over the questions that come next.
  left() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    setTimeout(() => this.close(), 150);
  }

  async ask(words) {
    this.asking = new AbortController();
    try {
      const answer = await fetch(`${this.frame.dataset.suggest}?q=${encodeURIComponent(words)}`, {
        headers: { accept: "application/json" },
        signal: this.asking.signal,
      });
      if (answer.ok) this.show((await answer.json()).slice(0, 8));
    } catch {
      this.close(); // the box itself still takes any address
    }
  }

  show(found) {
    this.found = found;
    this.at = -1;
    this.list.replaceChildren(
      ...found.map((each, number) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${number}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.dataset.number = number;
        item.textContent = each.text;
        const more = [each.place, each.note].filter(Boolean).join(" · ");
        if (more) item.append(Object.assign(document.createElement("small"), { textContent: ` ${more}` }));
        return item;
      }),
    );
    this.status.textContent = found.length ? this.words.some(found.length) : this.words.none;
    this.list.hidden = !found.length;
    this.box.setAttribute("aria-expanded", String(found.length > 0));
    this.box.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      return this.close();
    }
    if (this.list.hidden) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      const count = this.found.length;
      this.mark((this.at + steps[event.key] + count + (this.at < 0 && event.key === "ArrowUp" ? 1 : 0)) % count);
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.choose(this.at);
    }
  }

  mark(number) {
    this.at = number;
    [...this.list.children].forEach((item, each) => item.setAttribute("aria-selected", String(each === number)));
    this.list.children[number].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", this.list.children[number].id);
  }

  choose(number) {
    const { text, lon, lat } = this.found[number];
    this.box.value = text;
    this.close();
    this.setPoint(lon, lat);
    this.isSuggested = true;
    this.box.dispatchEvent(new CustomEvent("placechosen", { bubbles: true, detail: { lon, lat } }));
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // A point that came with a suggestion goes when its words change; one chosen on the map stays.
  forgetPoint() {
    if (!this.isSuggested) return;
    this.isSuggested = false;
    this.setPoint("", "");
    this.box.dispatchEvent(new CustomEvent("placeforgotten", { bubbles: true }));
  }

  setPoint(lon, lat) {
    const { lon: lonId, lat: latId } = this.frame.dataset;
    if (!lonId) return;
    document.getElementById(lonId).value = lon ?? "";
    document.getElementById(latId).value = lat ?? "";
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }
}
