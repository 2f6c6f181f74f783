// Names on the map: along streets, in the middle of zones and parks, as many as there is room for.
import * as L from "./leaflet.js";

const LETTER = 6.6; // pixels
const ROOM = 15; // pixels between two names

export const Names = L.Layer.extend({
  // names: {name, at or line (points), from, until (zooms), kind}
  initialize(names) {
    this.names = names;
  },

  onAdd(map) {
    this.pane = map.getPane("names") ?? map.createPane("names");
    this.pane.setAttribute("aria-hidden", "true");
    this.pane.style.zIndex = 450;
    this.pane.style.pointerEvents = "none";
    this.shown = L.create("div", "names", this.pane);
    this.write();
  },

  onRemove() {
    this.shown.remove();
  },

  getEvents() {
    return { moveend: this.write, zoomstart: this.wipe };
  },

  wipe() {
    this.shown.replaceChildren();
  },

  write() {
    const zoom = this._map.getZoom();
    const taken = (this._map.parvisNames ??= new Map());
    taken.set(this, []);
    this.wipe();
    for (const name of this.names) {
      if (zoom < (name.from ?? 0) || zoom > (name.until ?? 99)) continue;
      const spot = name.line ? this.along(name) : this.amid(name);
      if (spot && this.isFree(spot, taken)) this.put(name, spot, taken.get(this));
    }
  },

  along({ name, line }) {
    const size = this._map.getSize();
    const frame = L.bounds([8, 8], [size.x - 8, size.y - 8]);
    const points = line.map((point) => this._map.latLngToContainerPoint(point));
    const width = name.length * LETTER;
    let best = null;
    for (let at = 1; at < points.length; at++) {
      const part = L.clipSegment(points[at - 1], points[at], frame);
      const length = part ? part[0].distanceTo(part[1]) : 0;
      if (length > width + 12 && length > (best?.length ?? 0)) best = { part, length };
    }
    if (!best) return null;
    const [first, last] = best.part;
    const angle = Math.atan2(last.y - first.y, last.x - first.x);
    return { middle: first.add(last).divideBy(2), angle: Math.cos(angle) < 0 ? angle + Math.PI : angle, width };
  },

  amid({ name, at }) {
    const size = this._map.getSize();
    const middle = this._map.latLngToContainerPoint(at);
    const width = name.length * LETTER;
    const isInside = middle.x > width / 2 && middle.x < size.x - width / 2 && middle.y > 8 && middle.y < size.y - 8;
    return isInside ? { middle, angle: 0, width } : null;
  },

  isFree(spot, taken) {
    spot.dots = dotsOf(spot);
    return [...taken.values()].flat().every((other) => spot.dots.every((dot) => Math.abs(dot.x - other.x) > ROOM || Math.abs(dot.y - other.y) > ROOM));
  },

  put({ name, kind }, { middle, angle, dots }, mine) {
    mine.push(...dots);
    const label = L.create("span", `name name--${kind}`, this.shown);
    label.textContent = name;
    const { x, y } = this._map.containerPointToLayerPoint(middle);
    label.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px) rotate(${angle.toFixed(3)}rad) translate(-50%, -50%)`;
  },
});

function dotsOf({ middle, angle, width }) {
  const dots = [];
  for (let along = -width / 2; along <= width / 2; along += ROOM / 2) {
    dots.push({ x: middle.x + along * Math.cos(angle), y: middle.y + along * Math.sin(angle) });
  }
  return dots;
}
