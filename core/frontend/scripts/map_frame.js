// A map of the town in its frame: tiles where the town has some, its limits, streets and parks in any case.
import * as L from "./leaflet.js";
import { drawGround, drawLimits } from "./map_ground.js";

const PIN_SHAPE = "M12 31S1.5 19.5 1.5 11.5a10.5 10.5 0 0 1 21 0C22.5 19.5 12 31 12 31z";

export function open(frame) {
  const words = wordsOf(frame);
  const base = JSON.parse(frame.dataset.base || "null");
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(frame.querySelector(".map__canvas"), {
    zoomControl: false,
    attributionControl: false, // who is to be named stands under the map, in the page itself
    scrollWheelZoom: false,
    fadeAnimation: !isStill,
    zoomAnimation: !isStill,
    inertia: !isStill,
    zoomSnap: base ? 1 : 0.25, // without tiles any scale is as good
    maxZoom: Math.max(base?.zoom ?? 18, 18),
  });
  if (isStill) moveAtOnce(map);
  L.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  map.fitBounds(boundsOf(frame.dataset.bounds));
  // The wheel moves the page until somebody uses the map.
  map.on("focus mousedown", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  drawLimits(map, frame.dataset.territory, Boolean(base));
  if (base) import("./map_base.js").then(({ layTiles }) => layTiles(map, base, () => withoutTiles(map, frame, words)));
  else drawGround(map, frame.dataset.ground);
  return map;
}

// The arrow keys glide otherwise, and leave out those that are pressed meanwhile.
function moveAtOnce(map) {
  const pan = map.panBy;
  map.panBy = (offset, options) => pan.call(map, offset, { ...options, animate: false });
}

function withoutTiles(map, frame, words) {
  drawGround(map, frame.dataset.ground);
  const quiet = frame.querySelector("[data-map-quiet]");
  if (quiet) quiet.textContent = words.no_tiles;
}

export function wordsOf(frame) {
  return JSON.parse(frame.dataset.words ?? "{}");
}

export function boundsOf(text) {
  const [west, south, east, north] = text.split(",").map(Number);
  return [
    [south, west],
    [north, east],
  ];
}

// `number` is that of the same thing in the list beside the map.
export function pinIcon(kind = "", number = "") {
  const mark = number === "" ? '<circle cx="12" cy="11.5" r="4"/>' : `<text x="12" y="15.5" text-anchor="middle">${Number(number)}</text>`;
  return L.divIcon({
    className: `pin${kind && ` pin--${kind}`}`,
    html: `<svg viewBox="0 0 24 32" aria-hidden="true"><path d="${PIN_SHAPE}" stroke-width="1.5"/>${mark}</svg>`,
    iconSize: [36, 48],
    iconAnchor: [18, 47],
    popupAnchor: [0, -44],
  });
}
