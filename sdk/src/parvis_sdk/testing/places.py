"""Random places, as JSON and as form data."""

from random import Random
from typing import Any

from parvis_sdk.fields import Shape

CENTRE = (-73.568, 45.524)


def place_for(
    shapes: tuple[Shape, ...], random: Random, centre: tuple[float, float] = CENTRE, *, words_alone: bool = True
) -> tuple[Any, Any]:
    """A valid place of one of these shapes near `centre`, or a description without a map."""
    if random.random() < 0.15 and words_alone:
        words = {"words": "Devant l’école, côté « nord »"}
        return words, {"lon": "", "lat": "", "address": "", **words}
    shape = random.choice(shapes)
    if shape == "point":
        lon, lat = point(random, centre)
        native: dict[str, Any] = {"lon": lon, "lat": lat, "address": "12, rue Principale"}
        return native, {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}".replace(".", ","), "address": "12, rue  Principale"}
    line = [list(point(random, centre)) for _ in range(random.randint(3, 6))]
    if shape == "line":
        geometry: dict[str, Any] = {"type": "LineString", "coordinates": line}
    else:
        geometry = {"type": "Polygon", "coordinates": [[*line, line[0]]]}
    return {"geometry": geometry}, {"geometry": geometry, "address": " "}


def point(random: Random, centre: tuple[float, float] = CENTRE) -> tuple[float, float]:
    """A point near the centre, in degrees with six decimals."""
    return round(centre[0] + random.uniform(-0.004, 0.004), 6), round(centre[1] + random.uniform(-0.003, 0.003), 6)
