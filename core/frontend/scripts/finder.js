// Looks things up while they are typed: what a press of Enter would show, shown without leaving the box. Where the form
// names its boxes in their order (`data-boxes`), Enter goes from each on to the next one: all is looked up already.
const PAUSE = 250;

export function start(forms) {
  for (const form of forms) new Finder(form);
}

class Finder {
  constructor(form) {
    this.form = form;
    form.addEventListener("input", (event) => event.target.matches("[data-find]") && this.soon());
    form.addEventListener("keydown", (event) => this.step(event));
    form.addEventListener("keydown", (event) => this.goOn(event));
    form.addEventListener("placechosen", () => this.soon());
    form.addEventListener("placeforgotten", () => this.soon());
    const typedBefore = [...form.querySelectorAll("[data-find]")].some((box) => box.value !== box.defaultValue);
    if (typedBefore) this.soon();
  }

  // From a box down into what was found for it, and up and down among that.
  step(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = event.target.closest("[data-find], .pick");
    const region = from?.closest(":is(section, .govuk-form-group):has([data-found])")?.querySelector("[data-found]");
    if (!by || !region || event.target.matches("textarea")) return;
    const picks = [...region.querySelectorAll(".pick")];
    const next = picks[picks.indexOf(from) + by];
    const box = region.parentElement.querySelector("[data-find]");
    if (!next && !(by < 0 && from === picks[0] && box)) return;
    event.preventDefault();
    (next ?? box).focus();
  }

  goOn(event) {
    const boxes = this.form.dataset.boxes?.split(" ") ?? [];
    const next = document.getElementById(boxes[boxes.indexOf(event.target.id) + 1]);
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.defaultPrevented || !next || !boxes.includes(event.target.id)) return;
    event.preventDefault();
    next.focus();
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const answer = await fetch(...this.question());
      if (answer.ok) this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The button and the Enter key still do the same.
    }
  }

  question() {
    const said = new FormData(this.form);
    for (const [name, value] of [...said]) if (value instanceof File) said.delete(name);
    const where = this.form.action.split("#")[0];
    const how = { headers: { accept: "text/html" }, signal: this.asking.signal };
    if (this.form.method === "get") return [`${where}?${new URLSearchParams(said)}`, how];
    said.set("_find", "1");
    return [where, { ...how, method: "POST", body: said }];
  }

  show(page) {
    for (const old of document.querySelectorAll("[data-found]")) {
      const fresh = page.getElementById(old.id);
      if (fresh && !old.contains(document.activeElement)) old.innerHTML = fresh.innerHTML;
    }
  }
}
