// Shows the request of a line beside the list, on wide screens: by a press on the line, and while keys walk through it.
const WIDE = matchMedia("(min-width: 80em)");
const SENT = "parvis-sent"; // the boxes whose words were under way when the page went
const REST = 200; // milliseconds on one line before its request is asked for

export function start([split]) {
  let waits, asked, coming;
  const link = (row) => row.querySelector("a.row-words");
  const rowOf = (reference) => link && [...split.querySelectorAll("[data-row]")].find((row) => named(link(row)) === reference);
  const pane = () => split.querySelector("#apercu");

  // True once the request of the line stands beside the list. What is begun there stays, whenever it was begun.
  async function show(row) {
    const reference = named(link(row));
    if (asked === reference && coming) return coming;
    asked = reference;
    if (pane()?.dataset.previewOf === reference) return true;
    if (isBegun(pane())) return warn(pane());
    if (!row.contains(document.activeElement)) row.querySelector("th a").focus({ preventScroll: true }); // for keys
    const mine = (coming = bring(row, reference));
    return mine.finally(() => coming === mine && (coming = null));
  }

  async function bring(row, reference) {
    const { href } = link(row);
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const address = new URL(href);
    if (next) address.searchParams.set("suivante", named(link(next)));
    const answer = await fetch(address, { headers: { accept: "text/html", "x-parvis-part": "apercu" } });
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#apercu");
    if (asked !== reference) return false; // somebody has gone on meanwhile
    if (isBegun(pane())) return warn(pane());
    if (!answer.ok || answer.redirected || !part) return void location.assign(href);
    pane()?.remove();
    split.append(part);
    putBack(part);
    mark(row);
    history.replaceState(history.state, "", href);
    part.dispatchEvent(new CustomEvent("part", { bubbles: true }));
    return true;
  }

  function mark(chosen) {
    for (const row of split.querySelectorAll("[data-row]")) {
      row.classList.toggle("is-current", row === chosen);
      if (row === chosen) link(row).setAttribute("aria-current", "true");
      else link(row).removeAttribute("aria-current");
    }
  }

  split.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    const pressed = event.target.closest("a, button, input, label");
    const isOurs = row && (!pressed || pressed === link(row));
    const closing = event.target.closest("[data-preview-close]");
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if ((closing || (isOurs && pressed)) && isBegun(pane())) {
      event.preventDefault();
      warn(pane());
    } else if (!WIDE.matches) {
      return;
    } else if (closing) {
      event.preventDefault();
      close(closing.href);
    } else if (isOurs) {
      event.preventDefault();
      show(row);
    }
  });

  function close(href) {
    const row = rowOf(pane().dataset.previewOf);
    asked = null;
    pane().remove();
    mark(null);
    history.replaceState(history.state, "", href);
    row?.querySelector("th a").focus();
  }

  split.addEventListener("focusin", ({ target }) => {
    clearTimeout(waits);
    if (pane()?.contains(target)) asked = null; // somebody works on this one: no other takes its place meanwhile
    const row = target.closest("[data-row]");
    if (row && pane() && WIDE.matches && target.matches("th a")) waits = setTimeout(() => show(row), REST);
  });

  // A key wants to act on a line: what comes of it is said, unless there is no room beside the list.
  split.addEventListener("beside", (event) => {
    if (!WIDE.matches && !isBegun(pane())) return;
    event.preventDefault();
    event.detail.come(show(event.target));
  });

  keepWords(split);
  if (pane()) putBack(pane());

  // Back from a step that was made beside the list: one goes on with the request that is chosen now.
  if (pane() && WIDE.matches) rowOf(pane().dataset.previewOf)?.querySelector("th a").focus({ preventScroll: false });
}

// Words begun beside the list stay in this tab, for this session of this person, until they are written or taken out:
// a press on the button may fail, and only the page that comes back knows what was done.
function keepWords(split) {
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  sessionStorage.removeItem(SENT);
  if (new URL(location.href).searchParams.has("fait")) for (const key of sent) sessionStorage.removeItem(key);
  split.addEventListener("input", ({ target }) => target.matches("#apercu textarea") && keep(target));
  split.addEventListener("submit", ({ target }) => {
    const boxes = [...target.querySelectorAll("#apercu textarea")];
    sessionStorage.setItem(SENT, JSON.stringify(boxes.map(keyOf)));
  });
}

function keep(box) {
  if (box.value.trim() === box.defaultValue.trim()) sessionStorage.removeItem(keyOf(box));
  else sessionStorage.setItem(keyOf(box), box.value);
}

function putBack(pane) {
  for (const box of pane.querySelectorAll("textarea")) {
    const words = box.id && box.value === box.defaultValue && !box.value && sessionStorage.getItem(keyOf(box));
    if (words) box.value = words;
    if (words) pane.querySelector("[data-preview-status]").textContent = pane.dataset.previewKept;
  }
}

function keyOf(box) {
  const { dataset } = box.closest("#apercu");
  return ["parvis-begun", dataset.previewFor, dataset.previewOf, box.id].join(" ");
}

function named(link) {
  return new URL(link.href).searchParams.get("apercu");
}

function isBegun(pane) {
  return [...(pane?.querySelectorAll("textarea") ?? [])].some((box) => box.value.trim() !== box.defaultValue.trim());
}

function warn(pane) {
  pane.querySelector("[data-preview-status]").textContent = pane.dataset.previewUnsent;
  pane.querySelector("#reply-words")?.focus();
  return false;
}
