// Brings Leaflet, and its style sheet, to the pages that have a map.
import L from "leaflet";
import { pick } from "./map_pick.js";
import { showRequests } from "./map_requests.js";
import { show } from "./map_show.js";
import { open } from "./map_frame.js";

export async function start(frames) {
  await sheet(frames[0].dataset.style);
  for (const frame of frames) {
    frame.hidden = false;
    const map = open(frame);
    ({ pick, requests: showRequests }[frame.dataset.map] ?? show)(map, frame);
    frame.parvisMap = map;
  }
  window.L = undefined; // Leaflet leaves itself behind
}

function sheet(href) {
  return new Promise((done) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    document.head.append(link);
  });
}
