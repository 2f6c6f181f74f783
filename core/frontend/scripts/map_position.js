// Where the person is, or the reason why that cannot be known, in a word that the page has a sentence for.
import * as L from "./leaflet.js";

const ROUGH = 150; // metres from which a position is only a beginning
const REFUSALS = { 1: "position_denied", 2: "no_position", 3: "position_late" };

export async function ownPosition() {
  if (!window.isSecureContext || !navigator.geolocation) return { refusal: "position_impossible" };
  try {
    const { coords } = await new Promise((done, refused) =>
      navigator.geolocation.getCurrentPosition(done, refused, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 }),
    );
    return { point: L.latLng(coords.latitude, coords.longitude), isRough: coords.accuracy > ROUGH };
  } catch ({ code }) {
    return { refusal: REFUSALS[code] ?? "no_position" };
  }
}
