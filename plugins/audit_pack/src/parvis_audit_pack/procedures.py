"""The rules under which the work was done: request types as they were pinned, levels promised, the town’s files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parvis.jurisdictions import Jurisdiction
from parvis.modules import ModuleRegistry, part
from parvis.requests.clocks.clocks import Clock
from parvis.requests.host import Host
from parvis_audit_pack.covering import Audit
from parvis_audit_pack.results import promised
from parvis_rulesets.files import written_as_file
from parvis_rulesets.versions import Ruleset, Version, versions_within
from parvis_sdk.request_types import RequestType, load_type
from parvis_sdk.text import Text

InPeriod = tuple[Ruleset[Any], Sequence[Version[Any]]]  # a rule set, and its versions that were in force in the period


def procedures_by_owner(modules: ModuleRegistry) -> tuple[tuple[str, Ruleset[Any]], ...]:
    """Those of every module that is installed, on in some town or not, with its name."""
    named = modules.packages("procedures").items()
    return tuple((owner, kept) for owner, name in named for kept in part(name).PROCEDURES)


def procedures_of(host: Host, town: Jurisdiction) -> tuple[Ruleset[Any], ...]:
    """What a town puts in force by versions now, by the modules that it has."""
    there = host.modules.of(town)
    return tuple(kept for owner, kept in procedures_by_owner(host.modules.registry) if there.has(owner))


async def procedures_within(host: Host, audit: Audit) -> list[InPeriod]:
    """What it puts in force now with what was in force in the period, also by a module that it has no more."""
    town, today = audit.town, procedures_of(host, audit.town)
    every = [kept for _, kept in procedures_by_owner(host.modules.registry)]
    versions = [(kept, await versions_within(kept, town, audit.since, audit.until)) for kept in every]
    return [(kept, those) for kept, those in versions if those or kept in today]


class Procedures:
    """Grows with each request: what it was made under is in force."""

    def __init__(
        self,
        town: Jurisdiction,
        town_files: Mapping[str, bytes],
        titles: Mapping[str, Text],
        versions: Sequence[InPeriod] = (),
    ) -> None:
        self.town, self.town_files, self.titles, self.versions = town, town_files, titles, versions
        self.kinds: dict[str, RequestType] = {}
        self.bodies: dict[str, str] = {}
        self.levels: dict[tuple[str, str, int, str, str], list[object]] = {}
        self.clocks: dict[tuple[str, str, int, str, str], int] = {}

    def add(self, digest: str, body: str) -> None:
        """A declaration that a request was made under, as it is kept."""
        self.kinds[digest], self.bodies[digest] = load_type(body), body

    def promised(self, type_code: str, clock: Clock) -> None:
        """A level that a request was promised."""
        level = clock.allowance
        key = (type_code, clock.code, *promised(clock), clock.until)
        self.levels.setdefault(key, [level.title.fr, level.title.en, level.since, level.pauses, level.statutory])
        self.clocks[key] = self.clocks.get(key, 0) + 1

    def sheets(self) -> dict[str, Iterator[list[object]]]:
        """The rows of the sheets about rule sets."""
        return {
            "procedures/types.csv": (
                [
                    digest,
                    request_type.code,
                    request_type.version,
                    request_type.title.fr,
                    request_type.title.en,
                    _type_file(digest, request_type),
                ]
                for digest, request_type in self._sorted()
            ),
            "procedures/levels.csv": ([*key, *said, self.clocks[key]] for key, said in sorted(self.levels.items())),
            **{kept.sheet.name: _versions(versions, kept.sheet.file) for kept, versions in self.versions},
            "procedures/kinds.csv": ([code, title.fr, title.en] for code, title in sorted(self.titles.items())),
            "procedures/units.csv": (
                [unit.code, unit.parent, unit.name.fr, unit.name.en] for unit in self.town.units.values()
            ),
        }

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Each declaration whole, byte for byte what its digest is of; and the town's own files."""
        for digest, request_type in self._sorted():
            yield _type_file(digest, request_type), self.bodies[digest].encode()
        for kept, versions in self.versions:
            for version in versions:
                yield kept.sheet.file.format(version.number), written_as_file(kept, version.body).encode()
        for name, content in sorted(self.town_files.items()):
            yield f"procedures/town/{name}", content

    def _sorted(self) -> list[tuple[str, RequestType]]:
        return sorted(self.kinds.items(), key=lambda each: (each[1].code, each[0]))


def _versions(versions: Sequence[Version[Any]], file: str) -> Iterator[list[object]]:
    return ([each.number, each.at, each.by, each.word, each.back_to, file.format(each.number)] for each in versions)


def _type_file(digest: str, request_type: RequestType) -> str:
    return f"procedures/types/{request_type.code}-{digest[:12]}.json"
