// What something is about, as an area on its map: rings of points, or so many metres around one.
import { circle } from "leaflet/src/layer/vector/Circle.js";
import * as L from "./leaflet.js";

// The bounds of it all; nothing where nothing is named.
export function drawArea(map, areas) {
  const style = { className: "drawn-shape", interactive: false };
  const bounds = L.latLngBounds([]);
  for (const { rings, lon, lat, metres } of areas) {
    const shape = rings ? L.polygon(rings.map((ring) => ring.map(([x, y]) => [y, x])), style) : circle([lat, lon], { radius: metres, ...style });
    bounds.extend(shape.addTo(map).getBounds());
  }
  return bounds.isValid() ? bounds : null;
}
