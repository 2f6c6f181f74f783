// The tiles of the town's base map, by the addresses of an XYZ or the questions of a WMS or ArcGIS server.
import { EPSG3857 } from "leaflet/src/geo/crs/CRS.EPSG3857.js";
import { TileLayer, tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
import { tileLayerWMS } from "leaflet/src/layer/tile/TileLayer.WMS.js";

const PATIENCE = 8000; // milliseconds after which a server that has sent nothing counts as away
const FEW = 4; // tiles that failed before the first one came

// A map service of ArcGIS that draws each tile when it is asked.
const Drawn = TileLayer.extend({
  getTileUrl(coords) {
    const { x, y } = this.getTileSize();
    const [northWest, southEast] = this._tileCoordsToNwSe(coords).map((corner) => EPSG3857.project(corner));
    const url = this._url.replace(/\/$/, "");
    const asked = new URLSearchParams({ f: "image", format: "png32", transparent: "false", size: `${x},${y}`, bboxSR: 3857, imageSR: 3857 });
    asked.set("bbox", [northWest.x, southEast.y, southEast.x, northWest.y].join(","));
    if (this.options.layers) asked.set("layers", `show:${this.options.layers}`);
    return `${url}/${url.endsWith("ImageServer") ? "exportImage" : "export"}?${asked}`;
  },
});

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
  const tiles = made(base.kind, address, { ...options, layers, format, version });
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

function made(kind, address, { layers, format, version, ...options }) {
  if (kind === "wms") return tileLayerWMS(address, { ...options, layers, format, version });
  return kind === "arcgis_export" ? new Drawn(address, { ...options, layers }) : tileLayer(address, options);
}
