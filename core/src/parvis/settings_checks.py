"""What can be seen of settings only by what they name: addresses, ports, networks, mailboxes, folders and files."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from parvis_sdk.calling import is_address

EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
DATABASES = ("sqlite:///", "postgresql://", "postgres://")
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
    database = values.get("database") or ""
    if database and not database.startswith(DATABASES):
        yield NamedWrongly(key="database", what=f"'{database.partition(':')[0]}' is not a kind of database we know")
    elif database.startswith("postgres") and not has_port(database):
        yield NamedWrongly(key="database", what=NO_PORT)
    if (proxy := values.get("outgoing.proxy")) and not is_address(proxy):
        known = proxy.startswith(("http://", "https://"))
        kind = f"'{proxy.partition(':')[0]}' is not a kind of proxy we know"
        yield NamedWrongly(
            key="outgoing.proxy", what=kind if not known else "names no host" if has_port(proxy) else NO_PORT
        )
    yield from _networks(values)
    yield from _mailboxes(values)
    yield from _paths(values)


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
    for key in (*FOLDERS, *FILES):
        path = values.get(key)
        if path is not None and not (path.is_dir() if key in FOLDERS else path.is_file()):
            kind = "folder" if key in FOLDERS else "file"
            yield NamedWrongly(key=key, what=f"{path} is not a {kind}", todo=f"name a {kind} that exists")


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
