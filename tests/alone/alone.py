"""Runs the tests of each distribution under plugins/ by itself, as if nothing were installed but what it names.

    python tests/alone/alone.py [plugins/NAME]... [what goes to pytest]
    python tests/alone/alone.py --changed [what goes to pytest]

One environment with everything serves them all: each has a process of its own, in which whatever its `pyproject.toml`
does not ask for, nor anything that it asks for, can neither be imported nor found; nor can it in what its tests start.
The processes of those that name the host begin as copies of one, and those of the others of another, which has imported
what all of these ask for and could find nothing else. Of a module, which names the host, a run of all leaves out what
needs a database; named by itself, it runs whole. `--changed` names those in which something differs from the branch
main, and those that stand on them; where anything else differs, only the whole tells.
"""

import gc
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib import metadata
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
CHILDREN = Path(__file__).parent / "children"  # on the path of every process that tests start: what is hidden there too
INSIDE, CHANGED = "--inside", "--changed"
OF_NO_TEST = ("CHANGELOG.md", "docs/adr/")
# What takes long to import: read once for all that name it. Nothing in which pytest is to rewrite assertions.
SHARED = (
    "pytest",
    "hypothesis",
    "jsonschema",
    "httpx",
    "aiosmtpd.smtp",
    "bs4",
    "parvis_sdk.hooks",
    "parvis.app",
)
NOT_SHARED = (".__main__.", ".migrations.")
SHARED_IS_READ = "ignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning"
PROCESSES = int(os.environ.get("PARVIS_TEST_PROCESSES", "3"))
WITHOUT_DATABASE = ("-m", "not slow and not browser and not database")
NO_TESTS = 5
NAME = re.compile(r"^Name:[ \t]*(\S+)[ \t]*$", re.MULTILINE)


def main(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] == INSIDE:
        count = int(arguments[1])
        return run_inside(arguments[2 : 2 + count], arguments[2 + count :])
    if CHANGED in arguments:
        return of_the_changed(changed_since("main"), [each for each in arguments if each != CHANGED])
    folders = [each for each in arguments if (ROOT / each / "pyproject.toml").is_file()]
    options = [each for each in arguments if each not in folders]
    everything = sorted(path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("plugins/*/pyproject.toml"))
    accepted = {0, NO_TESTS} if options or not folders else {0}
    left_out = () if folders else WITHOUT_DATABASE
    codes = run_at_once(
        [[INSIDE, str(len(group)), *group, *left_out, *options] for group in groups(folders or everything)]
    )
    return max((code for code in codes if code not in accepted), default=0)


def of_the_changed(files: Iterable[str], options: Sequence[str]) -> int:
    """The tests of the distributions that hold these files; 1 where a file is of no distribution under plugins/."""
    folders, elsewhere = touched(files)
    if elsewhere:
        print(f"only the whole (tox) tells what {', '.join(elsewhere[:3])} changed", file=sys.stderr)
        return 1
    return main([*folders, *options]) if folders else 0


def touched(files: Iterable[str]) -> tuple[list[str], list[str]]:
    """The folders of distributions that hold these files or stand on one that does, and the files of none of them."""
    elsewhere, names = [], set[str]()
    standing = {
        path.parent.relative_to(ROOT).as_posix(): own_needs(path) for path in ROOT.glob("plugins/*/pyproject.toml")
    }
    for each in files:
        folder = "/".join(each.split("/")[:2])
        if folder in standing:
            names.add(standing[folder][0])
        elif not each.startswith(OF_NO_TEST):
            elsewhere.append(each)
    return sorted(folder for folder, (own, needed) in standing.items() if names & {own, *needed}), elsewhere


def own_needs(path: Path) -> tuple[str, set[str]]:
    """The name of a distribution, and the names of those that it asks for in any case."""
    project = tomllib.loads(path.read_text("utf-8"))["project"]
    return project["name"], {Requirement(each).name for each in project.get("dependencies", ())}


def changed_since(branch: str) -> list[str]:
    """What differs from where this branch left that one, and what git does not know yet."""
    where = git("merge-base", branch, "HEAD")[0]
    return sorted({*git("diff", "--name-only", where), *git("ls-files", "--others", "--exclude-standard")})


def git(*words: str) -> list[str]:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


def groups(folders: Iterable[str]) -> list[list[str]]:
    """Those that name the host, and those that do not."""
    standing = {folder: "parvis" in own_needs(ROOT / folder / "pyproject.toml")[1] for folder in folders}
    both = [[folder for folder, named in standing.items() if named is on_host] for on_host in (True, False)]
    return [group for group in both if group]


def run_at_once(groups: Iterable[Sequence[str]]) -> list[int]:
    """Side by side, so that nobody waits for the longest of a group; what the second says stands after the first.

    With one process at a time, one group after the other.
    """
    if PROCESSES == 1:
        return [subprocess.run([sys.executable, __file__, *each], cwd=ROOT).returncode for each in groups]
    first, *others = ([sys.executable, __file__, *each] for each in groups)
    with tempfile.TemporaryFile() as told:
        beside = [subprocess.Popen(each, cwd=ROOT, stdout=told) for each in others]
        codes = [subprocess.run(first, cwd=ROOT).returncode, *(each.wait() for each in beside)]
        told.seek(0)
        print(told.read().decode(errors="replace"), end="", flush=True)
    return codes


