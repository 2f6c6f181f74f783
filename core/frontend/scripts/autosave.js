// Keeps what is typed while it is typed, so that a closed tab loses nothing; files travel only with a press.
const PAUSE = 1500;

export function start(forms) {
  for (const form of forms) new Keeper(form);
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-autosaved]");
    this.isOver = false;
    for (const kind of ["input", "change", "placechosen", "placeforgotten"]) form.addEventListener(kind, () => this.soon());
    form.addEventListener("submit", (event) => (navigator.onLine ? this.stop() : this.stay(event)));
    addEventListener("online", () => this.isTyped && this.soon());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && (this.isOver = false));
    document.addEventListener("visibilitychange", () => document.hidden && this.leave());
    if ([...form.elements].some(isTypedInto)) this.soon(); // before this script was there
  }

  soon() {
    this.isTyped = true;
    this.waiting ??= setTimeout(() => this.keep(), PAUSE);
  }

  // Without network a press would end on a page of the browser's own; here every word stays where it is.
  stay(event) {
    event.preventDefault();
    this.isTyped = true;
    this.line.setAttribute("role", "alert");
    this.say(this.line.dataset.away);
    this.line.scrollIntoView({ block: "nearest" });
  }

  leave() {
    if (this.isTyped) this.keep({ keepalive: true });
  }

  stop() {
    this.isOver = true;
    this.isTyped = false;
    clearTimeout(this.waiting);
    this.waiting = undefined;
    this.sending?.abort();
  }

  async keep(more = {}) {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    if (this.isOver || !navigator.onLine) return;
    this.isTyped = false;
    this.sending?.abort();
    this.sending = new AbortController();
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: this.typed(), signal: this.sending.signal, ...more });
      const said = answer.ok ? await answer.json() : {};
      if (said.kept) this.tell(said.at);
      else if (answer.status >= 500) this.isTyped = true;
      else this.isOver = true; // sent or changed elsewhere, or refused: the next press says what is the matter
    } catch {
      this.isTyped = true; // away for a moment, or overtaken by a press: the page still holds every word
    }
  }

  typed() {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("_keep", "1");
    return body;
  }

  tell(at) {
    // An address that begins another one would begin one more when it is loaded again.
    if (at && new URLSearchParams(location.search).has("autre")) history.replaceState(history.state, "", at);
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
    this.line.removeAttribute("role"); // shown, not read out at every pause
    this.say(`${this.line.dataset.kept} ${time.format(new Date())}`);
  }

  say(words) {
    this.line.textContent = words;
    this.line.hidden = false;
  }
}

function isTypedInto(field) {
  if (["hidden", "file", "submit", "button"].includes(field.type)) return false;
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
}
