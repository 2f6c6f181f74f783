// On every page of the desk of a device that was on site: whoever leaves takes the round with them, and hears first of
// what is not sent; whoever comes after them finds nothing of theirs.
import { count, forgetPages, keptFor, person } from "./field_store.js";
import { words } from "./field_words.js";
import { made } from "./kept_words.js";

export async function start() {
  if (person() && keptFor() !== person()) await forgetPages();
  const form = document.querySelector('form[action="/deconnexion"]');
  if (!form) return;
  let isTold = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const waiting = isTold ? 0 : await count(person()).catch(() => 0);
    if (waiting) {
      isTold = true;
      return tell(waiting);
    }
    await forgetPages().catch(() => null);
    form.submit();
  });
}

function tell(waiting) {
  const said = words();
  const way = made("a", { href: "/bureau/terrain", textContent: said.toRound });
  const text = made("div", {}, made("p", { textContent: said.leaving(waiting) }), made("p", {}, way));
  const banner = made("div", { className: "banner banner--warn" }, text);
  banner.setAttribute("role", "alert");
  banner.tabIndex = -1;
  document.querySelector("main .wrap").prepend(banner);
  banner.focus();
}
