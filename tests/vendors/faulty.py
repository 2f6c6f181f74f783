"""Planted faults: each file of `faults/` as a vendor's plugin that is installed, and what kit and host say of it."""

import asyncio
import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from unittest import mock

from parvis.plugins import loading, threads
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.registry import NamedSubscription, PluginRegistry
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, attempt
from parvis.requests.applied_outcomes import refusal_of
from parvis.worker.dispatch import Receiver, outcome_of
from parvis_plugin_checks.looking_closer import closer_look
from parvis_sdk.testing import PluginContract
from parvis_sdk.testing.happenings import happenings
from parvis_sdk.workflow import Moved, move

FOLDER = Path(__file__).parent / "faults"
FAULTS = sorted(file.stem for file in FOLDER.glob("*.py") if file.stem != "sound")
PACKAGE = "parvis_bad"
METADATA = "Metadata-Version: 2.4\nName: parvis-bad\nVersion: 1.0\nRequires-Dist: parvis-sdk\n"
SECONDS = re.compile(r"\b[0-9.]+ s\b")
SAID = re.compile(r"^# (kit|host): (.*)$")


def timeless(told: list[str]) -> list[str]:
    """The same sentences with whatever number of seconds a busy machine took."""
    return [SECONDS.sub("… s", each) for each in told]


def said_of(fault: str) -> dict[str, list[str]]:
    """What kit and host are to say of a fault: the comments at the end of its file."""
    told: dict[str, list[str]] = {"kit": [], "host": []}
    who = ""
    for line in (FOLDER / f"{fault}.py").read_text("utf-8").splitlines():
        if found := SAID.match(line):
            who = found[1]
            told[who].append(found[2])
        elif who and line.startswith("#     "):
            told[who][-1] += f" {line[6:]}"
    return told


@contextmanager
def installed(fault: str, site: Path) -> Iterator[None]:
    """The fault as the plugin `bad` (parvis-bad 1.0), the only one that this Python finds."""
    package, info = site / PACKAGE, site / "parvis_bad-1.0.dist-info"
    package.mkdir()
    info.mkdir()
    (package / "__init__.py").write_text("")
    (package / "sound.py").write_bytes((FOLDER / "sound.py").read_bytes())
    (package / "plugin.py").write_bytes((FOLDER / f"{fault}.py").read_bytes())
    (info / "METADATA").write_text(METADATA)
    (info / "entry_points.txt").write_text(f"[parvis]\nbad = {PACKAGE}.plugin\n")
    sys.path.insert(0, str(site))
    importlib.invalidate_caches()
    entries = importlib.metadata.entry_points

    def ours(group: str) -> list[importlib.metadata.EntryPoint]:
        return [each for each in entries(group=group) if each.dist and each.dist.name == "parvis-bad"]

    try:
        with mock.patch("parvis.plugins.discovery.entry_points", ours):
            yield
    finally:
        sys.path.remove(str(site))
        for name in [each for each in sys.modules if each.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


def kit_says(fault: str) -> list[str]:
    """Every sentence of the contract's tests, in their order; a process of its own looks only at planted imports."""
    try:
        plugin = importlib.import_module(f"{PACKAGE}.plugin")
    except Exception as error:  # noqa: BLE001  whatever a vendor's test would show
        return [f"{type(error).__name__}: {error}"]
    contract = contract_of(plugin)
    told: list[str] = []
    for name in (each for each in vars(PluginContract) if each.startswith("test_")):
        if "imports" in name and "imports" not in fault:
            continue
        try:
            with mock.patch("parvis_sdk.testing.plugins.HOOK_LEFT", 30):
                getattr(contract, name)()
        except Exception as error:  # noqa: BLE001  whatever a vendor's test would show
            kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
            told += f"{kind}{error}".splitlines()
    return timeless(list(dict.fromkeys(told)))


def contract_of(module: ModuleType) -> PluginContract:
    """The contract of a plugin, with little patience."""

    class TestBad(PluginContract):
        plugin = module
        tries = 2
        seconds = 1.0

    return TestBad()


def host_says() -> list[str]:
    """Every trouble of a start and of `parvis plugins check`; where there is none, how its handlers fail."""
    found, troubles = find_plugins()
    with mock.patch.object(loading, "SECONDS", 1.0):
        plugins = load_plugins(found, troubles=troubles)
    told = [str(each) for each in (*plugins.troubles, *closer_look(plugins, ("fr", "en")))]
    return timeless(told or asyncio.run(deliveries(plugins)))


async def deliveries(plugins: PluginRegistry) -> list[str]:
    """How the host fares with each subscription, up to the first failure of it."""
    host, told = PluginThreads(), []
    with mock.patch.multiple(threads, BLOCKED=0.5, LATE=0.3):
        for each in plugins.subscriptions:
            async for failure in failures(plugins, each, host):
                told.append(failure)
                break
        await host.close()
    return told


async def failures(plugins: PluginRegistry, named: NamedSubscription, host: PluginThreads):
    handler, module = named.subscription.handler, sys.modules[f"{PACKAGE}.plugin"]
    receiver = Receiver(origin=named.origin, function=handler, module=module)
    for request_type in plugins.request_types.values():
        for each in happenings(request_type, named.subscription.needs):
            if not named.subscription.wants(each.event, request_type.code):
                continue
            call = lambda each=each: named.subscription.told(each.event, each.request)  # noqa: E731
            tried = await attempt(call, 3.0, function=handler, module=module, threads=host)
            tried = tried if isinstance(tried, Failure) else outcome_of(tried.value, receiver)
            if isinstance(tried, Failure):
                yield f"{named.name} · {tried.where} · {tried}"
            elif wished := tried.value.move:
                made = move(request_type.workflow, each.request.state, wished, "system", tried.value.given)
                if not isinstance(made, Moved):
                    yield f"{named.name} · {refusal_of(named.origin.name, wished, made).en}"
