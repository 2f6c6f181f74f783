"""`python -m benchmarks [all | which ...] [--rows N] [--at ADDRESS] [--keep]`: some measures or all, as tables.

Ends with an exit code of 1 where a figure is above its bound, and says which. `--keep` writes RESULTS.md: what was
measured now with today's date, what was not as it stands there, with the date of its own run.
"""

import argparse
import asyncio
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.bounds import PASSED
from benchmarks.results import kept_in, machine

RESULTS = Path(__file__).with_name("RESULTS.md")
MEASURES: dict[str, str] = {
    "operations": "benchmarks.operations",
    "start": "benchmarks.start",
    "memory": "benchmarks.memory",
    "sizes": "benchmarks.sizes",
    "submit": "benchmarks.submit",
    "create": "benchmarks.creates",
    "pages": "benchmarks.pages",
    "finding": "benchmarks.finding",
    "addresses": "benchmarks.addresses",
    "documents": "benchmarks.documents",
    "permits": "benchmarks.permits",
    "outbox": "benchmarks.outbox",
    "worker": "benchmarks.worker",
    "mails": "benchmarks.mails",
    "layers": "benchmarks.layers",
    "million": "benchmarks.million",
    "searches": "benchmarks.searches",
    "bulk": "benchmarks.bulk",
    "bad_day": "benchmarks.bad_day",
    "many": "benchmarks.many",
    "storm": "benchmarks.storm",
    "incident": "benchmarks.incident",
    "routing": "benchmarks.routing",
    "phones": "benchmarks.phones",
    "shape": "benchmarks.shape",
    "village": "benchmarks.village",
    "kit": "benchmarks.kit",
    "guide": "benchmarks.guide",
    "moves": "benchmarks.moves",
    "past": "benchmarks.past",
}
SIZED = ("pages",)
ELSEWHERE = ("moves",)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("which", nargs="*", choices=[*MEASURES, "all", []], default=[])
    parser.add_argument("--rows", type=int, default=100_000, help="requests in the large database")
    parser.add_argument("--at", default="", help="the address of a town that is served already, for `moves`")
    parser.add_argument("--keep", action="store_true", help="write the tables to benchmarks/RESULTS.md")
    given = parser.parse_args()
    every = not given.which or "all" in given.which
    print(f"On {machine()}.", flush=True)
    for name in MEASURES if every else given.which:
        words = measured(name, given.rows, given.at)
        print(f"\n{words}", flush=True)
        if given.keep and words.startswith("## "):
            RESULTS.write_text(kept_in(RESULTS.read_text("utf-8"), words), "utf-8")
    for each in PASSED:
        print(f"above its bound: {each}", file=sys.stderr)
    return 1 if PASSED else 0


def measured(name: str, rows: int, at: str = "") -> str:
    """The tables of one measure; of one that needs what is not installed here, that it is left out."""
    try:
        measure = import_module(MEASURES[name]).measure
    except ModuleNotFoundError as missing:
        return f"{name} is left out: {missing}"
    said = measure(rows) if name in SIZED else measure(at) if name in ELSEWHERE else measure()
    return said if isinstance(said, str) else str(asyncio.run(said))


if __name__ == "__main__":
    sys.exit(main())
