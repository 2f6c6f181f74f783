"""Commands of Parvis in forked copies of a process that has imported everything installed.

Each is a process of its own, with its own surroundings, to be killed like any other; it has nothing left to import.
"""

import asyncio
import multiprocessing
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

MAIN = [sys.executable, "-c", "from parvis.cli import main; main()"]
NOT_IMPORTED = (".__main__", ".migrations.", ".testing.")


class CopiedProcess:
    """A running command with the interface of `asyncio.subprocess.Process`; its output is appended to a file.

    What it has against something may go to another file, and it may begin in a folder, after some code.
    """

    def __init__(
        self, *words: str, environ: Mapping[str, str], log: str, errors: str = "", folder: str = "", after: str = ""
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        # Named before the first one only; the last of them does once what each copy would do.
        context.set_forkserver_preload([*everything_installed(), "parvis_testing.warmed"])
        given = (words, dict(environ), log, errors or log, folder, after)
        self.process = context.Process(target=_run, args=given)
        self.process.start()

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()

    async def wait(self) -> int | None:
        await asyncio.to_thread(self.process.join)
        return self.returncode


def run_copy(
    *words: str, environ: Mapping[str, str], folder: Path, after: str = "", most_seconds: float
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, with the interface of `subprocess.run`."""
    with tempfile.TemporaryDirectory() as written:
        said, errors = Path(written, "said"), Path(written, "errors")
        copy = CopiedProcess(
            *words, environ=environ, log=str(said), errors=str(errors), folder=str(folder), after=after
        ).process
        copy.join(most_seconds)
        if copy.exitcode is None:
            copy.kill()
            raise subprocess.TimeoutExpired(words, most_seconds)
        out, wrong = (each.read_text("utf-8") if each.exists() else "" for each in (said, errors))
        return subprocess.CompletedProcess(words, copy.exitcode, out, wrong)


@cache
def everything_installed() -> tuple[str, ...]:
    """The names of all Python modules of the host and of the installed distributions."""
    points = (*metadata.entry_points(group="parvis"), *metadata.entry_points(group="parvis.modules"))
    packages = ("parvis_sdk", "parvis", *sorted({each.module.partition(".")[0] for each in points}))
    return tuple(name for each in packages for name in _inside(each))


def _inside(package: str) -> Iterator[str]:
    spec = find_spec(package)
    for each in pkgutil.walk_packages(spec and spec.submodule_search_locations, f"{package}."):
        if not any(part in f"{each.name}." for part in NOT_IMPORTED):
            yield each.name


def _run(words: tuple[str, ...], environ: dict[str, str], log: str, errors: str, folder: str, after: str) -> None:
    for stream, name in ((1, log), (2, errors)):
        with open(name, "ab") as file:
            os.dup2(file.fileno(), stream)
    os.environ.clear()
    os.environ.update(environ)
    if folder:
        os.chdir(folder)
    sys.argv = ["parvis", *words]
    sys.orig_argv = [*MAIN, *words]  # a worker that begins anew does so from nothing
    exec(after, {})  # noqa: S102 - code of the tests
    from parvis.cli import main

    main()