def run_inside(folders: Sequence[str], options: Sequence[str]) -> int:
    """The tests of each distribution, in a copy of this process, from which everything else is hidden for good."""
    before, finders = {*sys.modules}, [*sys.meta_path]
    hidden = {folder: everything_else(ROOT / folder) for folder in folders}
    import_what_is_shared(set[str]().union(*hidden.values()))
    codes, running = [], dict[int, tuple[str, BinaryIO]]()
    for folder in folders:
        if len(running) == PROCESSES:
            codes.append(ended(running))
        told = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been read
        process = os.fork()
        if process == 0:
            sys.meta_path[:] = finders
            return run_in_copy(folder, options, hidden[folder], before, told)
        running[process] = folder, told
    codes += [ended(running) for _ in [*running]]
    return max(codes, key=lambda code: (code != NO_TESTS, code))


def import_what_is_shared(hidden: set[str]) -> None:
    hide(hidden)
    for name in (*SHARED, *rooms_of_the_host()):
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    gc.freeze()  # what is collected later touches none of it: it stays one copy in memory
    sys.stdout.flush()


def rooms_of_the_host() -> Iterator[str]:
    """Every module of the host, where it is there: what tests of a module import one after the other."""
    host = find_spec("parvis")
    for each in pkgutil.walk_packages(host.submodule_search_locations if host else (), "parvis."):
        if not any(part in f"{each.name}." for part in NOT_SHARED):
            yield each.name


def ended(running: dict[int, tuple[str, BinaryIO]]) -> int:
    """How the first of them ended that did, after its words."""
    process, status = os.wait()
    folder, told = running.pop(process)
    told.seek(0)
    with told:
        print(f"--- {folder} alone\n{told.read().decode(errors='replace')}", flush=True)
    return abs(os.waitstatus_to_exitcode(status))


def run_in_copy(folder: str, options: Sequence[str], hidden: set[str], before: set[str], told: BinaryIO) -> int:
    with told:
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
    finder = hide(hidden)
    leaked = sorted(name for name in {*sys.modules} - before if name.partition(".")[0] in finder.modules)
    if leaked:
        print(f"imported before, though {folder} does not name it: {', '.join(leaked)}")
        return 1
    told_to_children = {"ALONE_HIDDEN": hidden, "ALONE_MODULES": finder.modules}
    os.environ |= {name: " ".join(sorted(each)) for name, each in told_to_children.items()}
    os.environ["PYTHONPATH"] = str(CHILDREN)
    import pytest

    return pytest.main([f"{folder}/tests", "-W", SHARED_IS_READ, *options])


def everything_else(folder: Path) -> set[str]:
    """The distributions that are installed here, and that the one of this folder does not stand on."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    own = f"{project['name']}[{','.join(project.get('optional-dependencies', {}))}]"
    return installed() - with_what_they_need([own, "pytest", *(tools() - {"parvis"})])


@cache
def installed() -> frozenset[str]:
    """Read once, and before anything is hidden, as are the two below: a copy of this process knows them."""
    return frozenset(canonicalize_name(each.name) for each in metadata.distributions())


@cache
def tools() -> frozenset[str]:
    return frozenset(each.dist.name for each in metadata.entry_points(group="pytest11") if each.dist)


@cache
def brought() -> dict[str, set[str]]:
    """The distributions that bring a module, by its name."""
    return {module: {*map(canonicalize_name, by)} for module, by in metadata.packages_distributions().items()}


def with_what_they_need(requirements: Iterable[str]) -> set[str]:
    todo, found = [Requirement(each) for each in requirements], dict[str, set[str]]()
    while todo:
        each = todo.pop()
        name, extras = canonicalize_name(each.name), each.extras or {""}
        new = extras - found.get(name, set())
        if new:
            found.setdefault(name, set()).update(extras)
            todo += (one for one in needs(name) if applies(one, new | {""}))
    return {*found}


@cache
def needs(name: str) -> list[Requirement]:
    try:
        return [Requirement(each) for each in metadata.requires(name) or ()]
    except metadata.PackageNotFoundError:
        return []


def applies(requirement: Requirement, extras: set[str]) -> bool:
    return requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras)


class Named(MetaPathFinder):
    """Finds what the finders behind it find, unless it is hidden."""

    def __init__(self, behind: Sequence[MetaPathFinder], hidden: set[str], modules: set[str]) -> None:
        self.behind, self.hidden, self.modules = behind, hidden, modules

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] in self.modules:
            return None
        found = (finder.find_spec(name, path, target) for finder in self.behind)
        return next((spec for spec in found if spec is not None), None)

    def find_distributions(self, *context: metadata.DistributionFinder.Context) -> Iterator[metadata.Distribution]:
        for finder in self.behind:
            for each in getattr(finder, "find_distributions", lambda *_: ())(*context):
                name = name_of(each)  # a test of broken ones makes some without
                if name is None or canonicalize_name(name) not in self.hidden:
                    yield each


def name_of(distribution: metadata.Distribution) -> str | None:
    """The same as `distribution.name`, which reads all headers and the README behind them: a hundred times as long, for
    each that is installed, whenever somebody looks for entry points.
    """
    head = (distribution.read_text("METADATA") or "").partition("\n\n")[0]
    found = NAME.search(head)
    return found[1] if found else distribution.metadata.get("Name")


def hide(distributions: set[str], modules: set[str] | None = None) -> Named:
    """Hides them and the modules that nothing else brings, which a process is told that need not find out again."""
    if modules is None:
        ours = {each.replace("-", "_"): {each} for each in distributions if each.startswith("parvis")}  # by a path
        modules = {module for module, by in (brought() | ours).items() if by <= distributions}
    finder = Named([*sys.meta_path], distributions, modules)
    sys.meta_path[:] = [finder]  # type: ignore[list-item]
    return finder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
