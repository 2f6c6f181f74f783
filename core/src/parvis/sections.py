"""Tables of the settings file that hold several settings of one matter, each known elsewhere by `table.setting`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, structs


class FileSettings(Struct, frozen=True, kw_only=True):
    """What looks at received files and where they lie, by names of what plugins bring; else nothing, and a folder.

    `also` is where contents that move to `store` may still lie.
    """

    scanner: str = ""
    store: str = ""
    also: str = ""


class SigningSettings(Struct, frozen=True, kw_only=True):
    """The keys with which towns sign their documents; without a folder of keys, documents are not signed."""

    keys: Path | None = None
    passphrase: str = ""


class OutgoingSettings(Struct, frozen=True, kw_only=True):
    """How connectors and locators reach other systems, who is written to when one of them needs a person, and what the
    public status page says of them."""

    proxy: str = ""
    ca: Path | None = None
    private: tuple[str, ...] = ()
    log_days: Annotated[int, Meta(ge=0, le=365)] = 14
    alerts: tuple[str, ...] = ()
    heartbeat: str = ""
    shown: bool = False
    pause_days: Annotated[int, Meta(ge=1, le=365)] = 5


class SignIn(Struct, frozen=True, kw_only=True):
    """How the people of the towns come in: the file of the providers, and whose passwords still let them in (nobody
    named: everybody's)."""

    providers: Path | None = None
    passwords: tuple[str, ...] = ()


SECTIONS: Mapping[str, type[Struct]] = {
    "files": FileSettings,
    "signing": SigningSettings,
    "outgoing": OutgoingSettings,
    "sign_in": SignIn,
}


def spread(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The settings of a file one by one; those of a section as `section.setting`."""
    for key, value in table.items():
        if key in SECTIONS and isinstance(value, dict):
            yield from ((f"{key}.{name}", inner) for name, inner in value.items())
        else:
            yield key, value


def gathered(values: Mapping[str, Any]) -> dict[str, Any]:
    """The other way round: what was read one by one as `Settings` takes it."""
    plain = {key: value for key, value in values.items() if "." not in key}
    for section, kind in SECTIONS.items():
        given = {key.partition(".")[2]: value for key, value in values.items() if key.startswith(f"{section}.")}
        if given:
            plain[section] = kind(**given)
    return plain


def fields_of_sections() -> dict[str, structs.FieldInfo]:
    """Every setting of a section by its whole name."""
    return {f"{section}.{field.name}": field for section, kind in SECTIONS.items() for field in structs.fields(kind)}


def in_environment(key: str) -> str:
    """`files_scanner` of the environment is `files.scanner`."""
    for section in SECTIONS:
        if key.startswith(f"{section}_"):
            return f"{section}.{key.removeprefix(f'{section}_')}"
    return key
