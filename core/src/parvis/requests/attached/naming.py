"""The names of received files: shown and offered for saving, never used as a path, true to what the content is."""

import re

from parvis_sdk.cleaning import clean

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
    """The name with the ending of what the content is, so that whoever saves it opens what they see.

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
