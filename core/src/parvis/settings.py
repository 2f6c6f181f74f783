"""The settings of one installation: a TOML file, then `PARVIS_*` in the environment; secrets may lie in files.

    settings = read_settings(Path("parvis.toml"), os.environ)

Everything wrong is told at once, each mistake with its file, its key, what is wrong and what to do.
"""

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from importlib.metadata import entry_points
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from parvis.sections import (
    SECTIONS,
    FileSettings,
    OutgoingSettings,
    SignIn,
    SigningSettings,
    fields_of_sections,
    gathered,
    in_environment,
    spread,
)
from parvis.settings_checks import FORMER, from_folder, named_wrongly, taken_over
from parvis.signing import SecretKeys

PREFIX = "PARVIS_"
FILE_VARIABLE = "PARVIS_SETTINGS"
FILE_NAME = "parvis.toml"
BUILT_IN_PLUGINS = ("notify", "privacy")
NOT_SETTINGS = {FILE_VARIABLE, "PARVIS_CLOCK_OFFSET"}  # read elsewhere
PROVIDERS_SECRET = re.compile(rf"{PREFIX}SIGN_IN_\w+_SECRET(_FILE)?")  # read with their file
LEAST_SECRET = 32
PRIVATE = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
HIDDEN = "••••••••"


def N_(words: str) -> str:  # marks words for the catalogues, which say them in the reader's language
    return words


