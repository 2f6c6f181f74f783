"""What becomes of a received file: the one judgement, by its content, for every door through which files come."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec import Struct

from parvis.requests.attached.documents import kind_of_document, look_into
from parvis.requests.attached.naming import claims, named_as
from parvis.requests.attached.unfit import Unfit
from parvis_sdk.problems import Problem, problem
from parvis_sdk.reading import kinds_shown
from parvis_sdk.text import Text

AT_ONCE = 2  # files examined side by side: what bounds the memory that hostile ones can ask for
BROKEN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"PK\x03\x04")  # so begins what claims to be something
WORDS = {
    "macro": Text(fr="macro", en="macro"),
    "EmbeddedFiles": Text(fr="fichiers joints", en="attached files"),
    "Launch": Text(fr="lancement d’un programme", en="start of a program"),
    "XFA": Text(fr="formulaire dynamique", en="dynamic form"),
}

_threads = ThreadPoolExecutor(AT_ONCE, "examining")


class CheckedFile(Struct, frozen=True, kw_only=True):
    """A file as it will be kept: pictures written anew with a small copy, documents as they came."""

    content: bytes
    name: str
    kind: str
    width: int | None = None
    height: int | None = None
    small: bytes | None = None


async def examined(content: bytes, name: str, kinds: tuple[str, ...], path: str) -> CheckedFile | Problem:
    """The file as it will be kept, or in a sentence why it cannot; the event loop stays free meanwhile."""
    if not content:
        return problem("file_empty", path, name=name)
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_threads, partial(examine, content, name, kinds))
    except Unfit as unfit:
        return refusal(unfit, name, kinds, path)


def examine(content: bytes, name: str, kinds: tuple[str, ...]) -> CheckedFile:
    """The same in this thread, where the first picture loads what reads pictures; raises `Unfit`."""
    from parvis.requests.attached.images import kind_of_picture, remade

    picture = kind_of_picture(content)
    if picture is not None:
        if picture not in kinds:
            raise Unfit("file_kind")
        made = remade(content)
        return CheckedFile(
            content=made.content,
            name=named_as(name, made.kind),
            kind=made.kind,
            width=made.width,
            height=made.height,
            small=made.small,
        )
    kind = kind_of_document(content)
    if kind == "text/plain" and "text/csv" in kinds and name.lower().endswith(".csv"):
        kind = "text/csv"
    if kind not in kinds:
        raise Unfit("file_broken" if not kind and content.startswith(BROKEN) and claims(name, kinds) else "file_kind")
    look_into(content, kind)
    return CheckedFile(content=content, name=named_as(name, kind), kind=kind)


def refusal(unfit: Unfit, name: str, kinds: tuple[str, ...], path: str) -> Problem:
    """Why the file is not kept, in words that name it."""
    if unfit.code == "file_kind":
        code = "file_disguised" if claims(name, kinds) else "file_kind"
        return problem(code, path, name=name, kinds=kinds_shown(kinds))
    return problem(unfit.code, path, name=name, what=WORDS.get(unfit.what, unfit.what))
