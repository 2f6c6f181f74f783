// What the town's own data lets a map show: limits and zones with their names, streets and parks where there are no tiles.
import * as L from "./leaflet.js";
import { Names } from "./map_names.js";

const ZONES_UNTIL = 14; // zooms at which names of zones help, and from which those of streets do
const LOOKS = { town: "town-line", zone: "zone-line", park: "park-area", water: "water-area", built: "built-area", street: "street-line" };

export async function drawLimits(map, address, isOverTiles) {
  const shapes = await layer(address);
  if (!shapes) return;
  draw(map, shapes.features, isOverTiles ? "limits limits--over" : "limits");
  const zones = shapes.features.filter((feature) => feature.properties.role === "zone");
  new Names(zones.map((zone) => ({ name: zone.properties.name, at: middleOf(zone), until: ZONES_UNTIL, kind: "zone" }))).addTo(map);
}

export async function drawGround(map, address) {
  const shapes = await layer(address);
  if (!shapes) return;
  const areas = shapes.features.filter((feature) => feature.properties.role !== "street");
  const streets = shapes.features.filter((feature) => feature.properties.role === "street");
  const widths = () => map.getContainer().classList.toggle("is-far", map.getZoom() < ZONES_UNTIL);
  map.on("zoomend", widths);
  widths();
  draw(map, areas, "ground");
  draw(map, streets, "ground");
  const named = areas.filter((area) => area.properties.name);
  new Names([
    ...named.map((area) => ({ name: area.properties.name, at: middleOf(area), from: ZONES_UNTIL + 1, kind: area.properties.role })),
    ...streets.map((street) => ({ name: street.properties.name, line: lineOf(street), from: ZONES_UNTIL, kind: "street" })),
  ]).addTo(map);
}

// One line for all features that look the same: a city has more streets and parks than a telephone can draw one by one.
function draw(map, features, pane) {
  const [name] = pane.split(" ");
  if (!map.getPane(name)) {
    map.createPane(name).className += ` ${pane}`;
    map.getPane(name).style.zIndex = name === "ground" ? 350 : 340;
  }
  for (const [role, className] of Object.entries(LOOKS)) {
    const parts = features.filter((feature) => feature.properties.role === role).flatMap(partsOf);
    if (!parts.length) continue;
    const made = role === "street" ? L.polyline : L.polygon;
    made(parts, { interactive: false, pane: name, className, fillRule: "nonzero" }).addTo(map);
  }
}

function partsOf({ geometry: { type, coordinates } }) {
  const points = turned(coordinates);
  return type.startsWith("Multi") ? points : [points];
}

// Longitudes stand first in GeoJSON, and second everywhere else.
function turned(coordinates) {
  return typeof coordinates[0] === "number" ? [coordinates[1], coordinates[0]] : coordinates.map(turned);
}

export async function layer(address) {
  try {
    const answer = await fetch(address, { headers: { accept: "application/geo+json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // the map is still of use without these lines
  }
}

function lineOf({ geometry }) {
  return geometry.coordinates.map(([lon, lat]) => L.latLng(lat, lon));
}

function middleOf({ geometry }) {
  return L.latLngBounds(turned(geometry.coordinates).flat(Infinity).reduce(paired, [])).getCenter();
}

function paired(pairs, number, at) {
  if (at % 2) pairs.at(-1).push(number);
  else pairs.push([number]);
  return pairs;
}
