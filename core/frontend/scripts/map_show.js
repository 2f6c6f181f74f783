// Showing places that also stand on the page as a list or a table.
import L from "leaflet";
import { pinIcon } from "./map_frame.js";

export function show(map, frame) {
  const markers = JSON.parse(frame.dataset.markers ?? "[]");
  const group = L.featureGroup(markers.map(markerOf)).addTo(map);
  if (markers.length === 1) map.setView([markers[0].lat, markers[0].lon], 16);
  else if (markers.length) map.fitBounds(group.getBounds(), { paddingTopLeft: [30, 60], paddingBottomRight: [30, 20], maxZoom: 16 });
}

function markerOf({ lon, lat, text, href, kind }) {
  const marker = L.marker([lat, lon], { icon: pinIcon(kind), alt: text, title: text });
  const content = document.createElement(href ? "a" : "span");
  if (href) content.href = href;
  content.textContent = text;
  return marker.bindPopup(content);
}
