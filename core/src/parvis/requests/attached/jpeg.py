"""How often a JPEG makes its reader go over the whole picture: a small file can ask for that thousands of times."""

import re

MARKER = re.compile(rb"\xff+([^\x00\xff])")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}


def scans_of(content: bytes) -> int:
    """The scans of the first picture in the content; what follows its end, such as a film, does not count."""
    scans, at = 0, 2
    while (found := MARKER.search(content, at)) is not None:
        marker, at = found[1][0], found.end()
        if marker == END_OF_IMAGE:
            break
        if marker in WITHOUT_LENGTH:
            continue
        scans += marker == START_OF_SCAN
        at += max(2, int.from_bytes(content[at : at + 2], "big"))
    return scans
