"""A postal address in the lines of an envelope, with its Canadian postal code as the post reads it."""

import re

from parvis_sdk.problems import Problem, problem

MOST_LINES, LONGEST = 5, 60  # what stands in the window of an envelope, with the name above
CODE = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?-?(\d[ABCEGHJ-NPRSTV-Z]\d)$", re.IGNORECASE)
# Of a false letter, or with O for zero and I for one.
LIKE_A_CODE = re.compile(r"(?<![0-9A-Z])[A-Z][\dOIL][\dA-Z] ?-?[\dOIL][\dA-Z][\dOIL]$", re.IGNORECASE)
ALONE = re.compile(r"\d+[A-Z]?", re.IGNORECASE)  # a civic number, before its comma
PROVINCE = re.compile(r"\(?(?:qu[eé]bec|qc|ontario|on|nouveau-brunswick|new brunswick|nb)\b", re.IGNORECASE)


def read_postal(typed: str, path: str) -> str | Problem:
    """The lines below the name of a person, cleaned: a street or a box, then municipality, province and postal code.

    Only a postal code of Canada is checked and spaced, so that the post reads it; an address in another country ends
    with a line that names it. One that was typed in a row is set in two lines.

    >>> read_postal("12, rue Principale, Val-des-Monts (Québec) j8n1a1", "requester.postal_address")
    '12, rue Principale\\nVal-des-Monts (Québec)  J8N 1A1'
    """
    lines = [line for line in (" ".join(line.split()).strip(" ,") for line in typed.split("\n")) if line]
    if lines and lines[-1].casefold() == "canada":
        lines.pop()
    if len(lines) == 1:
        lines = _in_two(lines[0])
    if len(lines) < 2:
        return problem("postal_short", path)
    if len(lines) > MOST_LINES or any(len(line) > LONGEST for line in lines):
        return problem("postal_long", path, lines=MOST_LINES, limit=LONGEST)
    last = lines[-1]
    if found := CODE.search(last):
        begun = last[: found.start()].rstrip(" ,")
        code = f"{found[0][:3]} {found[1]}".upper()
        lines[-1] = f"{begun}  {code}" if begun else code
    elif (like := LIKE_A_CODE.search(last)) and sum(sign.isdigit() for sign in like[0]) > 1:
        return problem("postal_code", path)
    return "\n".join(lines)


def _in_two(row: str) -> list[str]:
    """A row cut before the municipality: at its last comma that stands neither behind a civic number nor before a
    province."""
    parts = [part.strip() for part in row.split(",")]
    last = len(parts) - 1
    while last > 0 and (PROVINCE.match(parts[last]) or CODE.fullmatch(parts[last])):
        last -= 1
    if last < 1 or ALONE.fullmatch(", ".join(parts[:last])):
        return [row]
    return [", ".join(parts[:last]), ", ".join(parts[last:])]
