"""The licence of everything that is installed, as somebody read it, and what a licence must not be."""

import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

LICENCES = Path(__file__).parent / "licences.toml"


class Licences(NamedTuple):
    """What may be installed (`allowed`), and what each dependency is under, by its name."""

    allowed: frozenset[str]
    python: Mapping[str, str]
    front_end: Mapping[str, str]
    bundled: Mapping[str, str]
    """Libraries that binary wheels carry, by the beginning of their file's name."""


def read_licences(path: Path = LICENCES) -> Licences:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Licences(frozenset(told["allowed"]), told["python"], told["front_end"], told["bundled"])


def refused(named: Mapping[str, str], allowed: frozenset[str]) -> list[str]:
    """Those under a licence that is not allowed; of several that one may choose from, one allowed is enough."""
    return [f"{name}: {licence}" for name, licence in sorted(named.items()) if not is_allowed(licence, allowed)]


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    choices = canonicalize_license_expression(expression).split(" OR ")
    return any(all(part.strip("() ") in allowed for part in choice.split(" AND ")) for choice in choices)


def said_by(distribution: Distribution) -> str | None:
    """The licence that a distribution's own metadata states as an expression of SPDX; None where it states none."""
    told = distribution.metadata
    for said in (told.get("License-Expression"), told.get("License")):
        if said:
            try:
                return canonicalize_license_expression(said)
            except InvalidLicenseExpression:
                continue
    return None


def contradicted(python: Mapping[str, str], installed: Iterable[Distribution]) -> list[str]:
    """Dependencies that say of themselves another licence than the one written down."""
    found = []
    for distribution in installed:
        written, said = python.get(canonicalize_name(distribution.name)), said_by(distribution)
        if written and said and canonicalize_license_expression(written) != said:
            found.append(f"{distribution.name} {distribution.version}: {said}, written down as {written}")
    return found


def bundled_in(site_packages: Path) -> list[str]:
    """The libraries of others that wheels carry in a folder `*.libs`, as `folder/file`."""
    return sorted(f"{path.parent.name}/{path.name}" for path in site_packages.glob("*.libs/*.so*"))


def of_library(library: str, bundled: Mapping[str, str]) -> str:
    """The licence of a bundled library; a question mark where nobody has written it down."""
    name = library.partition("/")[2]
    found = [known for known in bundled if name.startswith(known)]
    return bundled[max(found, key=len)] if found else "?"


def installed_in(site_packages: Path) -> Iterable[Distribution]:
    return distributions(path=[str(site_packages)])
