"""Receiving a file: judged by its content, plainly named, a picture written anew, kept until a request takes it."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Attachment as AttachmentRow
from parvis.identifiers import new_id
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.attached.attachments import MEGABYTE, MOST_BYTES, attachment_of
from parvis.requests.attached.documents import kind_of_document, look_into
from parvis.requests.attached.unfit import Unfit
from parvis.requests.host import Host
from parvis_sdk.cleaning import clean
from parvis_sdk.fields import DOCUMENT_KINDS
from parvis_sdk.problems import Problem, problem
from parvis_sdk.reading import kinds_shown
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text

LONGEST = 120
LONGEST_END = 10
UNSEEN = re.compile("[\u200b\u200c\u200e\u200f\u2028\u2029\u2060\ufeff]")  # the joiner of emoji is not among them
FORBIDDEN = re.compile(r'[<>:"|?*]')  # to some machine that the file will be saved on
NAMELESS = "fichier"
ENDINGS = {
    "application/msword": ("doc",),
    "application/pdf": ("pdf",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.ms-powerpoint": ("ppt", "pps"),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx", "ppsx"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "image/avif": ("avif",),
    "image/heic": ("heic", "heif", "hif"),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "text/csv": ("csv",),
    "text/plain": ("txt", "csv", "md"),
}
PICTURES = {ending for kind, endings in ENDINGS.items() if kind.startswith("image/") for ending in endings}


def plain_name(name: str) -> str:
    """A file's name without folders, control characters, turned directions or excess.

    >>> plain_name("../../plan\\u202egpj.exe")
    'plangpj.exe'
    """
    last = UNSEEN.sub("", clean(name)).replace("\\", "/").rsplit("/", 1)[-1]
    last = " ".join(FORBIDDEN.sub("-", last).split()).strip(" .")
    return shortened(last) or NAMELESS


def named_as(name: str, kind: str) -> str:
    """The name with the ending of what the content is, so that a saved copy opens as what it is.

    >>> named_as("IMG_0042.HEIC", "image/jpeg"), named_as("plan.pdf.exe", "application/pdf"), named_as("a", "x/y")
    ('IMG_0042.jpg', 'plan.pdf.exe.pdf', 'a')
    """
    right = ENDINGS.get(kind)
    stem, ending = split(name)
    if right is None or ending.lower() in right:
        return name
    if ending.lower() in PICTURES and kind.startswith("image/"):
        name = stem
    return shortened(f"{name}.{right[0]}")


def claims(name: str, kinds: tuple[str, ...]) -> bool:
    """Whether the name says that the file is of one of these kinds."""
    ending = split(name)[1].lower()
    return any(ending in ENDINGS.get(kind, ()) for kind in kinds)


def shortened(name: str) -> str:
    stem, ending = split(name)
    return name if len(name) <= LONGEST else f"{stem[: LONGEST - len(ending) - 2].rstrip()}….{ending}".rstrip(".")


def split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, ending) if dot and stem and len(ending) <= LONGEST_END else (name, "")


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


MOST_WAITING = 40
MOST_TOGETHER = 100 * MEGABYTE  # of what waits for one submission, as it is kept


async def receive_file(
    host: Host,
    holder: str,
    field: str,
    name: str,
    content: bytes,
    *,
    kinds: tuple[str, ...] = DOCUMENT_KINDS,
    max_size: int = MOST_BYTES,
) -> Attachment | Problem:
    """Keep a file that waits for a submission under `holder`, or say in a sentence that names it why not.

    Pictures are written anew: upright, reduced, without their metadata. With an antivirus, what was received is held
    until a worker has had it scanned.
    """
    shown = plain_name(name)
    guard = host.of(UploadGuard).scanner
    most = min(max_size, guard.most_bytes) if guard else max_size
    if len(content) > most:
        return problem("file_size", field, name=shown, limit=most // MEGABYTE)
    waits = AttachmentRow.select(AttachmentRow.size).where(
        AttachmentRow.holder == holder, AttachmentRow.request.is_null()
    )
    if len(await waits) >= MOST_WAITING:
        return problem("too_much", field)
    made = await examined(content, shown, kinds, field)
    if isinstance(made, Problem):
        return made
    if sum(row["size"] for row in await waits) + len(made.content) > MOST_TOGETHER:
        return problem("files_total", field, name=shown, limit=MOST_TOGETHER // MEGABYTE)
    now = clock.now()
    row = AttachmentRow(
        id=new_id(),
        holder=holder,
        field=field[:130],
        name=made.name,
        kind=made.kind,
        size=len(made.content),
        digest=await asyncio.to_thread(host.files.keep, made.content),
        width=made.width,
        height=made.height,
        small=await asyncio.to_thread(host.files.keep, made.small) if made.small else "",
        audience="requester",
        received_at=now,
        scan="held" if guard else "",
        scan_due_at=now if guard else None,
    )
    async with transaction(host.engine):
        await AttachmentRow.insert(row)
    # The same content may have been dropped after it was found there and before the row said that it is needed.
    for each in filter(None, (made.content, made.small)):
        await asyncio.to_thread(host.files.keep, each)
    return attachment_of(row.to_dict())
