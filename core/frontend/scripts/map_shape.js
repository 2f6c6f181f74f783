// Drawing a line or an area, point by point, where a question asks for one.
import * as L from "./leaflet.js";

const CLOSE = 16;

export function takeShape(picker) {
  const { map, frame, shapes, boxes } = picker;
  const isArea = shapes.includes("polygon");
  const points = read(boxes.geometry?.value, isArea);
  const drawn = (isArea ? L.polygon : L.polyline)(points, { className: "drawn-shape" }).addTo(map);
  if (points.length > 1) map.fitBounds(drawn.getBounds(), { maxZoom: CLOSE });

  const draw = () => {
    drawn.setLatLngs(points);
    const pairs = points.map((point) => [Number(point.lng.toFixed(6)), Number(point.lat.toFixed(6))]);
    boxes.geometry.value = written(pairs, isArea);
    boxes.geometry.dispatchEvent(new Event("change", { bubbles: true }));
    picker.say(`${picker.words.points} ${pairs.length}`);
    if (boxes.geometry.value) picker.judge.ask(drawn.getBounds().getCenter());
    else picker.judge.forget();
  };
  const add = (point) => {
    points.push(point);
    draw();
  };
  map.on("click", (event) => add(event.latlng));
  picker.onEnter(() => add(map.getCenter()));
  picker.hereButton(() => add(map.getCenter()));
  frame.querySelector("[data-map-undo]")?.addEventListener("click", () => {
    points.pop();
    draw();
  });
}

function read(value, isArea) {
  if (!value) return [];
  const { coordinates } = JSON.parse(value);
  const ring = isArea ? coordinates[0].slice(0, -1) : coordinates;
  return ring.map(([lon, lat]) => L.latLng(lat, lon));
}

function written(pairs, isArea) {
  if (pairs.length < (isArea ? 3 : 2)) return "";
  return JSON.stringify(isArea ? { type: "Polygon", coordinates: [[...pairs, pairs[0]]] } : { type: "LineString", coordinates: pairs });
}
