// A map of the town: its tiles where it has some, its boundary and zones in any case.
import L from "leaflet";

const PIN =
  '<svg viewBox="0 0 24 32" aria-hidden="true"><path d="M12 31S1.5 19.5 1.5 11.5a10.5 10.5 0 0 1 21 0C22.5 19.5 12 31 12 31z" stroke-width="1.5"/><circle cx="12" cy="11.5" r="4"/></svg>';

export function open(frame) {
  const { bounds, tiles, attribution, mostZoom } = frame.dataset;
  const words = wordsOf(frame);
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(frame.querySelector(".map__canvas"), {
    zoomControl: false,
    attributionControl: Boolean(tiles),
    scrollWheelZoom: false,
    fadeAnimation: !isStill,
    zoomAnimation: !isStill,
    inertia: !isStill,
    maxZoom: Number(mostZoom ?? 19),
  });
  map.attributionControl?.setPrefix(false);
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  map.fitBounds(boundsOf(bounds));
  // The wheel moves the page until somebody uses the map.
  map.on("focus mousedown", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  if (tiles) L.tileLayer(tiles, { attribution, maxZoom: Number(mostZoom ?? 19), maxNativeZoom: Number(mostZoom ?? 19) }).addTo(map);
  map.parvisTerritory = drawTerritory(map, frame);
  return map;
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

export function pinIcon(kind = "") {
  return L.divIcon({ className: `pin${kind && ` pin--${kind}`}`, html: PIN, iconSize: [36, 48], iconAnchor: [18, 47], popupAnchor: [0, -44] });
}

async function drawTerritory(map, frame) {
  try {
    const answer = await fetch(frame.dataset.territory, { headers: { accept: "application/geo+json" } });
    if (!answer.ok) return null;
    const shapes = await answer.json();
    L.geoJSON(shapes, {
      interactive: false,
      style: (feature) => ({ className: feature.properties.role === "town" ? "town-line" : "zone-line" }),
    }).addTo(map);
    return shapes.features.find((feature) => feature.properties.role === "town") ?? null;
  } catch {
    return null; // the map is still of use without its lines
  }
}

export function isInside(feature, lon, lat) {
  const polygons = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
  return polygons.some(([outer, ...holes]) => crosses(outer, lon, lat) && !holes.some((hole) => crosses(hole, lon, lat)));
}

function crosses(ring, lon, lat) {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
    const [x, y] = ring[at];
    const [u, v] = ring[before];
    if (y > lat !== v > lat && lon < ((u - x) * (lat - y)) / (v - y) + x) inside = !inside;
  }
  return inside;
}
