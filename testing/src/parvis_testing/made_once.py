"""A pytest plugin that makes once per run what each application would make for itself."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

if TYPE_CHECKING:
    from parvis.jurisdictions import Jurisdictions
    from parvis.jurisdictions.town_files import TownFile
    from parvis.plugins.answers import Wrong


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates shared by all processes of a run, cached in this one.

    Each is known by its file and by what is written in it, so that a changed one is compiled again.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        super().dump_bytecode(bucket)
        self._keep(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.kept[bucket.key, bucket.checksum] = bucket.code


class Towns:
    """Territories read earlier, by folder, by what modules read, and by their current files."""

    MOST = 4

    def __init__(self, load: "Callable[..., Jurisdictions]") -> None:
        self.load = load
        self.kept: dict[Any, Jurisdictions] = {}

    def __call__(self, folder: Path, files: "Iterable[TownFile[Any]]" = ()) -> "Jurisdictions":
        files = tuple(files)
        # The host wraps what a module reads for each application: told apart by what is wrapped.
        known = (folder, tuple(getattr(each.read, "args", each) for each in files), frozenset(lying_in(folder)))
        found = self.kept.pop(known, None) or self.load(folder, files)
        self.kept[known] = found
        if len(self.kept) > self.MOST:
            del self.kept[next(iter(self.kept))]
        return found


class SoundTypes:
    """Request types already found valid, by the types and their files."""

    MOST = 32

    def __init__(self, judge: "Callable[[Any, object], Iterable[Wrong]]") -> None:
        self.judge = judge
        self.kept: dict[Any, Any] = {}

    def __call__(self, answer: Any, plugin: object) -> "list[Wrong]":
        from parvis.plugins.registry import folder_of

        if type(answer) is not list:
            return [*self.judge(answer, plugin)]
        folder = folder_of(plugin)
        known = (folder, tuple(map(id, answer)), frozenset(lying_in(folder)) if folder else None)
        held = self.kept.pop(known, None)
        wrong = [*self.judge(answer, plugin)] if held is None else []
        if not wrong:
            self.kept[known] = (*answer,)  # as long as they are held, no other has their identity
            if len(self.kept) > self.MOST:
                del self.kept[next(iter(self.kept))]
        return wrong


def lying_in(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Each file with its modification time and size."""
    for home, _, names in os.walk(folder):
        for each in names:
            found = os.stat(f"{home}/{each}")
            yield f"{home}/{each}", found.st_mtime_ns, found.st_size


@pytest.fixture(scope="session", autouse=True)
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Once for all applications of these tests: templates are compiled, towns that did not change are read, and the
    types of a plugin that did not change are judged.
    """
    pages: Any = sys.modules.get("parvis.web.pages")
    with pytest.MonkeyPatch.context() as patch:
        if pages:
            compiled = CompiledTemplates(shared_by_processes(tmp_path_factory))
            patch.setattr(pages, "FileSystemBytecodeCache", lambda folder: compiled)
        keep(patch)
        yield


def keep(patch: pytest.MonkeyPatch) -> None:
    """Towns that did not change, and the verdict on types."""
    deployment: Any = sys.modules.get("parvis.deployment")
    loading: Any = sys.modules.get("parvis.plugins.loading")
    if deployment:
        patch.setattr(deployment, "load_jurisdictions", Towns(deployment.load_jurisdictions))
    if loading:
        patch.setitem(loading.CHECKS, "request_types", SoundTypes(loading.CHECKS["request_types"]))


def shared_by_processes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder shared by all processes of this test run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compiled-templates"
    folder.mkdir(exist_ok=True)
    return folder
