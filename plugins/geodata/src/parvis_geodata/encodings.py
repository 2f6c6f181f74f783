"""Which encoding the words of a table are in, where it does not say so or says it wrongly."""

from collections.abc import Iterable

USUAL = ("cp1252", "cp850", "mac_roman")  # what systems of Québec wrote beside Unicode
FRENCH = frozenset("éèêëàâäùûüîïôöçœÉÈÊËÀÂÙÛÎÏÔÇŒ’«»–—…°\u00a0")  # capitals with a diaeresis are hardly any
SAMPLE = 200_000  # bytes


def encoding_of(content: bytes) -> str:
    """UTF-8 where it can be that; else the one in which fewest letters are none of French.

    >>> [encoding_of("Côte-des-Neiges, École".encode(each)) for each in ("cp1252", "cp850", "mac_roman", "utf-8")]
    ['cp1252', 'cp850', 'mac_roman', 'utf-8-sig']
    """
    if marked := marked_encoding(content[:SAMPLE]):
        return marked
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return likeliest_encoding(content.splitlines())
    return "utf-8-sig"


def marked_encoding(begins: bytes) -> str:
    """UTF-16 or UTF-32 by the mark at the beginning, or by the zeros between letters; else empty.

    >>> [marked_encoding("No;Été".encode(each)) for each in ("utf-32", "utf-16", "utf-16-le", "utf-16-be", "utf-8")]
    ['utf-32', 'utf-16', 'utf-16-le', 'utf-16-be', '']
    """
    if begins.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if begins.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first, second = begins[0::2].count(0), begins[1::2].count(0)
    if max(first, second) * 4 < len(begins):  # a stray zero or two are none of an encoding
        return ""
    return "utf-16-be" if first > second else "utf-16-le"


def likeliest_encoding(lines: Iterable[bytes]) -> str:
    """Of lines that are no UTF-8: by the first of them in which an encoding shows."""
    telling, size = [], 0
    for line in lines:
        if not line.isascii():
            telling.append(line)
            size += len(line)
        if size >= SAMPLE:
            break
    sample = b"\n".join(telling)[:SAMPLE]
    return min(USUAL, key=lambda each: _likelihood(sample, each))


def _likelihood(sample: bytes, encoding: str) -> tuple[int, int]:
    """How many characters are none that French is written with; then, how many are letters: the lowest is likeliest."""
    special = [each for each in sample.decode(encoding, "replace") if not each.isascii()]
    return sum(each not in FRENCH for each in special), -sum(each.isalpha() for each in special)
