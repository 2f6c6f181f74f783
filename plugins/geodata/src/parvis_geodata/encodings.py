"""Which encoding the words of a table are in, where it does not say so or says it wrongly."""

from charset_normalizer import from_bytes

USUAL = ("cp1252", "cp850", "mac_roman")  # what systems of Québec wrote beside Unicode
FRENCH = frozenset("éèêëàâäùûüîïôöçœæÉÈÊËÀÂÄÙÛÜÎÏÔÖÇŒÆ’«»–—…°\u00a0")
SAMPLE = 200_000  # bytes


def encoding_of(content: bytes) -> str:
    """UTF-8 where it can be that; else the one in which fewest letters are none of French.

    >>> encoding_of("Côte-Saint-Luc".encode("cp1252")), encoding_of("Côte-Saint-Luc".encode())
    ('cp1252', 'utf-8-sig')
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        lines = [line for line in content.splitlines() if not line.isascii()]
        sample = b"\n".join(lines)[:SAMPLE] or content[:SAMPLE]
        strange = {each: _strange(sample, each) for each in USUAL}
        likely = [each for each in USUAL if strange[each] == min(strange.values())]
        best = from_bytes(sample, cp_isolation=likely).best() if len(likely) > 1 else None
        return best.encoding if best else likely[0]
    return "utf-8-sig"


def _strange(sample: bytes, encoding: str) -> int:
    """How many characters are none that French is written with."""
    return sum(not each.isascii() and each not in FRENCH for each in sample.decode(encoding, "replace"))
