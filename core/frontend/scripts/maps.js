// Brings the map to the pages that have one, once somebody comes near it or does anything: until then nothing of it loads.
const SEEN = 0.15; // of the map, from which it is looked at
const SIGNS = ["pointerdown", "keydown", "focusin", "wheel", "scroll"];
const KINDS = {
  pick: () => import("./map_pick.js"),
  requests: () => import("./map_requests.js"),
  show: () => import("./map_show.js"),
};

export function start(frames) {
  for (const frame of frames) bringOnce(frame);
}

// An address may be picked, and the map of a list asked for, before the map has come: it is told of both when it has.
async function bringOnce(frame) {
  const stop = new AbortController();
  let chosen = null;
  let pressed = null;
  const address = document.getElementById(frame.dataset.address ?? "");
  address?.addEventListener("placechosen", ({ detail }) => (chosen = detail), stop);
  const button = isList(frame) ? document.querySelector("[data-list-switch] [data-view=carte]") : null;
  button?.addEventListener("click", () => (pressed = button), stop);
  await isWanted(frame, button);
  await bring(frame);
  stop.abort();
  if (chosen) address.dispatchEvent(new CustomEvent("placechosen", { bubbles: true, detail: chosen }));
  pressed?.click();
}

// A list shows its map beside it, or on a telephone in its place.
const isList = (frame) => frame.dataset.map === "requests";

function isWanted(frame, button) {
  return new Promise((done) => {
    const stop = new AbortController();
    const looking = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && now(), { threshold: SEEN });
    const now = () => {
      stop.abort();
      looking.disconnect();
      done();
    };
    looking.observe(frame.querySelector(".map__canvas"));
    const options = { signal: stop.signal, passive: true, capture: true };
    if (!isList(frame)) for (const sign of SIGNS) addEventListener(sign, now, options);
    button?.addEventListener("click", now, options);
  });
}

async function bring(frame) {
  const kind = KINDS[frame.dataset.map] ?? KINDS.show;
  const [{ open, show }] = await Promise.all([kind(), sheet(frame.dataset.style)]);
  frame.hidden = false;
  const map = open(frame);
  show(map, frame);
  frame.parvisMap = map;
}

const sheets = {};

function sheet(href) {
  return (sheets[href] ??= new Promise((done) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    document.head.append(link);
  }));
}
