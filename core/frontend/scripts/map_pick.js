// Choosing a place: under a fixed crosshair on phones, by a pin to drag or by keys elsewhere, by one's own position.
import * as L from "./leaflet.js";
import { AssetMarks } from "./map_assets.js";
import { pinIcon, wordsOf } from "./map_frame.js";
import { Judge } from "./map_judge.js";
import { ownPosition } from "./map_position.js";
import { takeShape } from "./map_shape.js";

const CLOSE = 16;
const BESIDE = 12; // pixels
const CLEAR = 15; // zoom from which what is under the cross can be told
const CROSS =
  '<svg viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="15"/><path d="M24 2v15M24 31v15M2 24h15M31 24h15"/><circle class="dot" cx="24" cy="24" r="2.5"/></svg>';

export { open } from "./map_frame.js";

export function show(map, frame) {
  new Picker(map, frame);
}

class Picker {
  constructor(map, frame) {
    this.map = map;
    this.frame = frame;
    this.words = wordsOf(frame);
    const boxOf = (id) => document.getElementById(id ?? "");
    const { lon, lat, geometry, address, wordsBox } = frame.dataset;
    this.boxes = { lon: boxOf(lon), lat: boxOf(lat), geometry: boxOf(geometry), address: boxOf(address), words: boxOf(wordsBox) };
    this.status = frame.querySelector("[data-map-status]");
    this.shapes = frame.dataset.shapes.split(" ");
    this.isPhone = matchMedia("(pointer: coarse), (max-width: 40rem)").matches;
    this.judge = new Judge(frame, () => this.assets?.chosen() ?? []);
    this.showCross();
    if (this.shapes.includes("point")) this.takePoints();
    else takeShape(this);
    if (frame.dataset.assets) this.assets = new AssetMarks(this);
    frame.querySelector("[data-map-locate]")?.addEventListener("click", () => this.locate());
  }

  takePoints() {
    this.pin = L.marker(this.map.getCenter(), { icon: pinIcon(), draggable: !this.isPhone, autoPan: true, alt: this.words.pin, keyboard: false });
    this.pin.on("dragend", () => this.put(this.pin.getLatLng()));
    this.map.on("click", (event) => this.put(event.latlng));
    this.onEnter(() => this.takeCenter());
    this.hereButton(() => this.takeCenter());
    this.map.on("dragstart", () => (this.wasMoved = true));
    this.map.on("move", () => this.shadeCross());
    this.boxes.address?.addEventListener("placechosen", ({ detail }) => this.put(L.latLng(detail.lat, detail.lon), { isFromAddress: true }));
    this.boxes.address?.addEventListener("placeforgotten", () => this.forget());
    this.boxes.address?.addEventListener("input", () => this.rewritten());
    this.boxes.lon.form?.addEventListener("submit", () => this.takeWhatIsUnderTheCross());
    this.vouch();
    const { lon, lat, address } = this.boxes;
    if (!lon.value || !lat.value) return;
    this.given = address?.value ?? "";
    const point = L.latLng(Number(lat.value), Number(lon.value));
    this.pin.setLatLng(point).addTo(this.map);
    this.map.setView(point, CLOSE);
  }

  // The address of a point may come after the point was kept: the server is told that it is not one rewritten by hand.
  vouch() {
    const held = this.boxes.lon.form?.querySelector("[data-map-held]");
    if (held) held.value = "1";
  }

  showCross() {
    const cross = document.createElement("div");
    cross.className = this.isPhone ? "crosshair crosshair--always" : "crosshair";
    cross.innerHTML = CROSS;
    this.map.getContainer().append(cross);
  }

  // Where the pin stands, the cross would only be in its way.
  shadeCross() {
    const middle = this.map.getSize().divideBy(2);
    const isThere = this.map.hasLayer(this.pin) && this.map.latLngToContainerPoint(this.pin.getLatLng()).distanceTo(middle) < BESIDE;
    this.map.getContainer().classList.toggle("is-chosen", isThere);
  }

  hereButton(act) {
    const button = this.frame.querySelector("[data-map-here]");
    if (!button) return;
    button.hidden = !this.isPhone;
    button.addEventListener("click", act);
  }

  onEnter(act) {
    this.map.getContainer().addEventListener("keydown", (event) => {
      if ((event.key !== "Enter" && event.key !== " ") || event.target !== this.map.getContainer()) return;
      event.preventDefault();
      act();
    });
  }

  takeCenter() {
    if (this.map.getZoom() >= CLEAR) return this.put(this.map.getCenter());
    this.map.setZoom(CLOSE);
    this.say(this.words.closer);
  }

  // The place is `point`; an address that came with a point follows it, words of the person's own stay.
  put(point, { isFromAddress = false, keepsList = false } = {}) {
    this.boxes.lon.value = point.lng.toFixed(6);
    this.boxes.lat.value = point.lat.toFixed(6);
    this.pin.setLatLng(point).addTo(this.map);
    if (isFromAddress) this.given = this.boxes.address.value;
    const isFar = !this.map.getBounds().pad(-0.1).contains(point) || this.map.getZoom() < CLEAR;
    if (isFromAddress || isFar) this.map.setView(point, Math.max(this.map.getZoom(), CLOSE));
    else if (this.isPhone) this.map.panTo(point);
    this.shadeCross();
    this.say(this.words.moved);
    this.boxes.lon.dispatchEvent(new Event("change", { bubbles: true }));
    this.judge.ask(point, { keepsList }).then((answer) => answer && this.heard(answer, isFromAddress));
  }

  heard(answer, isFromAddress) {
    if (!isFromAddress) this.fill(answer.address);
    if (answer.stands !== "ours") this.say("");
    else if (answer.address) this.say(`${this.words.nearest} ${answer.address}`);
  }

  fill(address) {
    const box = this.boxes.address;
    if (!box || (box.value && box.value !== this.given)) return;
    box.value = this.given = address;
  }

  // The address that stood for the point says something else now: the point goes.
  rewritten() {
    if (!this.given || this.boxes.address.value === this.given) return;
    this.boxes.lon.value = this.boxes.lat.value = "";
    this.forget();
  }

  forget() {
    this.given = "";
    this.pin.remove();
    this.shadeCross();
    this.judge.forget();
    this.say("");
  }

  // Who moved the map on a phone, pressed no button and wrote no word means what is under the cross.
  takeWhatIsUnderTheCross() {
    const { lon, geometry, address, words } = this.boxes;
    const isTold = [lon, geometry, address, words].some((box) => box?.value.trim());
    if (!this.isPhone || !this.wasMoved || isTold || this.assets?.chosen().length) return;
    const { lng, lat } = this.map.getCenter();
    lon.value = lng.toFixed(6);
    this.boxes.lat.value = lat.toFixed(6);
  }

  async locate() {
    this.say(this.words.locating);
    const { point, isRough, refusal } = await ownPosition();
    if (refusal) return this.say(this.words[refusal]);
    if (this.pin) this.put(point);
    this.map.setView(point, CLOSE);
    if (isRough || !this.pin) this.say(this.words.rough);
  }

  say(words) {
    this.status.textContent = words;
  }
}