MEANINGS = {
    "territory": N_("folder of the towns: one folder for each jurisdiction"),
    "secret_key": N_("key that signs links, forms and sessions; 32 characters or more, always the same"),
    "secret_keys_before": N_("earlier keys, one per line: what they signed still opens"),
    "base_url": N_("public address of the default town, such as https://services.ville.example"),
    "host": N_("address to listen on"),
    "port": N_("port to listen on, 0 to 65535"),
    "data": N_("folder of received files and, without another database, of the database"),
    "database": N_("sqlite:///path or postgresql://user:password@host/name; empty: SQLite in the data folder"),
    "database_direct": N_(
        "PostgreSQL itself, where `database` is a pooler in transaction mode before it: for steps, backups and probes"
    ),
    "database_replica": N_("PostgreSQL that follows `database`: figures and open data are read there; empty: nowhere"),
    "database_connections": N_("connections to PostgreSQL for each process, 3 to 200"),
    "worker": N_("true or false: whether `parvis serve` also delivers; false where `parvis work` runs beside it"),
    "grace": N_("seconds given to running responses when the host is asked to stop, 1 to 300"),
    "drain": N_(
        "seconds during which `parvis serve`, asked to stop, still accepts requests but is no longer ready, 0 to 120"
    ),
    "trusted_proxies": N_("addresses whose X-Forwarded-For and -Proto headers are trusted"),
    "metrics_from": N_("addresses and networks that may read /metrics; others need a token with the scope `operate`"),
    "most_upload": N_("largest body of a request with files, in megabytes, 1 to 1000"),
    "files.scanner": N_("virus scanner for received files, by name, such as clamav; empty: none"),
    "files.store": N_("file storage, by name, such as s3_files; empty: in the data folder"),
    "files.also": N_("second file storage, read while files are being moved: another such name, or folder"),
    "signing.keys": N_(
        "folder with one key for each town, <town>.p12 or <town>.pem; then no document leaves without its signature"
    ),
    "signing.passphrase": N_("password of the keys, where they are locked"),
    "outgoing.proxy": N_("proxy for calls to other systems, such as http://proxy.ville.example:3128"),
    "outgoing.ca": N_("file of additional trusted certificate authorities, in PEM"),
    "outgoing.private": N_("internal addresses and networks that connectors may call; all public ones are allowed"),
    "outgoing.log_days": N_("days that calls to other systems are kept for operators to read, 0 to 365"),
    "outgoing.alerts": N_("addresses to write to when another system needs attention"),
    "outgoing.heartbeat": N_("mailbox that gets a message every five minutes, to prove that messages leave"),
    "outgoing.shown": N_("true or false: whether the public status page names the systems that are connected"),
    "outgoing.pause_days": N_("days of uninterrupted failure after which a connector is paused, 1 to 365"),
    "sign_in.providers": N_("file of the identity providers for town staff, see docs/sign-in.md"),
    "sign_in.passwords": N_("emails of the only accounts that may sign in with a password; empty: all"),
    "looks_days": N_("days that the access log is kept, 30 to 3650"),
    "templates": N_("folder of the town’s own templates, which replace ours by name"),
    "strict": N_("true or false: refuse to start when a plugin has a problem"),
    "demo": N_("true or false: demonstration mode, in which the mailbox is open and accounts are shown"),
    "log": N_("format of the log: readable or json"),
    "log_level": N_("lowest level to log: debug, info, warning or error"),
    "plugins": N_("one table for each plugin"),
}
SECRETS = {"secret_key", "secret_keys_before", "database", "database_direct", "database_replica", "signing.passphrase"}
NOT_IN_FILES = {"secret_key", "secret_keys_before", "signing.passphrase"}


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to correct before the host can start."""

    file: str
    key: str
    what: str
    todo: str

    def line(self) -> str:
        return " · ".join((self.file, self.key, self.what, self.todo))


class SettingsError(Exception):
    """The settings cannot be used; `mistakes` holds them all."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(mistake.line() for mistake in mistakes))


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What one process is told; `MEANINGS` says what each is for."""

    territory: Path
    secret_key: str
    secret_keys_before: tuple[str, ...] = ()
    base_url: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8000
    data: Path = Path("data")
    database: str = ""
    database_direct: str = ""
    database_replica: str = ""
    database_connections: Annotated[int, Meta(ge=3, le=200)] = 10
    worker: bool = True
    grace: Annotated[int, Meta(ge=1, le=300)] = 10
    drain: Annotated[int, Meta(ge=0, le=120)] = 0
    trusted_proxies: tuple[str, ...] = ()
    metrics_from: tuple[str, ...] = PRIVATE
    most_upload: Annotated[int, Meta(ge=1, le=1000)] = 80
    looks_days: Annotated[int, Meta(ge=30, le=3650)] = 730
    templates: Path | None = None
    strict: bool = False
    demo: bool = False
    log: Literal["readable", "json"] = "readable"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    files: FileSettings = FileSettings()
    signing: SigningSettings = SigningSettings()
    outgoing: OutgoingSettings = OutgoingSettings()
    sign_in: SignIn = SignIn()
    plugins: dict[str, dict[str, Any]] = {}
    origins: dict[str, str] = {}

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'parvis.sqlite'}"

    @property
    def server_url(self) -> str:
        """The database itself, past a pooler."""
        return self.database_direct or self.database_url

    @property
    def address(self) -> str:
        """Where people find the portal."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def secret(self) -> SecretKeys:
        return SecretKeys.of(self.secret_key, self.secret_keys_before)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as it may be printed: a secret says only that it is there."""

    key: str
    value: str
    origin: str
    meaning: str


FIELDS = {
    field.name: field for field in msgspec.structs.fields(Settings) if field.name not in ("origins", *SECTIONS)
} | fields_of_sections()


def read_settings(file: Path | None, environ: Mapping[str, str], **given: Any) -> Settings:
    """The settings out of a file (if any), the environment, and what the command line gives, the last one winning."""
    reading = SettingsReader(file, environ)
    values, origins = reading.values, reading.origins
    for key, value in given.items():
        values[key], origins[key] = value, "command line"
    reading.complete()
    if reading.mistakes:
        raise SettingsError(tuple(reading.mistakes))
    return Settings(**gathered(values), origins=origins)


def settings_file(environ: Mapping[str, str], given: Path | None = None, folder: Path | None = None) -> Path | None:
    """The file to read: the one given, the one named in the environment, or `parvis.toml` here."""
    if given is not None:
        return given
    if environ.get(FILE_VARIABLE):
        return Path(environ[FILE_VARIABLE])
    found = (folder or Path()) / FILE_NAME
    return found if found.is_file() else None


def listing(settings: Settings) -> tuple[Line, ...]:
    """Every setting with its value, where it comes from and what it means; secrets hidden, plugins flattened."""
    lines = [
        Line(
            key=key,
            value=shown(key, attrgetter(key)(settings)),
            origin=settings.origins.get(key, "default"),
            meaning=MEANINGS[key],
        )
        for key in FIELDS
        if key != "plugins"
    ]
    for plugin, table in sorted(settings.plugins.items()):
        lines += [
            Line(
                key=f"plugins.{plugin}.{key}",
                value=guarded(key, value),
                origin=settings.origins.get("plugins", "default"),
                meaning="",
            )
            for key, value in sorted(table.items())
        ]
    return tuple(lines)


class SettingsReader:
    """One reading of file and environment, which goes on after each mistake."""

    def __init__(self, file: Path | None, environ: Mapping[str, str]) -> None:
        self.file = file
        self.environ = environ
        self.values: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.former: dict[str, Any] = {}
        self.mistakes: list[Mistake] = []
        if file is not None:
            self.read_file(file)
        self.read_environment()

    def wrong(self, place: str, key: str, what: str, todo: str) -> None:
        self.mistakes.append(Mistake(file=place, key=key, what=what, todo=todo))

    def read_file(self, file: Path) -> None:
        try:
            table = tomllib.loads(file.read_text("utf-8"))
        except OSError as error:
            return self.wrong(
                str(file), "", f"cannot be read ({error.strerror})", "name a file that exists and may be read"
            )
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            return self.wrong(str(file), "", f"is not TOML: {error}", "correct this line")
        for key, value in spread(table):
            if key == FORMER and isinstance(value, dict):
                for name, inner in value.items():
                    self.take_former(name, from_folder(name, inner, file.parent), str(file))
            elif key.endswith("_file") and key.removesuffix("_file") in SECRETS:
                self.take_secret_file(key.removesuffix("_file"), str(value), file.parent, f"{file} ({key})")
            elif key in NOT_IN_FILES:
                self.wrong(
                    str(file),
                    key,
                    "a secret does not belong in this file",
                    f"set {PREFIX}{key.upper().replace('.', '_')}, or {key}_file here",
                )
            elif key not in FIELDS:
                self.wrong(str(file), key, "is not a setting", f"remove it{did_you_mean(key, FIELDS)}")
            else:
                self.take(key, value, str(file), file.parent)
        return None

    def read_environment(self) -> None:
        plugins = {
            *BUILT_IN_PLUGINS,
            *self.values.get("plugins", {}),
            *(point.name for point in entry_points(group="parvis")),
        }
        prefixes = tuple(f"{PREFIX}{name.upper()}_" for name in plugins)
        for name, value in sorted(self.environ.items()):
            if not name.startswith(PREFIX) or name in NOT_SETTINGS or name.startswith(prefixes):
                continue
            if PROVIDERS_SECRET.fullmatch(name):
                continue
            key = in_environment(name.removeprefix(PREFIX).lower())
            if key.startswith(f"{FORMER}_"):
                self.take_former(key.removeprefix(f"{FORMER}_"), value, name)
                continue
            if key in FIELDS and key != "plugins":
                self.take(key, value, name, Path())
            elif key.endswith("_file") and key.removesuffix("_file") in SECRETS:
                self.take_secret_file(key.removesuffix("_file"), value, Path(), name)
            elif near := did_you_mean(key, FIELDS) or almost_a_plugin(key, plugins):
                self.wrong("environment", name, "is not a setting", f"unset it{near}")

    def take_former(self, name: str, value: Any, origin: str) -> None:
        self.former[name], self.origins[f"{FORMER}.{name}"] = value, origin

    def take_secret_file(self, key: str, path: str, folder: Path, origin: str) -> None:
        try:
            value = (folder / path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            return self.wrong(
                origin, key, f"{path} cannot be read ({error})", "name a file that holds the secret and nothing else"
            )
        return self.take(key, value, f"{origin}: {path}", folder)

    def take(self, key: str, value: Any, origin: str, folder: Path) -> None:
        kind = FIELDS[key].type
        if isinstance(value, str) and "tuple" in str(kind):
            parts = value.splitlines() if key in SECRETS else value.split(",")  # a secret may have a comma
            value = [part.strip() for part in parts if part.strip()]
        try:
            read = msgspec.convert(value, kind, strict=not isinstance(value, str), dec_hook=as_path)
        except msgspec.ValidationError as error:
            return self.wrong(origin, key, reworded(error), MEANINGS[key])
        self.values[key] = folder / read if isinstance(read, Path) else read
        self.origins[key] = origin
        return None

    def complete(self) -> None:
        """What can be seen only when everything is read."""
        if self.former:
            taken_over(self.former, self.values)
        told = {mistake.key for mistake in self.mistakes}
        for key in ("territory", "secret_key"):
            if key not in self.values and key not in told:
                where = (
                    f"set it in {self.file or FILE_NAME}"
                    if key == "territory"
                    else f"set {PREFIX}SECRET_KEY or {PREFIX}SECRET_KEY_FILE"
                )
                self.wrong("settings", key, "is missing", f"{where}: {MEANINGS[key]}")
        self.look_at_keys()
        for each in named_wrongly(self.values):
            self.wrong(self.origins[each.key], each.key, each.what, each.todo or MEANINGS[each.key])

    def look_at_keys(self) -> None:
        signs, before = self.values.get("secret_key"), self.values.get("secret_keys_before", ())
        make = "make a long one, for example: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        take = "give those that were secret_key before, each on a line of its own, the oldest last"
        for key, each, todo in (("secret_key", signs, make), *(("secret_keys_before", each, take) for each in before)):
            if each is not None and len(each) < LEAST_SECRET:
                what = f"has {len(each)} characters, {LEAST_SECRET} are needed"
                self.wrong(self.origins[key], key, what, todo)


def as_path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str) and value:
        return Path(value)
    raise msgspec.ValidationError("Expected a path")


def reworded(error: msgspec.ValidationError) -> str:
    words = str(error).partition(" - at")[0].replace("`", "")
    return words[:1].lower() + words[1:]


def did_you_mean(key: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(key, known, 1, 0.75)
    return f"; did you mean '{near[0]}'?" if near else ""


def almost_a_plugin(key: str, plugins: Collection[str]) -> str:
    """Whether a variable begins with almost the name of a plugin, such as `notfy_host`, or `plugins_notify_host`."""
    if key.startswith("plugins_"):
        return f"; did you mean '{PREFIX}{key.removeprefix('plugins_').upper()}'?"
    words = key.split("_")
    for many in range(len(words) - 1, 0, -1):
        begins, rest = "_".join(words[:many]), "_".join(words[many:])
        if near := difflib.get_close_matches(begins, plugins, 1, 0.85):
            return f"; did you mean '{PREFIX}{near[0].upper()}_{rest.upper()}'?"
    return ""


def shown(key: str, value: Any) -> str:
    is_address = key in ("database", "database_direct", "database_replica")
    if is_address and "@" in str(value):
        scheme, _, rest = str(value).partition("://")
        user, _, place = rest.rpartition("@")
        return f"{scheme}://{user.partition(':')[0]}:{HIDDEN}@{place}"
    if is_address:
        return str(value)
    if key in SECRETS:
        return HIDDEN if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def guarded(key: str, value: Any) -> str:
    """A plugin's own setting, about as it is written in a file: what may be a secret by its name is not printed."""
    if any(word in key.lower() for word in ("secret", "password", "token", "key")):
        return HIDDEN
    return value if isinstance(value, str) else msgspec.json.encode(value, enc_hook=str).decode()
