"""Commands of Parvis in processes that begin as copies of one which has imported all that is installed.

Each is a process of its own, with its own surroundings, to be killed like any other; it has nothing left to import.
"""

import asyncio
import multiprocessing
import os
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from importlib.util import find_spec

MAIN = [sys.executable, "-c", "from parvis.cli import main; main()"]
NOT_IMPORTED = (".__main__", ".migrations.", ".testing.")


class CopiedProcess:
    """A command that runs, shown as `asyncio.subprocess.Process` shows one; what it says is added to a file."""

    def __init__(self, *words: str, environ: Mapping[str, str], log: str) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*everything_installed()])  # which counts before the first one only
        self.process = context.Process(target=_run, args=(words, dict(environ), log))
        self.process.start()

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def kill(self) -> None:
        self.process.kill()

    async def wait(self) -> int | None:
        await asyncio.to_thread(self.process.join)
        return self.returncode


@cache
def everything_installed() -> tuple[str, ...]:
    """The names of all modules of the host and of what is found beside it."""
    points = (*metadata.entry_points(group="parvis"), *metadata.entry_points(group="parvis.modules"))
    packages = ("parvis_sdk", "parvis", *sorted({each.module.partition(".")[0] for each in points}))
    return tuple(name for each in packages for name in _inside(each))


def _inside(package: str) -> Iterator[str]:
    spec = find_spec(package)
    for each in pkgutil.walk_packages(spec and spec.submodule_search_locations, f"{package}."):
        if not any(part in f"{each.name}." for part in NOT_IMPORTED):
            yield each.name


def _run(words: tuple[str, ...], environ: dict[str, str], log: str) -> None:
    with open(log, "ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = ["parvis", *words]
    sys.orig_argv = [*MAIN, *words]  # a worker that begins anew does so from nothing
    from parvis.cli import main

    main()
