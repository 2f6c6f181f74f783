// Choosing a place: under a fixed crosshair on phones, by a pin to drag elsewhere, by keyboard, by the person's own position.
import L from "leaflet";
import { isInside, pinIcon, wordsOf } from "./map_frame.js";

const CLOSE = 16;

export function pick(map, frame) {
  new Picker(map, frame);
}

class Picker {
  constructor(map, frame) {
    this.map = map;
    this.frame = frame;
    this.words = wordsOf(frame);
    this.boxes = Object.fromEntries(["lon", "lat", "geometry", "address"].map((name) => [name, document.getElementById(frame.dataset[name])]));
    this.status = frame.querySelector("[data-map-status]");
    this.shapes = frame.dataset.shapes.split(" ");
    this.isTouch = matchMedia("(pointer: coarse)").matches;
    this.points = [];
    if (this.shapes.includes("point")) this.takePoints();
    else this.takeShape();
    frame.querySelector("[data-map-locate]")?.addEventListener("click", () => this.locate());
    frame.querySelector("[data-map-undo]")?.addEventListener("click", () => this.undo());
  }

  takePoints() {
    this.pin = L.marker(this.map.getCenter(), { icon: pinIcon(), draggable: true, autoPan: true, alt: this.words.pin, keyboard: false });
    this.pin.on("dragend", () => this.put(this.pin.getLatLng()));
    if (this.isTouch) this.showCrosshair();
    this.map.on("click", (event) => this.put(event.latlng));
    this.map.getContainer().addEventListener("keydown", (event) => {
      if ((event.key === "Enter" || event.key === " ") && event.target === this.map.getContainer()) {
        event.preventDefault();
        this.put(this.map.getCenter());
      }
    });
    this.boxes.address?.addEventListener("placechosen", ({ detail }) => this.put(L.latLng(detail.lat, detail.lon), { quietly: true, move: true }));
    this.boxes.address?.addEventListener("placeforgotten", () => this.pin.remove());
    const { lon, lat } = this.boxes;
    if (lon.value && lat.value) this.put(L.latLng(Number(lat.value), Number(lon.value)), { quietly: true, move: true });
  }

  showCrosshair() {
    const cross = document.createElement("div");
    cross.className = "crosshair pin";
    cross.innerHTML = pinIcon().options.html;
    this.map.getContainer().append(cross);
    this.pin.setOpacity(0);
    // Only what the person does moves the place, not our own fitting of the view.
    this.map.on("dragend", () => this.put(this.map.getCenter(), { stay: true }));
  }

  put(point, { quietly = false, move = false, stay = false } = {}) {
    this.boxes.lon.value = point.lng.toFixed(6);
    this.boxes.lat.value = point.lat.toFixed(6);
    this.pin.setLatLng(point).addTo(this.map);
    if (move) this.map.setView(point, Math.max(this.map.getZoom(), CLOSE));
    else if (this.isTouch && !stay) this.map.panTo(point);
    if (!quietly) this.say(this.words.moved);
    this.boxes.lon.dispatchEvent(new Event("change", { bubbles: true }));
    this.warnOutside(point);
  }

  async warnOutside(point) {
    const town = await this.map.parvisTerritory;
    if (town && !isInside(town, point.lng, point.lat)) this.say(this.words.outside);
  }

  locate() {
    if (!navigator.geolocation) return this.say(this.words.no_position);
    this.say(this.words.locating);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const point = L.latLng(coords.latitude, coords.longitude);
        if (this.pin) this.put(point, { move: true });
        else this.map.setView(point, CLOSE);
      },
      () => this.say(this.words.no_position),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    );
  }

  takeShape() {
    const isArea = this.shapes.includes("polygon");
    this.line = (isArea ? L.polygon : L.polyline)([], { className: "town-line" }).addTo(this.map);
    const add = (point) => {
      this.points.push(point);
      this.drawShape(isArea);
    };
    this.map.on("click", (event) => add(event.latlng));
    this.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === this.map.getContainer()) {
        event.preventDefault();
        add(this.map.getCenter());
      }
    });
    this.readShape(isArea);
  }

  readShape(isArea) {
    if (!this.boxes.geometry?.value) return;
    const { coordinates } = JSON.parse(this.boxes.geometry.value);
    const ring = isArea ? coordinates[0].slice(0, -1) : coordinates;
    this.points = ring.map(([lon, lat]) => L.latLng(lat, lon));
    this.drawShape(isArea);
    if (this.points.length > 1) this.map.fitBounds(this.line.getBounds(), { maxZoom: CLOSE });
  }

  drawShape(isArea) {
    this.line.setLatLngs(this.points);
    const pairs = this.points.map((point) => [Number(point.lng.toFixed(6)), Number(point.lat.toFixed(6))]);
    const isWhole = pairs.length >= (isArea ? 3 : 2);
    const shape = isArea ? { type: "Polygon", coordinates: [[...pairs, pairs[0]]] } : { type: "LineString", coordinates: pairs };
    this.boxes.geometry.value = isWhole ? JSON.stringify(shape) : "";
    this.say(`${this.words.points} ${pairs.length}`);
  }

  undo() {
    if (!this.line) return;
    this.points.pop();
    this.drawShape(this.shapes.includes("polygon"));
  }

  say(words) {
    this.status.textContent = words;
  }
}
