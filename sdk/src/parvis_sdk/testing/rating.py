"""Rates a plugin on three levels: works, trusted, exemplary.

    evidence = evidence_of("bikes", plugin, distribution("parvis-bikes"), folder=Path("."))
    report = rate(evidence)
    report.level, [rule.why for rule in report.rules if rule.found == "broken"]

A rule is a small function of what there is to see. What no machine can find out is no rule.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import Distribution
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parvis_sdk.testing.plugins import NOUNS, answer_of, hooks_of
from parvis_sdk.text import Text

Level = Literal["works", "trusted", "exemplary"]
LEVELS: tuple[Level, ...] = ("works", "trusted", "exemplary")
FoundOut = Literal["kept", "broken", "unseen"]
MOST_REASONS = 5


class Evidence(Struct, frozen=True, kw_only=True):
    """What there is to see of a plugin: its module, what its distribution says of itself, and its files.

    `folder` is where its sources are, with tests and all; None where there is a wheel only. `told` is what a host found
    to say against it; None where there is no host.
    """

    name: str
    plugin: ModuleType
    settings: Any = None
    requires: tuple[str, ...] = ()
    version: str = ""
    python: str = ""
    licence: str = ""
    description: str = ""
    package: Path
    folder: Path | None = None
    told: tuple[str, ...] | None = ()

    def nouns(self) -> Iterator[Any]:
        """Everything it declares with its default settings."""
        for hook in NOUNS:
            yield from answer_of(self.plugin, hook, self.settings)

    def sources(self) -> Iterator[tuple[Path, ast.Module]]:
        """Each Python file of its package, read."""
        for path in sorted(self.package.rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))

    def place(self, path: Path, line: int) -> str:
        """A line of its package as a message names it."""
        return f"{path.relative_to(self.package.parent)}:{line}"


class Unseen(Exception):
    """A rule cannot be evaluated; the message says what is missing."""

    def __init__(self, what: Text) -> None:
        self.what = what
        super().__init__(what.en)


Reasons = Callable[[Evidence], Iterable[str]]


class Rule(Struct, frozen=True, kw_only=True):
    """One rule: from which level on it holds, in a sentence, and what is found against it."""

    code: str
    level: Level
    says: Text
    reasons: Reasons


class Judged(Struct, frozen=True, kw_only=True):
    """The result of one rule for one plugin: kept, broken with reasons, or not visible."""

    code: str
    level: Level
    says: Text
    found: FoundOut
    why: tuple[str, ...] = ()


class Report(Struct, frozen=True, kw_only=True):
    """The rating of a plugin; `level` is empty if it does not reach the first level."""

    name: str
    version: str
    level: Level | Literal[""]
    rules: tuple[Judged, ...]

    @property
    def unseen(self) -> tuple[Judged, ...]:
        """The rules that could not be evaluated."""
        return tuple(each for each in self.rules if each.found == "unseen")


def rate(evidence: Evidence, rules: Iterable[Rule] | None = None) -> Report:
    """Rates a plugin by every rule; its level is the last one up to which no rule is broken."""
    from parvis_sdk.testing.rating_rules import RULES  # which stand on what is written here

    judged = tuple(judge(rule, evidence) for rule in (RULES if rules is None else rules))
    reached: Level | Literal[""] = ""
    for level in LEVELS:
        if any(each.level == level and each.found == "broken" for each in judged):
            break
        reached = level
    return Report(name=evidence.name, version=evidence.version, level=reached, rules=judged)


def judge(rule: Rule, evidence: Evidence) -> Judged:
    """Evaluates one rule; of many reasons only the first are kept."""
    try:
        why = tuple(rule.reasons(evidence))
    except Unseen as unseen:
        return Judged(code=rule.code, level=rule.level, says=rule.says, found="unseen", why=(unseen.what.en,))
    shown = (*why[:MOST_REASONS], *([f"and {len(why) - MOST_REASONS} more"] if len(why) > MOST_REASONS else []))
    return Judged(code=rule.code, level=rule.level, says=rule.says, found="broken" if why else "kept", why=shown)


def evidence_of(
    name: str,
    plugin: ModuleType,
    distribution: Distribution,
    *,
    folder: Path | None = None,
    told: Iterable[str] | None = (),
) -> Evidence:
    """The evidence about a plugin that can be imported here."""
    metadata: Any = distribution.metadata
    classifiers = [each for each in metadata.get_all("Classifier") or () if each.startswith("License ::")]
    return Evidence(
        name=name,
        plugin=plugin,
        settings=usual_settings(plugin),
        requires=tuple(distribution.requires or ()),
        version=distribution.version,
        python=metadata.get("Requires-Python") or "",
        licence=metadata.get("License-Expression") or metadata.get("License") or "".join(classifiers[:1]),
        description=readme(folder) or str(metadata.get_payload() or ""),
        package=Path(inspect.getfile(plugin)).parent,
        folder=folder,
        told=None if told is None else tuple(told),
    )


def readme(folder: Path | None) -> str:
    path = folder / "README.md" if folder else None
    return path.read_text("utf-8") if path and path.is_file() else ""


def usual_settings(plugin: ModuleType) -> Any:
    """Its default settings; None if it has none, or if some are required."""
    function = hooks_of(plugin).get("settings")
    if function is None:
        return None
    try:
        return msgspec.convert({}, function())
    except msgspec.ValidationError:
        return None
