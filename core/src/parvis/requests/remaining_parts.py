"""Parts of requests made before, where a town offers nothing with such a part any more: their pages stay in reach."""

from collections.abc import Iterator

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.offered import parts_in, whole_types
from parvis.requests.parts.part_kinds import PartKind
from parvis.requests.parts.together import kinds_installed
from parvis_sdk.parts import Part

KEPT = "SELECT 1 FROM {table} p JOIN service_request r ON r.id = p.request WHERE r.jurisdiction = {{}} LIMIT 1"


class RemainingParts(set[tuple[str, str]]):
    """Kinds of part by their word, after the town, of which there are rows and which nothing that it offers has."""

    asked: frozenset[tuple[str, str]] = frozenset()

    async def look(self, host: Host) -> None:
        """Read again where other kinds are offered than at the last look: a statement for each kind that is not."""
        wanted = {(town.code, kind.word): (town, kind) for town, kind in _not_offered(host)}
        if self.asked == wanted.keys():
            return
        found = {key for key, (town, kind) in wanted.items() if await _is_kept(town, kind)}
        self.asked = frozenset(wanted)
        self.clear()
        self.update(found)


def has_part(host: Host, town: Jurisdiction, *nouns: type[Part]) -> bool:
    """Whether anything that this town offers, or a request made before, has a part of one of these kinds."""
    remaining = host.of(RemainingParts)
    offered = (part for request_type in whole_types(host, town) for part in request_type.parts)
    return any((town.code, noun.part) in remaining for noun in nouns) or any(
        isinstance(part, nouns) for part in offered
    )


def is_there(host: Host, town: Jurisdiction, module: str, remains: str = "") -> bool:
    """Whether what a module brings is there in a town: the module is, or, where it is off, parts of this kind are."""
    return host.modules.of(town).has(module) or (town.code, remains) in host.of(RemainingParts)


def _not_offered(host: Host) -> Iterator[tuple[Jurisdiction, PartKind]]:
    kept = [each for each in kinds_installed(host) if each.rows is not None]
    for town in host.jurisdictions.by_code.values():
        parts = [part for request_type in whole_types(host, town) for part in request_type.parts]
        here = {each.word for each in kept if any(isinstance(part, each.noun) for part in parts)}
        offered = here & parts_in(host.modules, town)
        yield from ((town, each) for each in kept if each.word not in offered)


async def _is_kept(town: Jurisdiction, kind: PartKind) -> bool:
    assert kind.rows is not None  # noqa: S101 - those without are never asked of
    return bool(await ServiceRequest.raw(KEPT.format(table=kind.rows._meta.tablename), town.code))
