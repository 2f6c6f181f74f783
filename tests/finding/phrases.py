"""The phrases of the two files beside this one, and how well a finder does on them: for the test and the benchmark."""

import csv
import time
from pathlib import Path
from typing import NamedTuple

from parvis.deployment import built_in_plugins
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.requests.finding import Finder

HERE = Path(__file__).parent


class Measured(NamedTuple):
    """Counts over one file; `missed`: the right type was not first; `seconds` of the processor for each phrase."""

    phrases: int
    first: int
    in_three: int
    uncovered: int
    sure_of_nothing: int
    missed: list[str]
    seconds: list[float]


def finder() -> Finder:
    """Over every type that residents may ask for, of every plugin that is installed or comes with the host."""
    types = load_plugins(find_plugins(built_in_plugins())[0]).request_types.values()
    return Finder(request_type for request_type in types if request_type.opened_by == "anyone")


def phrases_of(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(name: str, by: Finder) -> Measured:
    phrases = first = in_three = uncovered = sure_of_nothing = 0
    missed, seconds = [], []
    by.find("")
    for row in phrases_of(name):
        began = time.process_time()
        hits = by.find(row["phrase"])
        seconds.append(time.process_time() - began)
        codes = [hit.request_type.code for hit in hits]
        if not row["type"]:
            uncovered += 1
            sure_of_nothing += any(hit.sure for hit in hits)
            continue
        phrases += 1
        first += codes[:1] == [row["type"]]
        in_three += row["type"] in codes[:3]
        if codes[:1] != [row["type"]]:
            missed.append(f"{row['type']}: {row['phrase']} -> {codes[:3]}")
    return Measured(phrases, first, in_three, uncovered, sure_of_nothing, missed, seconds)
