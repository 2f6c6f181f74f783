// Showing places that also stand on the page as a list or a table; the two point at each other.
import { featureGroup } from "leaflet/src/layer/FeatureGroup.js";
import "leaflet/src/layer/Popup.js";
import * as L from "./leaflet.js";
import { pinIcon } from "./map_frame.js";

const CLOSE = 16;

export { open } from "./map_frame.js";

export function show(map, frame) {
  const shown = featureGroup().addTo(map);
  const put = (markers) => fill(map, frame, shown, markers);
  put(JSON.parse(frame.dataset.markers ?? "[]"));
  // Another module may bring other markers: frame.dispatchEvent(new CustomEvent("mapmarkers", {detail: [...]})).
  frame.addEventListener("mapmarkers", ({ detail }) => put(detail));
}

function fill(map, frame, shown, markers) {
  shown.clearLayers();
  const list = document.getElementById(frame.dataset.list ?? "");
  for (const [index, each] of markers.entries()) {
    const marker = markerOf(each).addTo(shown);
    const item = list?.querySelector(`[data-marker="${index}"]`);
    if (item) tie(marker, item);
  }
  if (markers.length === 1) map.setView([markers[0].lat, markers[0].lon], CLOSE);
  else if (markers.length) map.fitBounds(shown.getBounds(), { paddingTopLeft: [30, 60], paddingBottomRight: [30, 20], maxZoom: CLOSE + 2 });
}

function markerOf({ lon, lat, text, href, kind, number }) {
  const marker = L.marker([lat, lon], { icon: pinIcon(kind, number), alt: text, title: text, zIndexOffset: number ? 500 : 0 });
  const content = document.createElement(href ? "a" : "span");
  if (href) content.href = href;
  content.textContent = text;
  return marker.bindPopup(content);
}

// Whichever of the two is pointed at or focused, both are lit.
function tie(marker, item) {
  const light = (isLit) => {
    item.classList.toggle("is-lit", isLit);
    marker.getElement()?.classList.toggle("pin--lit", isLit);
    marker.setZIndexOffset(isLit ? 1000 : 500);
  };
  const on = () => light(true);
  const off = () => light(false);
  for (const name of ["mouseenter", "focusin"]) item.addEventListener(name, on);
  for (const name of ["mouseleave", "focusout"]) item.addEventListener(name, off);
  marker.on("mouseover popupopen", on);
  marker.on("mouseout popupclose", off);
  marker.getElement()?.addEventListener("focus", on);
  marker.getElement()?.addEventListener("blur", off);
}
