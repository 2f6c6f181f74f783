// Everything kept on this device: to continue, to send, to erase.
import { all, erase } from "./kept.js";
import { sendButton } from "./kept_sending.js";
import { clock, made, words } from "./kept_words.js";

export async function start([place]) {
  const said = words();
  const forms = await all().catch(() => null);
  place.hidden = false;
  if (forms === null) return place.replaceChildren(made("p", { className: "banner banner--warn", textContent: said.cannot }));
  if (!forms.length) return (place.hidden = true);
  const list = made("ul", { className: "plain" }, ...forms.map((form) => row(form, said, () => start([place]))));
  place.replaceChildren(made("h2", { textContent: said.title }), list);
}

function row(form, said, again) {
  const state = made("p", { role: "status", className: "small" });
  const gone = made("button", { type: "button", className: "button button--quiet", textContent: said.erase });
  gone.addEventListener("click", () => erase(form.key).then(again));
  const way = made("a", { href: form.key, textContent: form.title });
  const at = made("p", { className: "small muted", textContent: said.kept(clock(form.at)) });
  const buttons = made("p", { className: "buttons" }, sendButton(form, (what) => (state.textContent = what)), gone);
  return made("li", { className: "panel" }, made("p", {}, way), at, buttons, state);
}
