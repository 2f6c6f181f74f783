// Keeps a page true while it is open: at each piece of news the marked parts are fetched again and put in place.
export function start([first]) {
  const source = new EventSource(first.dataset.live);
  let isBusy = false;
  source.addEventListener("changed", async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await refresh();
    } finally {
      isBusy = false;
    }
  });
  addEventListener("pagehide", () => source.close());
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live-part]")) {
    const next = fresh.querySelector(`[data-live-part="${CSS.escape(part.dataset.livePart)}"]`);
    // What somebody is typing in is left alone.
    if (next && !part.contains(document.activeElement)) part.replaceChildren(...next.childNodes);
  }
}
