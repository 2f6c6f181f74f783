"""What is wrong in the files of a territory: every mistake of every file, told together."""

from collections.abc import Iterable

import msgspec


class TerritoryMistake(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One thing to mend: where it stands, what is wrong, what to do."""

    file: str
    key: str
    what: str
    todo: str

    def line(self) -> str:
        return " · ".join(part for part in (self.file, self.key, self.what, self.todo) if part)


class TerritoryError(Exception):
    """The territory is not usable as it stands; nothing of it was loaded."""

    def __init__(self, mistakes: Iterable[TerritoryMistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(f"{len(self.mistakes)} mistake(s) in the territory, nothing was loaded")

    def __str__(self) -> str:
        return "\n".join([str(self.args[0]), *(f"  {mistake.line()}" for mistake in self.mistakes)])
