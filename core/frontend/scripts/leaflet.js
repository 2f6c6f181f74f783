// The parts of Leaflet that every map of ours uses, from its sources: a third of the whole stays away. What only some
// maps need (popups, tiles, circles, groups) they bring themselves.
import { Map } from "leaflet/src/map/Map.js";
import "leaflet/src/map/handler/Map.BoxZoom.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.Keyboard.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TapHold.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";
import { svg } from "leaflet/src/layer/vector/SVG.js";

export { createMap as map } from "leaflet/src/map/Map.js";
export { zoom } from "leaflet/src/control/Control.Zoom.js";
export { toLatLng as latLng } from "leaflet/src/geo/LatLng.js";
export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { toBounds as bounds } from "leaflet/src/geometry/Bounds.js";
export { clipSegment } from "leaflet/src/geometry/LineUtil.js";
export { create } from "leaflet/src/dom/DomUtil.js";
export { Layer } from "leaflet/src/layer/Layer.js";
export { layerGroup } from "leaflet/src/layer/LayerGroup.js";
export { divIcon } from "leaflet/src/layer/marker/DivIcon.js";
export { marker } from "leaflet/src/layer/marker/Marker.js";
export { polyline } from "leaflet/src/layer/vector/Polyline.js";
export { polygon } from "leaflet/src/layer/vector/Polygon.js";

Map.include({
  // Every line is an SVG element, in the one drawing of its pane.
  getRenderer({ options: { pane } }) {
    const drawings = (this.parvisDrawings ??= {});
    const drawing = (drawings[pane] ??= svg({ pane }));
    if (!this.hasLayer(drawing)) this.addLayer(drawing);
    return drawing;
  },
});
