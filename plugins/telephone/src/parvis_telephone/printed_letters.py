"""Letters that are owed, as one PDF, each in the language of its person: to be printed and posted; kept nowhere."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog

from parvis import clock
from parvis.i18n import format_date, local_day, say, speaking
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.jurisdiction import town_head
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_telephone.calls import Call
from parvis_typesetting.setting import KIT, NOWHERE, SECONDS, WORDS, NotSet, set_pdf, sources_of

NEWS = Text(fr="Nouvelles de votre requête", en="News about your request")
TOGETHER = Text(fr="Lettres du {date}", en="Letters of {date}")
DAY = Text(fr="Le {date}", en="{date}")
ABOUT = Text(fr="Votre requête {reference}", en="Your request {reference}")
GREETING, TO_NAME = Text(fr="Bonjour,", en="Hello,"), Text(fr="Bonjour {name},", en="Hello {name},")
USUAL, LARGE = 11, 14  # points of the letters of what is told
log = structlog.get_logger("parvis.documents")


async def letter_pdf(town: Jurisdiction, letter: Call) -> bytes | None:
    """The letter; None where it could not be set, which stands in the log then."""
    return await _pdf(town, [_sheet(town, letter)])


async def letters_pdf(town: Jurisdiction, letters: Sequence[Call]) -> bytes | None:
    """Several in one file, each beginning on a sheet of paper of its own; None as above."""
    sheets = [_sheet(town, letter) for letter in letters]
    with speaking(town.languages[0], town.time_zone):
        title = say(TOGETHER.format(date=format_date(clock.now())))
    return await _pdf(town, [{**sheet, "together": title, "described": title} for sheet in sheets])


async def _pdf(town: Jurisdiction, sheets: list[dict[str, Any]]) -> bytes | None:
    at = clock.now()
    sources = sources_of((KIT / "letter.typ").read_text("utf-8"), town.logo.content, town.logo.name)
    try:
        async with asyncio.timeout(SECONDS):
            return await asyncio.to_thread(set_pdf, sources, sheets, NOWHERE, at)
    except (NotSet, TimeoutError) as error:
        log.error("letter", requests=[each["number"] for each in sheets], trouble=str(error) or "too slow")
        return None


def _sheet(town: Jurisdiction, letter: Call) -> dict[str, Any]:
    with speaking(letter.record.language, town.time_zone):
        return _said(town, letter)


def _said(town: Jurisdiction, letter: Call) -> dict[str, Any]:
    record, owed, now = letter.record, letter.owed, clock.now()
    unit, day = town.unit(record.unit), local_day(now)
    title = owed[0].about if len(owed) == 1 else say(NEWS)
    return {
        "language": record.language,
        "preview": False,
        "verify": None,
        "title": title,
        "number": record.reference,
        "described": f"{title} – {say(town.name)}",
        "day": [day.year, day.month, day.day],
        "dates": say(DAY).format(date=format_date(now)),
        "reference": say(ABOUT.format(reference=record.reference)),
        "greeting": _greeting(letter.contact),
        "points": LARGE if letter.wish.large_print else USUAL,
        "to": _envelope(letter.contact),
        "town": town_head(town),
        "unit": say(unit.name) if unit else "",
        "parts": [{"about": each.about if len(owed) > 1 else "", "say": _paragraphs(each.say)} for each in owed],
        "words": {name: say(text) for name, text in WORDS.items()},
    }


def _greeting(person: Requester | None) -> str:
    return say(TO_NAME.format(name=person.name) if person and person.name else GREETING)


def _envelope(person: Requester | None) -> list[str]:
    """The lines for the window of the envelope; none where the agent who prints may not know the person."""
    return [line for line in (person.name, *person.postal_address.split("\n")) if line] if person else []


def _paragraphs(words: str) -> list[str]:
    return [each for each in words.split("\n\n") if each.strip()]
