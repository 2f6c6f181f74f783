"""What a person typed in a form of ours, from the flat names of HTML to the nested shape that `Form.read` takes."""

from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException

from parvis.web.security import CSRF_FIELD
from parvis.web.strict import MOST_WORDS
from parvis_sdk.cleaning import clean

MOST_FIELDS = 1_000
GEOMETRY = ".geometry"
DEEPEST = 4


class FormInput(msgspec.Struct, frozen=True, kw_only=True):
    """Answers by question code, nested (`place.lon`, `lamps.0.fault`), and the files sent for each name."""

    values: dict[str, Any]
    files: dict[str, list[UploadFile]]

    def text(self, name: str, default: str = "") -> str:
        """One plain value; nothing where a list or a group was sent."""
        value = self.values.get(name, default)
        return value if isinstance(value, str) else default

    def all(self, name: str) -> tuple[str, ...]:
        """Every plain value that was sent under one name."""
        value = self.values.get(name, ())
        given = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return tuple(each for each in given if isinstance(each, str))

    @property
    def version(self) -> int | None:
        """The version of the request that the person saw when they filled in the form."""
        return self.number("version")

    def number(self, name: str) -> int | None:
        """A count or an edition that a page of ours gave its form; nothing where it is none."""
        given = self.text(name)
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None


async def typed(request: Request[Any, Any, Any]) -> FormInput:
    """The form of this request, read once; the token of `protect_forms` is left out."""
    pairs = list((await request.form()).multi_items())
    if len(pairs) > MOST_FIELDS:
        raise ClientException("The form has too many fields.")
    if sum(len(value) for _, value in pairs if isinstance(value, str)) > MOST_WORDS:
        raise ClientException("The form is too large.", status_code=413)
    texts = [(name, clean(value)) for name, value in pairs if isinstance(value, str) and name != CSRF_FIELD]
    files: dict[str, list[UploadFile]] = {}
    for name, value in pairs:
        if isinstance(value, UploadFile) and (value.filename or await has_content(value)):
            files.setdefault(name, []).append(value)
    return FormInput(
        values=nested((name, drawn(name, value)) for name, value in texts if value or name not in files), files=files
    )


async def has_content(upload: UploadFile) -> bool:
    found = bool(await upload.read(1))
    await upload.seek(0)
    return found


def drawn(name: str, value: str) -> Any:
    """A line or polygon drawn on the map travels as GeoJSON in one hidden box; what is no JSON stays as it came."""
    if not name.endswith(GEOMETRY) or not value:
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """`a.b=1` becomes `{"a": {"b": "1"}}`; a name sent twice becomes a list, numbered parts a list in their order.

    >>> nested([("kind", "lamp"), ("side", "n"), ("side", "s"), ("lamps.1.no", "8"), ("lamps.0.no", "7")])
    {'kind': 'lamp', 'side': ['n', 's'], 'lamps': [{'no': '7'}, {'no': '8'}]}
    """
    tree: dict[str, Any] = {}
    for name, value in pairs:
        put(tree, name.split(".", DEEPEST), value)
    return {name: listed(value) for name, value in tree.items()}


def put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    """Writes one value at its path; where a plain value and a group claim one name, the first one stands."""
    *outer, last = path
    for step in outer:
        inner = tree.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    before = tree.get(last)
    if before is None:
        tree[last] = value
    elif isinstance(before, list):
        before.append(value)
    elif isinstance(before, str):
        tree[last] = [before, value]


def listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: listed(part) for name, part in value.items()}
    if inner and all(name.isdecimal() and name.isascii() and len(name) < 5 for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def flat_names(values: Any, prefix: str = "") -> list[tuple[str, str]]:
    """The other way round, for hidden inputs that carry answers from one page to the next."""
    if isinstance(values, dict):
        under = f"{prefix}." if prefix else ""
        return [pair for name, value in values.items() for pair in flat_names(value, f"{under}{name}")]
    if isinstance(values, list) and values and isinstance(values[0], dict):
        return [pair for number, value in enumerate(values) for pair in flat_names(value, f"{prefix}.{number}")]
    if isinstance(values, list):
        return [(prefix, str(value)) for value in values]
    return [] if values is None else [(prefix, str(values))]
