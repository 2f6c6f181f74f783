"""The settings of a layer of the town that copies are kept of."""

from typing import Annotated

from msgspec import Meta, Struct


class ReadLayer(Struct, frozen=True, kw_only=True):
    """A layer that copies are kept of.

    `name` is how the files of a town and request types call it; `url` ends in its number. `towns` are those that it
    serves (empty: all), `where` chooses among its rows. `code`, `label` and `label_en` are columns; `facts` are columns
    by the name of the fact. `edited` is the column of the last edit, where the layer does not say which.
    """

    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]{1,40}$")]
    url: Annotated[str, Meta(pattern="^https?://.+/[0-9]+/?$")]
    towns: tuple[str, ...] = ()
    where: str = "1=1"
    code: str = ""
    label: str = ""
    label_en: str = ""
    facts: dict[str, str] = {}
    edited: str = ""
    minutes: Annotated[float, Meta(ge=1, le=10_080)] = 60
    hours_between_wholes: Annotated[float, Meta(ge=1, le=744)] = 24
    page: Annotated[int, Meta(ge=0, le=10_000)] = 0
    may_be_empty: bool = False
    signed_in: bool = False
    time_zone: str = "America/Toronto"
    seconds: Annotated[float, Meta(gt=0, le=600)] = 60

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        named = (self.code, self.label, self.label_en, self.edited, *self.facts.values())
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def connector_name(self) -> str:
        """The name under which its news is read; the same as long as layer and towns are."""
        return "_".join(("arcgis", self.name, *self.towns))[:60]
