"""The files shown in docs/towns.md are a town that loads."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from parvis.jurisdictions.base_map import BASE_MAP
from parvis.jurisdictions.ground import GROUND
from parvis.jurisdictions.layers import ASSETS
from parvis.jurisdictions.owners import OWNERS
from parvis.jurisdictions.services import SERVICES, town_message
from parvis.requests.levels import of_files, usual

DOCUMENT = Path(__file__).parents[3] / "docs" / "towns.md"
BLOCK = re.compile(r"^## (\S+\.toml)\n\n```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_documented_files_are_a_town_that_loads(small_town: Any) -> None:
    blocks = dict(BLOCK.findall(DOCUMENT.read_text(encoding="utf-8")))
    assert set(blocks) == {
        "jurisdiction.toml",
        "units.toml",
        "messages.toml",
        "owners.toml",
        "notices.toml",
        "schedules.toml",
        "services.toml",
        "reviewers.toml",
        "ready_texts.toml",
        "checklists.toml",
    }
    for name, text in blocks.items():
        small_town.write(f"essai/{name}", text)
    where = '{"type": "Point", "coordinates": [-73.5, 45.5]}'
    lamp = f'{{"properties": {{"code": "LR-1", "name": "LR-1"}}, "geometry": {where}}}'
    small_town.write("essai/street_lights.geojson", f'{{"features": [{lamp}]}}')
    town = small_town.load()
    assert ASSETS.of(town)["street_lights"].assets[0].code == "LR-1"
    assert GROUND.of(town).credit.fr.startswith("Ville de Valclair")
    assert (BASE_MAP.of(town).kind, BASE_MAP.of(town).origins) == ("xyz", ("https://tiles.valclair.example",))
    assert town.name.to("en") == "Town of Valclair"
    assert town.languages == ("fr", "en")
    assert usual(of_files(town), town, "pothole", "standard", date(2026, 7, 1)).business_days == 3
    assert usual(of_files(town), town, "pothole", "standard", date(2026, 12, 1)).business_days == 5
    assert town_message(town, "pothole", "resolve").subject.fr == "Le trou est comblé"
    assert OWNERS.of(town)[0].phone == "511"
    assert SERVICES.of(town)["pothole"].without == ("damaged_car",)
