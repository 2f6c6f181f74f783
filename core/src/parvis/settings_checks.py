"""What can be seen of settings only by what they name: addresses, ports, networks, mailboxes, folders and files."""

import os
import re
import socket
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from parvis_sdk.calling import is_address

EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
SQLITE = "sqlite:///"
DATABASES = (SQLITE, "postgresql://", "postgres://")
NETWORKS = ("metrics_from", "outgoing.private", "trusted_proxies")
EVERYBODY = ("trusted_proxies", "*")
FOLDERS, FILES = ("signing.keys", "templates"), ("outgoing.ca", "sign_in.providers")
NO_PORT = "its port is not one of 1 to 65535"


class NamedWrongly(Struct, frozen=True, kw_only=True):
    """A setting whose value names nothing that there is; without `todo`, its meaning says what to write."""

    key: str
    what: str
    todo: str = ""


def named_wrongly(values: Mapping[str, Any]) -> Iterator[NamedWrongly]:
    """Everything that settings name wrongly. What may hold a password is not repeated."""
    if url := values.get("base_url"):
        parts = urlsplit(url) if is_address(url) else None
        if parts is None or parts.path.strip("/") or parts.query:
            what = f"'{url}' is not the address of a site" if has_port(url) else NO_PORT
            yield NamedWrongly(key="base_url", what=what, todo="write it like https://services.ville.example")
    if what := _wrong_with_database(values.get("database") or ""):
        yield NamedWrongly(key="database", what=what)
    for key in ("database_direct", "database_replica"):
        if what := _wrong_beside(values.get(key) or "", values.get("database") or ""):
            yield NamedWrongly(key=key, what=what)
    if what := _wrong_with_proxy(values.get("outgoing.proxy") or ""):
        yield NamedWrongly(key="outgoing.proxy", what=what)
    yield from _networks(values)
    yield from _mailboxes(values)
    yield from _paths(values)


def _wrong_with_database(url: str) -> str:
    """Why no database is opened by this address, or not the one that is meant; its password is not repeated."""
    if not url:
        return ""
    if not url.startswith(DATABASES):
        return f"'{url.partition(':')[0]}' is not a supported kind of database"
    if url.startswith(SQLITE):
        file = Path(unquote(url.removeprefix(SQLITE)))
        return f"{file} is a folder, not a file" if file.is_dir() else folder_refused(file.parent)
    parts = urlsplit(url)
    if not all(has_port(f"//{place}") for place in parts.netloc.rpartition("@")[2].split(",")):  # of several hosts
        return NO_PORT
    # Without a name, PostgreSQL opens the database that is called like the user: nobody's intention.
    named = parts.path.strip("/") or {"database", "dbname"} & set(parse_qs(parts.query))
    return "" if named else "names no database"


def _wrong_beside(direct: str, database: str) -> str:
    """Why this is not the address of the server to which a pooler leads, or of one that follows it."""
    if not direct:
        return ""
    if any(each.startswith(SQLITE) or not each for each in (direct, database)):
        return "is for PostgreSQL, and `database` names none"
    return "is the same as `database`" if direct == database else _wrong_with_database(direct)


def _wrong_with_proxy(url: str) -> str:
    """Why no call leaves by this proxy; its password is not repeated. Without a port, it would be that of a site."""
    if not url:
        return ""
    if not url.startswith(("http://", "https://")):
        return f"'{url.partition(':')[0]}' is not a supported kind of proxy"
    if not has_port(url):
        return NO_PORT
    return "names no port" if urlsplit(url).hostname and urlsplit(url).port is None else _no_host(url)


def _no_host(url: str) -> str:
    return "" if is_address(url) else "names no host"


def _networks(values: Mapping[str, Any]) -> Iterator[NamedWrongly]:
    """A name is no address: a proxy that is trusted by its name is never recognised."""
    for key in NETWORKS:
        for network in values.get(key, ()):
            if not is_network(network) and (key, network) != EVERYBODY:
                what = f"'{network}' is neither an address nor a network"
                yield NamedWrongly(key=key, what=what, todo="write it like 10.1.2.3 or 10.1.0.0/16")


def _mailboxes(values: Mapping[str, Any]) -> Iterator[NamedWrongly]:
    lists = ("outgoing.alerts", "sign_in.passwords")
    named = [(key, each) for key in lists for each in values.get(key, ())]
    for key, address in (*named, ("outgoing.heartbeat", values.get("outgoing.heartbeat") or "")):
        if address and not EMAIL.fullmatch(address):
            yield NamedWrongly(key=key, what=f"'{address}' is not an e-mail address")


def _paths(values: Mapping[str, Any]) -> Iterator[NamedWrongly]:
    """What must be there before anything starts."""
    if (data := values.get("data")) is not None and data.exists() and not data.is_dir():
        yield NamedWrongly(key="data", what=f"{data} is not a folder", todo="name a folder, which may be new")
    elif data is not None and (what := folder_refused(data)):
        yield NamedWrongly(key="data", what=what, todo="name a folder, which may be new")
    for key in (*FOLDERS, *FILES):
        path = values.get(key)
        if path is not None and not (path.is_dir() if key in FOLDERS else path.is_file()):
            kind = "folder" if key in FOLDERS else "file"
            yield NamedWrongly(key=key, what=f"{path} is not a {kind}", todo=f"name a {kind} that exists")


def folder_refused(folder: Path) -> str:
    """Why a folder, with those above it, cannot be made where it is not there yet; empty when it can, or is there."""
    if folder.is_dir():
        return ""
    whole = folder.absolute()
    above = next(each for each in (whole, *whole.parents) if each.exists())
    if not above.is_dir():
        return f"{folder} cannot be created: {above} is not a folder"
    return "" if os.access(above, os.W_OK | os.X_OK) else f"{folder} cannot be created: {above} is not writable"


def not_here(host: str) -> str:
    """Why this machine cannot listen on that address; empty when it can, whatever listens there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        try:
            tried.bind((host, 0))
        except (OSError, UnicodeError) as error:
            return getattr(error, "strerror", None) or str(error)
    return ""


def has_port(url: str) -> bool:
    """Whether an address has no port, or one that there is."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def is_network(given: str) -> bool:
    try:
        ip_network(given, strict=False)
    except ValueError:
        return False
    return True


FORMER = "antivirus"
NOW, SCANNER = "clamav", "files.scanner"


def taken_over(former: Mapping[str, Any], values: dict[str, Any]) -> None:
    """Put `[antivirus]` where it belongs now: into the table of its plugin, which is chosen unless another one is."""
    plugins = values.get("plugins", {})
    values["plugins"] = plugins | {NOW: {**former, **plugins.get(NOW, {})}}
    if former.get("socket") or former.get("host"):
        values.setdefault(SCANNER, NOW)


def from_folder(key: str, value: Any, folder: Path) -> Any:
    """A value as it was read: paths are those seen from the folder of the file."""
    return str(folder / value) if key == "socket" and isinstance(value, str) and value else value


def still_named(origins: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Each setting that has its former name: file, key, what it is called now, what to do."""
    for key, file in origins.items():
        name = key.removeprefix(f"{FORMER}.")
        if name != key:
            todo = f'rename it there, and choose the scanner: {SCANNER} = "{NOW}"; the old name goes with 0.3'
            yield file, key, f"is called plugins.{NOW}.{name} now", todo
