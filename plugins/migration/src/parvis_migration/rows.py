"""The rows of a file on disk, so that any number of them is read again and again in the memory of a few."""

import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

Row = dict[str, str]
AT_ONCE = 1 << 18  # bytes


class Rows:
    """Rows with their lines, in a file without a name that is gone with them. Several may read it at once."""

    def __init__(self, rows: Iterable[tuple[int, Row]] = ()) -> None:
        self._number = 0
        self._file, name = tempfile.mkstemp(prefix="parvis-")
        weakref.finalize(self, os.close, self._file)
        Path(name).unlink()
        encoder = msgspec.json.Encoder()
        with os.fdopen(self._file, "wb", closefd=False) as file:
            for each in rows:
                file.write(encoder.encode(each) + b"\n")
                self._number += 1

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        decoder = msgspec.json.Decoder(tuple[int, Row])
        at, rest = 0, b""
        while block := os.pread(self._file, AT_ONCE, at):
            at += len(block)
            *lines, rest = (rest + block).split(b"\n")
            yield from map(decoder.decode, lines)
