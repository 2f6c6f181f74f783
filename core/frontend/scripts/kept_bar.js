// Says on any page that something kept on this device waits to be sent.
import { all } from "./kept.js";
import { sendButton } from "./kept_sending.js";
import { made, words } from "./kept_words.js";

export async function start() {
  if (document.querySelector("[data-offline-form]")) return;
  const forms = await all().catch(() => []);
  if (!forms.length) return;
  const said = words();
  const state = made("p", { role: "status", className: "small" });
  const buttons = made("p", { className: "kept-bar__buttons" });
  if (forms.length === 1) buttons.append(sendButton(forms[0], (what) => (state.textContent = what), "button button--small"));
  const away = document.body.dataset.language === "en" ? "/en/offline" : "/fr/hors-ligne";
  const see = forms.length === 1 ? forms[0].key : away;
  buttons.append(made("a", { href: see, textContent: said.see }));
  const heading = said.waiting(forms.length, forms[0].title);
  const bar = made("section", { className: "kept-bar" }, made("div", { className: "wrap" }, made("p", {}, made("strong", { textContent: heading })), buttons, state));
  bar.setAttribute("aria-label", said.title);
  document.querySelector("main").before(bar);
}
