"""How often the words of a resident find the right service, and how long that takes."""

import statistics
import time

from tests.finding import phrases

from benchmarks.tables import table
from parvis.requests.finding import Finder, forms, sound


def measure() -> str:
    """Both halves of the phrases in `tests/finding`; only those kept apart say how well it does."""
    by = phrases.finder()
    forms.cache_clear()
    sound.cache_clear()
    began = time.process_time()
    by = Finder(shelf.request_type for shelf in by.shelves)
    made = time.process_time() - began
    rows = []
    for name, told in (("kept_apart", "kept apart"), ("tuning", "tuned with")):
        one = phrases.measure(name, by)
        rows.append(
            [
                told,
                str(one.phrases),
                f"{one.first / one.phrases:.1%}",
                f"{one.in_three / one.phrases:.1%}",
                f"{one.sure_of_nothing} of {one.uncovered}",
                f"{statistics.median(one.seconds) * 1000:.1f}",
                f"{max(one.seconds) * 1000:.1f}",
            ]
        )
    heads = ["phrases", "number", "right first", "in three", "sure, though none is right", "ms (median)", "ms (worst)"]
    spent = f"{made * 1000:.0f} ms of the processor"
    note = f"The vocabulary of {len(by.shelves)} types is made in {spent}, when words are first looked for."
    return f"## Finding a service\n\n{note} Aims: 85 %, 97 %, 20 ms.\n\n" + table(heads, rows)
