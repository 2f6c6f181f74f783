"""The hands of one person before a page, and the count of what they do: taps, keys, signs typed, pages waited for."""

from pathlib import Path
from typing import Any

from msgspec import Struct

COLUMNS = ["taps", "loads", "signs", "seconds"]
TAP, SIGN, LOOK = 1.1, 0.28, 1.35
"""Seconds of a press, of a sign on a keyboard, and of finding one's way on a new page (the keystroke-level model)."""


class Moves(Struct):
    """What was done so far. A choice of a file counts as one tap; a shortcut of the keyboard as a tap too."""

    taps: int = 0
    loads: int = 0
    signs: int = 0

    @property
    def seconds(self) -> float:
        """How long somebody takes who knows what they want to say, on a line that answers at once."""
        return self.taps * TAP + self.signs * SIGN + (self.loads + 1) * LOOK


class Hands:
    """Whatever is done by these is counted, from the first tap on."""

    def __init__(self, page: Any, language: str) -> None:
        self.page = page
        self.language = language
        self.moves = Moves()
        self.page.on("load", self._loaded)
        self._is_counting = False

    def _loaded(self, _: Any) -> None:
        self.moves.loads += self._is_counting

    def begin_anew(self) -> None:
        """What was done so far was only to prepare the way."""
        self.moves = Moves()
        self._is_counting = True

    async def begin_at(self, path: str) -> None:
        """Where the way begins, which costs nothing."""
        await self.page.goto(path)
        self._is_counting = True

    async def settle(self) -> None:
        """Until the page rests, so that a press meets what it would meet under a finger."""
        await self.page.wait_for_load_state("load")
        await self.page.wait_for_load_state("networkidle")

    async def tap(self, what: Any, *, leads_on: bool = False) -> None:
        """Press; with `leads_on` wait for the page it leads to."""
        self.moves.taps += 1
        if not leads_on:
            await what.click()
            return
        async with self.page.expect_event("load"):
            await what.click()
        await self.settle()

    async def key(self, key: str, *, leads_on: bool = False) -> None:
        """A key of its own, such as `j` in a list or Enter."""
        self.moves.taps += 1
        if not leads_on:
            await self.page.keyboard.press(key)
            return
        async with self.page.expect_event("load"):
            await self.page.keyboard.press(key)
        await self.settle()

    async def write(self, box: Any, words: str) -> None:
        """Go into a box and type; only where the cursor is not there yet does that cost a tap."""
        if not await box.evaluate("each => each === document.activeElement"):
            await self.tap(box)
        self.moves.signs += len(words)
        await box.press_sequentially(words)

    async def choose_file(self, box: Any, name: str, content: bytes, *, leads_on: bool = False) -> None:
        """The box of a page whose press opens the camera or the album."""
        self.moves.taps += 1
        file = {"name": Path(name).name, "mimeType": "image/jpeg", "buffer": content}
        if not leads_on:
            await box.set_input_files([file])
            return
        async with self.page.expect_event("load"):
            await box.set_input_files([file])
        await self.settle()
