"""`parvis-plugin rate`: a folder or a wheel rated with the sdk alone, in a process of its own.

python -P -m parvis_sdk.testing.rating_apart ANSWER FOLDER NAME...
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import msgspec

from parvis_sdk.testing.laid_out import GROUP, NoPlugin, laid_out, surroundings
from parvis_sdk.testing.rating import LEVELS, evidence_of, rate
from parvis_sdk.text import Text

SECONDS = 300.0  # that a plugin may take to be rated, on a busy machine
TITLES = {
    "": Text(fr="ne fonctionne pas", en="does not work"),
    "works": Text(fr="fonctionne", en="works"),
    "trusted": Text(fr="digne de confiance", en="trusted"),
    "exemplary": Text(fr="exemplaire", en="exemplary"),
}
AS_FAR = Text(
    fr=", pour ce qui se voit ({count} règles ne se voient pas)", en=", as far as is seen ({count} rules are not)"
)
MARKS = {"kept": "+", "broken": "-", "unseen": "?"}


def reports_on(target: Path) -> list[dict[str, Any]]:
    """The rating of each plugin of a folder or a wheel; `NoPlugin` if it cannot be imported."""
    with laid_out(target) as plugin, tempfile.TemporaryDirectory() as place:
        answer, folder = Path(place, "answer"), str(target.resolve()) if target.is_dir() else ""
        words = ["-P", "-m", "parvis_sdk.testing.rating_apart", str(answer), folder, *plugin.names]
        try:
            ran = subprocess.run(  # noqa: S603  this program, with a plugin that somebody wants to know
                [sys.executable, *words],
                env=surroundings(plugin, os.environ),
                stdout=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NoPlugin(f"{plugin.distribution} did not come to an end within {SECONDS:g} s") from error
        if not answer.exists():
            raise NoPlugin(f"{plugin.distribution} ended the process that rates it (code {ran.returncode})")
        found: list[dict[str, Any]] = msgspec.json.decode(answer.read_bytes())
        return found


def lines_of(report: dict[str, Any], language: str) -> Iterator[str]:
    """A report as lines: the level, then every rule with the reasons against it."""
    unseen = sum(each["found"] == "unseen" for each in report["rules"])
    as_far = AS_FAR.format(count=unseen).to(language) if unseen else ""
    yield f"{report['name']} {report['version']}: {TITLES[report['level']].to(language)}{as_far}"
    for level in LEVELS:
        yield f"\n{TITLES[level].to(language)}"
        for each in report["rules"]:
            if each["level"] == level:
                yield f"  {MARKS[each['found']]} {each['says'].get(language) or each['says']['fr']}"
                yield from (f"      {why}" for why in each["why"])


def rated(folder: str, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Rates the plugins of these names in this process, without a host."""
    for point in entry_points(group=GROUP):
        if point.name in names and point.dist is not None:
            source = Path(folder) if folder else None
            evidence = evidence_of(point.name, point.load(), point.dist, folder=source, told=None)
            yield msgspec.to_builtins(rate(evidence))


if __name__ == "__main__":
    answer, folder, *named = sys.argv[1:]
    Path(answer).write_bytes(msgspec.json.encode(list(rated(folder, tuple(named)))))
    sys.stdout.flush()
    os._exit(0)  # threads that the plugin began are not waited for
