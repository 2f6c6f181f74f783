// Keeps a page true while it is open: at each piece of news the marked parts are fetched again and put in place.
const AT_ONCE = 1000; // a stream that opens within these milliseconds after its page has missed hardly anything

export function start([first]) {
  let source, isBusy, comesAgain, wasOpen;

  async function bringUpToDate() {
    comesAgain = isBusy; // what happens while it is fetched is fetched after it
    if (isBusy) return;
    isBusy = true;
    try {
      await refresh();
    } catch {
      // Without a way to the town there is no stream either, and the next one begins with this again.
    }
    isBusy = false;
    if (comesAgain) await bringUpToDate();
  }

  function listen() {
    source = new EventSource(first.dataset.live);
    source.addEventListener("changed", bringUpToDate);
    source.addEventListener("open", () => {
      // What happened between two streams, or between the page and its first one, is told by none.
      const isFresh = !wasOpen && performance.now() - pageCame() < AT_ONCE;
      wasOpen = true;
      if (!isFresh) bringUpToDate();
    });
  }

  listen();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
}

function pageCame() {
  return performance.getEntriesByType("navigation")[0]?.responseEnd ?? 0;
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
