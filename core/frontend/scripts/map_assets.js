// The town's own things on the map, each of them also in the list beside it: choosing in one is choosing in the other.
import { circleMarker } from "leaflet/src/layer/vector/CircleMarker.js";
import * as L from "./leaflet.js";
import { layer } from "./map_ground.js";

const FROM = 15; // zoom from which single things can be told apart
const NEAR = 17; // from which there is room for them
const STEP = 100; // frames begin and end at hundredths of a degree, so that neighbours ask for the same one

export class AssetMarks {
  constructor(picker) {
    const { frame, map } = picker;
    this.picker = picker;
    this.map = map;
    this.list = document.getElementById(frame.dataset.list);
    this.most = Number(frame.dataset.most ?? 1);
    this.marks = new Map();
    this.group = L.layerGroup().addTo(map);
    this.wanted = new Set(); // pressed on the map, and not in the list yet
    this.list.addEventListener("change", (event) => this.changed(event.target));
    this.list.addEventListener("assetslisted", () => this.listed());
    for (const [name, isLit] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
      this.list.addEventListener(name, (event) => this.light(event.target.closest("[data-asset]")?.dataset.asset, isLit));
    }
    this.address = frame.dataset.assets;
    map.on("moveend", () => this.moved());
    this.load();
  }

  async load() {
    const found = await layer(this.address);
    this.isLarge = Boolean(found?.more);
    this.all = placed(found);
    this.moved();
  }

  // Of a layer with more things than a map can hold, those of the frame that is seen.
  async moved() {
    this.draw();
    if (!this.isLarge || this.map.getZoom() < FROM) return;
    const seen = this.map.getBounds();
    const edges = [Math.floor(seen.getWest() * STEP), Math.floor(seen.getSouth() * STEP), Math.ceil(seen.getEast() * STEP), Math.ceil(seen.getNorth() * STEP)];
    const frame = edges.map((edge) => edge / STEP).join(",");
    if (frame === this.frame) return;
    this.frame = frame;
    const found = await layer(`${this.address}&cadre=${frame}`);
    if (frame !== this.frame || !found) return;
    this.all = placed(found);
    this.draw();
  }

  boxes() {
    return [...this.list.querySelectorAll("input[data-code]")];
  }

  chosen() {
    return [...new Set([...this.boxes().filter((box) => box.checked).map((box) => box.dataset.code), ...this.wanted])];
  }

  draw() {
    this.group.clearLayers();
    this.marks.clear();
    if (!this.all || this.map.getZoom() < FROM) return;
    const seen = this.map.getBounds().pad(0.1);
    const chosen = new Set(this.chosen());
    for (const each of this.all) {
      if (!seen.contains(each.at)) continue;
      const mark = circleMarker(each.at, { radius: this.map.getZoom() < NEAR ? 7 : 11, className: "asset", bubblingMouseEvents: false }).addTo(this.group);
      mark.getElement()?.append(titled(each)); // a tooltip of Leaflet's would make it a stop of the Tab key, beside the list
      mark.on("click", () => this.pressed(each));
      mark.on("mouseover", () => this.lightItem(each.code, true));
      mark.on("mouseout", () => this.lightItem(each.code, false));
      this.marks.set(each.code, mark);
      mark.getElement()?.classList.toggle("asset--chosen", chosen.has(each.code));
    }
  }

  pressed({ code, at }) {
    const box = this.boxes().find((one) => one.dataset.code === code);
    if (box) {
      box.checked = box.type === "radio" || !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    if (this.most === 1) this.wanted.clear();
    if (this.most > 1 && this.chosen().length >= this.most) return this.picker.say(this.picker.words.assets_many);
    this.wanted.add(code);
    this.picker.put(at);
  }

  changed(box) {
    const none = this.list.querySelector("input[data-none]");
    if (box === none && none.checked && none.type === "checkbox") for (const each of this.boxes()) each.checked = false;
    if (box !== none && box.checked && none?.type === "checkbox") none.checked = false;
    this.wanted.clear();
    if (this.chosen().length > this.most) {
      box.checked = false;
      this.picker.say(this.picker.words.assets_many);
    } else if (box !== none && box.checked) {
      const item = box.closest("[data-asset]");
      this.picker.put(L.latLng(Number(item.dataset.lat), Number(item.dataset.lon)), { keepsList: true });
    }
    this.draw();
  }

  // All that the list names is on the map too.
  listed() {
    this.wanted.clear();
    const spots = [...this.list.querySelectorAll("[data-asset]")].map(({ dataset }) => L.latLng(Number(dataset.lat), Number(dataset.lon)));
    const seen = this.map.getBounds().pad(-0.05);
    if (spots.some((spot) => !seen.contains(spot))) this.map.fitBounds(L.latLngBounds([...spots, this.picker.pin.getLatLng()]).pad(0.1), { maxZoom: 17 });
    this.draw();
  }

  light(code, isLit) {
    this.marks.get(code)?.getElement()?.classList.toggle("asset--lit", isLit);
  }

  lightItem(code, isLit) {
    this.list.querySelector(`[data-asset="${CSS.escape(code)}"]`)?.classList.toggle("is-lit", isLit);
    this.light(code, isLit);
  }
}

function placed(found) {
  return (found?.features ?? []).map(({ properties, geometry }) => ({ ...properties, at: L.latLng(geometry.coordinates[1], geometry.coordinates[0]) }));
}

function titled({ name, code }) {
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = `${name} (${code})`;
  return title;
}
