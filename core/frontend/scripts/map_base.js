// The tiles of the town's base map, by the addresses of an XYZ or the questions of a WMS server.
import { tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
import { tileLayerWMS } from "leaflet/src/layer/tile/TileLayer.WMS.js";

const PATIENCE = 8000; // milliseconds after which a server that has sent nothing counts as away
const FEW = 4; // tiles that failed before the first one came

export function layTiles(map, base, whenAway) {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const address = isDark && base.dark ? base.dark : base.url;
  const options = {
    maxZoom: map.options.maxZoom,
    maxNativeZoom: base.zoom,
    tileSize: base.size,
    zoomOffset: base.kind === "xyz" && base.size === 512 ? -1 : 0,
    subdomains: base.subdomains,
    // Tile servers may ask which site they serve; the path, which can hold a private link, is never told.
    referrerPolicy: "strict-origin",
    className: isDark && !base.dark ? "tiles tiles--dimmed" : "tiles",
  };
  const { layers, format, version } = base;
  const tiles = base.kind === "wms" ? tileLayerWMS(address, { ...options, layers, format, version }) : tileLayer(address, options);
  let came = 0;
  let failed = 0;
  let isTold = false;
  const away = () => {
    if (came || isTold) return;
    isTold = true;
    whenAway();
  };
  tiles.on("tileload", () => came++);
  tiles.on("tileerror", () => {
    failed++;
    if (failed >= FEW) away();
  });
  setTimeout(away, PATIENCE);
  return tiles.addTo(map);
}
