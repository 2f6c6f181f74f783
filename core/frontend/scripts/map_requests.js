// The map of the public list: pins and numbers for the very requests that the list shows, each following the other.
import "leaflet/src/layer/Popup.js";
import { circle } from "leaflet/src/layer/vector/Circle.js";
import * as L from "./leaflet.js";
import { drawArea } from "./map_area.js";
import { boundsOf, pinIcon } from "./map_frame.js";

const CLOSE = 17;
const REST = 300;
const PARTS = ["[data-list-parts]", "[data-list-rows]", "[data-list-feeds]", ".masthead__languages", "[data-list-hidden]"];

export { open } from "./map_frame.js";

export function show(map, frame) {
  new Requests(map, frame);
}

class Requests {
  constructor(map, frame) {
    this.map = map;
    this.frame = frame;
    this.words = JSON.parse(frame.dataset.listWords);
    this.status = frame.querySelector("[data-map-status]");
    this.pins = L.layerGroup().addTo(map);
    this.markers = [];
    this.switchViews();
    for (const name of ["mouseover", "focusin"]) document.addEventListener(name, (event) => this.lightFrom(event.target));
    if (this.isSeen) this.begin();
  }

  // On a phone that shows the list, nothing is asked for until somebody wants the map.
  get isSeen() {
    return this.frame.offsetParent !== null;
  }

  async begin() {
    this.hasBegun = true;
    this.map.invalidateSize({ animate: false });
    this.markSurroundings();
    const area = drawArea(this.map, JSON.parse(this.frame.dataset.area ?? "[]"));
    const whole = await this.ask({});
    this.total(whole?.placed);
    const { box } = this.frame.dataset;
    if (this.circle && !box) this.map.fitBounds(this.circle.getBounds(), { animate: false });
    else if (box) this.map.fitBounds(boundsOf(box), { animate: false });
    else if (area) this.map.fitBounds(area, { animate: false, padding: [12, 12] });
    else if (whole?.groups.length) this.map.fitBounds(around(whole.groups), { animate: false, maxZoom: CLOSE, padding: [36, 36] });
    await this.draw();
    // What the map does by itself, in another window or to make room for a popup, is nobody's choice.
    this.map.on("resize autopanstart", () => {
      this.isByItself = true;
    });
    this.map.on("moveend", () => this.moved());
  }

  markSurroundings() {
    const { near, within } = this.frame.dataset;
    if (!near) return;
    const [lon, lat] = near.split(",").map(Number);
    this.circle = circle([lat, lon], { radius: Number(within), className: "drawn-shape", interactive: false }).addTo(this.map);
  }

  // Whatever moved the map, list and address follow it a moment later.
  moved() {
    if (this.isByItself) {
      this.isByItself = false;
      return;
    }
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.follow(), REST);
  }

  async follow() {
    if (!this.isSeen) return;
    if (!document.querySelector("[data-list-rows]")) return this.draw(); // at the desk the list is another page
    const query = new URLSearchParams(location.search);
    query.set("box", boxOf(this.map.getBounds()));
    query.delete("cursor");
    history.replaceState(null, "", `${location.pathname}?${query}`);
    await Promise.all([this.draw(), this.refreshList()]);
  }

  async ask(more) {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const address = new URL(this.frame.dataset.groups, location.href);
      for (const [name, value] of Object.entries({ zoom: Math.round(this.map.getZoom()), ...more })) address.searchParams.set(name, value);
      const answer = await fetch(address, { signal: this.asking.signal, headers: { accept: "application/json" } });
      if (answer.ok) return await answer.json();
      this.status.textContent = this.words.away;
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = this.words.away;
    }
    return null;
  }

  async draw() {
    const found = await this.ask({ view: boxOf(this.map.getBounds()) });
    if (!found) return;
    this.pins.clearLayers();
    this.markers = found.groups.map((group) => this.put(group));
    this.status.textContent = "";
  }

  put(group) {
    const { lat, lon, number, text, href, quiet } = group;
    const title = number ? this.words.group.replace("{number}", number) : text;
    const icon = number ? numberIcon(number) : pinIcon(quiet ? "quiet" : "");
    const marker = L.marker([lat, lon], { icon, title, alt: title, autoPanOnFocus: false }).addTo(this.pins);
    marker.getElement().setAttribute("aria-label", title);
    if (number) marker.on("click", () => this.comeCloser(group));
    else marker.bindPopup(link(href, text)).on("mouseover click", () => this.lightRow(group));
    return { ...group, marker };
  }

  comeCloser({ box, lat, lon }) {
    const isOnePlace = box[2] - box[0] < 1e-5 && box[3] - box[1] < 1e-5;
    if (isOnePlace || this.map.getZoom() >= this.map.getMaxZoom()) this.map.setView([lat, lon], this.map.getMaxZoom());
    else this.map.fitBounds(boundsOf(box.join(",")), { padding: [48, 48] });
  }

  async refreshList() {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of PARTS) {
      const next = fresh.querySelector(part);
      if (next) document.querySelector(part)?.replaceChildren(...next.childNodes);
    }
    document.title = fresh.title;
    this.frame.dataset.groups = fresh.querySelector("[data-groups]").dataset.groups;
  }

  total(placed) {
    const count = document.querySelector("[data-list-count]");
    const apart = Number(count?.dataset.listCount) - placed;
    const told = count?.querySelector("[data-list-apart]");
    if (told && apart > 0) told.textContent = ` (${this.words.apart.replace("{number}", apart)})`;
  }

  // Whichever of the two is pointed at or focused, both are lit.
  lightFrom(target) {
    const row = target.closest?.("[data-reference]");
    if (row === this.lit) return;
    this.lit = row;
    for (const each of this.markers) {
      const isIt = row ? isAt(each, row) : false;
      each.marker.getElement()?.classList.toggle("pin--lit", isIt);
      each.marker.setZIndexOffset(isIt ? 1000 : 0);
    }
  }

  lightRow({ reference }) {
    for (const row of document.querySelectorAll("[data-reference]")) {
      const isIt = row.dataset.reference === reference;
      row.classList.toggle("is-lit", isIt);
      if (isIt && row.offsetParent) row.scrollIntoView({ block: "nearest" });
    }
  }

  switchViews() {
    const both = document.querySelector("[data-list-and-map]");
    const buttons = document.querySelectorAll("[data-list-switch] button");
    for (const button of buttons) {
      button.addEventListener("click", () => {
        for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
        both.classList.toggle("shows-map", button.dataset.view === "carte");
        const query = new URLSearchParams(location.search);
        if (button.dataset.view) query.set("vue", button.dataset.view);
        else query.delete("vue");
        history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
        if (this.isSeen && !this.hasBegun) this.begin();
      });
    }
  }
}

function isAt({ reference, number, box }, row) {
  if (!number) return reference === row.dataset.reference;
  const lon = Number(row.dataset.lon);
  const lat = Number(row.dataset.lat);
  return lon >= box[0] && lon <= box[2] && lat >= box[1] && lat <= box[3];
}

function around(groups) {
  const bounds = L.latLngBounds([]);
  for (const { lat, lon, box } of groups) bounds.extend(box ? boundsOf(box.join(",")) : [lat, lon]);
  return bounds;
}

function boxOf(bounds) {
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((degrees) => degrees.toFixed(5)).join(",");
}

function numberIcon(number) {
  const size = number < 10 ? 36 : number < 100 ? 42 : 50;
  const shown = number < 1000 ? number : `${Math.floor(number / 1000)}k`;
  return L.divIcon({ className: "group-pin", html: `<span>${shown}</span>`, iconSize: [size, size] });
}

function link(href, text) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}
