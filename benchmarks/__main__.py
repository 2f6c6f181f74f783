"""`python -m benchmarks [which ...] [--rows N] [--keep]`: some measures or all, as tables."""

import argparse
import asyncio
import platform
from pathlib import Path

from benchmarks import (
    addresses,
    bad_day,
    bulk,
    creates,
    documents,
    finding,
    guide,
    kit,
    layers,
    million,
    outbox,
    pages,
    permits,
    phones,
    routing,
    searches,
    shape,
    start,
    storm,
    submit,
    village,
    worker,
)
from parvis import clock

HERE = Path(__file__).parent
ALL = [
    "start",
    "submit",
    "pages",
    "finding",
    "addresses",
    "documents",
    "permits",
    "outbox",
    "worker",
    "layers",
    "million",
    "searches",
    "bulk",
    "bad_day",
    "storm",
    "routing",
    "phones",
    "shape",
    "village",
    "kit",
    "guide",
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("which", nargs="*", choices=[*ALL, []], default=[])
    parser.add_argument("--rows", type=int, default=100_000, help="requests in the large database")
    parser.add_argument("--keep", action="store_true", help="write the tables to benchmarks/RESULTS.md")
    given = parser.parse_args()
    which = given.which or ALL
    sections = []
    if "start" in which:
        sections.append(start.measure())
    if "submit" in which:
        sections.append(asyncio.run(submit.measure()))
        sections.append(asyncio.run(creates.measure()))
    if "pages" in which:
        sections.append(pages.measure(given.rows))
    if "finding" in which:
        sections.append(finding.measure())
    if "addresses" in which:
        sections.append(addresses.measure())
    if "documents" in which:
        sections.append(asyncio.run(documents.measure()))
    if "permits" in which:
        sections.append(permits.measure())
    if "outbox" in which:
        sections.append(asyncio.run(outbox.measure()))
    if "worker" in which:
        sections.append(asyncio.run(worker.measure()))
    if "layers" in which:
        sections.append(asyncio.run(layers.measure()))
    if "million" in which:
        sections.append(million.measure())
    if "searches" in which:
        sections.append(searches.measure())
    if "routing" in which:
        sections.append(routing.measure())
    if "bulk" in which:
        sections.append(asyncio.run(bulk.measure()))
    if "bad_day" in which:
        sections.append(asyncio.run(bad_day.measure()))
    if "storm" in which:
        sections.append(asyncio.run(storm.measure()))
    if "phones" in which:
        sections.append(phones.measure())
    if "shape" in which:
        sections.append(shape.measure())
    if "village" in which:
        sections.append(village.measure())
    if "kit" in which:
        sections.append(kit.measure())
    if "guide" in which:
        sections.append(guide.measure())
    words = "\n\n".join(sections)
    print(words)
    if given.keep:
        machine = f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}"
        title = f"# Results\n\nMeasured {clock.now().date().isoformat()} on {machine}; trust the ratios.\n\n"
        (HERE / "RESULTS.md").write_text(title + words + "\n", "utf-8")


if __name__ == "__main__":
    main()
