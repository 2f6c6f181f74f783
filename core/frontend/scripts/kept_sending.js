// A button that sends a form kept here: pressed once, never by itself.
import { send } from "./kept.js";
import { made, words } from "./kept_words.js";

export function sendButton(form, tell, className = "button") {
  const said = words();
  const button = made("button", { type: "button", className, textContent: said.send });
  button.addEventListener("click", () => press(button, form, tell));
  return button;
}

export async function press(button, form, tell) {
  const said = words();
  button.disabled = true;
  tell(said.sending);
  try {
    const { at, heavy } = await send(form);
    if (at) location.assign(at);
    else tell(heavy ? said.heavy(heavy) : said.refused);
  } catch {
    tell(navigator.onLine ? said.refused : said.away);
  }
  button.disabled = false;
}
