"""How the core is cut: how much of it there is, what stands behind one module, and which rooms hang together."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import grimp

from benchmarks.tables import table

CORE = Path(__file__).parents[1] / "core/src/parvis"
HOOKS = Path(__file__).parents[1] / "sdk/src/parvis_sdk/hooks.py"
HISTORY, INTAKE, PAGE = "parvis.requests.history", "parvis.requests.intake", "parvis.web.desk.one_request.whole"
LISTS = 10  # the longest that are told
PARTICIPLE = re.compile(
    r"[A-Z][a-z]*(ed|ing)|Begun|Brought|Chosen|Done|Drawn|Found|Given|Heard|Held|Kept|Known|Made|Outgrown|Overtaken"
    r"|Ran|Said|Seen|Sent|Shown|Sought|Taken|Told|Undone|Written"
)
NO_PARTICIPLES = {"Building", "Thing", "String", "Feed", "Need"}


class Figure(NamedTuple):
    """One measure of the core, and what it is to come to."""

    title: str
    value: int
    aim: str


class Size(NamedTuple):
    """What is written in the core, without its migrations and what tests share."""

    files: int
    lines: int
    public: int
    classes: int
    participles: int


def measure() -> str:
    """The figures, then the modules that import most others: those that know every feature."""
    rows: list[list[object]] = [[each.title, f"{each.value:,}", each.aim] for each in figures().values()]
    longest: list[list[object]] = [[name, count] for name, count in longest_lists()]
    return "\n\n".join(
        [
            "## Shape",
            table(["the core", "now", "aim"], rows),
            table(["module", "modules of the core that it imports"], longest),
        ]
    )


def figures() -> dict[str, Figure]:
    """Every figure by its name."""
    size, host = size_of(CORE), fields_of(CORE / "requests/host.py", "Host")
    return {
        "lines": Figure("lines of Python, without migrations and tests", size.lines, "45,000"),
        "files": Figure("files of Python, without migrations and tests", size.files, "420"),
        "public": Figure("public names", size.public, ""),
        "classes": Figure("classes", size.classes, ""),
        "participles": Figure("classes called by a bare participle", size.participles, "0"),
        "hooks": Figure("hooks of the sdk", hooks(), ""),
        "host": Figure("fields of `Host`", host, "10"),
        "behind_history": Figure(f"modules behind `{HISTORY}`", behind(HISTORY), "25"),
        "behind_intake": Figure(f"modules behind `{INTAKE}`", behind(INTAKE), "70"),
        "behind_page": Figure(f"modules behind `{PAGE}`", behind(PAGE), "120"),
        "rooms_in_a_cycle": Figure(
            "rooms of `requests/` in a cycle of imports", len(in_a_cycle("parvis.requests")), "0"
        ),
        "longest_list": Figure("modules that one module imports, at most", longest_lists()[0][1], ""),
    }


def size_of(folder: Path) -> Size:
    """The size of a package, without its migrations and what tests share."""
    texts = [path.read_text("utf-8") for path in folder.rglob("*.py") if not {"migrations", "testing"} & {*path.parts}]
    names = [name for text in texts for name in _public(ast.parse(text))]
    classes = [node.name for text in texts for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    bare = [name for name in classes if PARTICIPLE.fullmatch(name) and name not in NO_PARTICIPLES]
    return Size(len(texts), sum(text.count("\n") for text in texts), len(names), len(classes), len(bare))


def fields_of(path: Path, name: str) -> int:
    """How many fields a class declares."""
    found = next(n for n in ast.parse(path.read_text("utf-8")).body if isinstance(n, ast.ClassDef) and n.name == name)
    return sum(isinstance(each, ast.AnnAssign) for each in found.body)


def hooks() -> int:
    """What a plugin may be asked."""
    body = ast.parse(HOOKS.read_text("utf-8")).body
    return sum(isinstance(each, ast.FunctionDef) and bool(each.decorator_list) for each in body)


@cache
def graph() -> grimp.ImportGraph:
    """Who imports whom in the core, imports within functions included, those for types alone left out."""
    return grimp.build_graph("parvis", exclude_type_checking_imports=True)


def behind(module: str) -> int:
    """How many modules of the core stand behind one: those that it imports, that these import, and so on."""
    return len(graph().find_upstream_modules(module))


def longest_lists() -> list[tuple[str, int]]:
    """The modules that import most others of the core."""
    counts = [(each, len(graph().find_modules_directly_imported_by(each))) for each in graph().modules]
    return sorted(counts, key=lambda one: (-one[1], one[0]))[:LISTS]


def in_a_cycle(package: str) -> list[str]:
    """The rooms of a package that import each other in a circle, whether at once or by way of others."""
    rooms = sorted(graph().find_children(package))
    knows = _knows(package, rooms)
    return [room for circle in circles(rooms, knows) for room in circle if graph().find_children(room)]


def _knows(package: str, rooms: Iterable[str]) -> Mapping[str, set[str]]:
    known: dict[str, set[str]] = {room: set() for room in rooms}
    for room in known:
        for module in {room, *graph().find_descendants(room)}:
            for other in graph().find_modules_directly_imported_by(module):
                if other.startswith(f"{package}."):
                    known[room].add(".".join(other.split(".")[: package.count(".") + 2]))
        known[room].discard(room)
    return known


def circles(rooms: Iterable[str], knows: Mapping[str, set[str]]) -> list[list[str]]:
    """Those that can reach each other, largest circle first, without those in none."""
    reached = {room: set(_reached(room, knows)) for room in rooms}
    found: dict[frozenset[str], list[str]] = defaultdict(list)
    for room in reached:
        circle = frozenset(other for other in reached[room] if room in reached[other])
        if circle:
            found[circle].append(room)
    return sorted(found.values(), key=len, reverse=True)


def _reached(room: str, knows: Mapping[str, set[str]]) -> Iterator[str]:
    seen, waiting = set[str](), list(knows[room])
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting += knows[other]
            yield other


def _public(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [each.id for each in targets if isinstance(each, ast.Name)]
        else:
            continue
        yield from (name for name in names if not name.startswith("_"))
