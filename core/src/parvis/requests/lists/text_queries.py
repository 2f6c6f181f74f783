"""What was typed into a search box as what a text must hold, and which texts each viewer may search."""

import re

from parvis.db import Engine
from parvis.db.tables import ServiceRequest
from parvis.db.text_search import Part, Source, TextQuery, held_by_row, held_in, requests_with
from parvis.jurisdictions.street_words import LETTERS, MEANINGS
from parvis.requests.host import Host
from parvis.requests.references import HEARD
from parvis.requests.visibility import Viewer, scope_of
from parvis.text_normalisation import fold
from parvis_sdk.cleaning import clean

NOWHERE: Part = ("SELECT id FROM service_request WHERE 1 = 0", [])  # of a word that nothing holds
OF_PERSONS: tuple[Source, ...] = ("personal", "contact", "said")
EVERY: tuple[Source, ...] = ("inside", *OF_PERSONS)
FEW = 5_000  # requests that are read one by one sooner than a list is walked


def sources_of(host: Host, viewer: Viewer, jurisdiction: str) -> tuple[Source, ...]:
    """What a viewer may search somewhere: nothing that their page of the request would hide from them."""
    return EVERY if scope_of(viewer, jurisdiction, host.jurisdictions, "contacts").areas else _without_persons(viewer)


def _without_persons(viewer: Viewer) -> tuple[Source, ...]:
    """Machines read the story whether or not they are told who asked, as `sees_kind` has it."""
    return ("inside", "said") if viewer.kind == "token" else ("inside",)


def held_for(host: Host, viewer: Viewer, jurisdiction: str, sought: TextQuery) -> Part:
    """The condition that a row of `service_request` holds what is sought where this viewer may search."""
    if viewer.kind == "public":
        return held_in(host.engine, "public_text", sought)
    persons = scope_of(viewer, jurisdiction, host.jurisdictions, "contacts")
    if not persons.areas:
        return held_by_row(host.engine, _without_persons(viewer), sought)
    if persons == scope_of(viewer, jurisdiction, host.jurisdictions, "see"):
        return held_by_row(host.engine, EVERY, sought)
    inside, values = held_by_row(host.engine, _without_persons(viewer), sought)
    known, of_whom = persons.condition("service_request")
    held, more = held_by_row(host.engine, OF_PERSONS, sought)
    return f"({inside} OR ({known} AND {held}))", [*values, *of_whom, *more]


async def rarest(engine: Engine, sources: tuple[Source, ...], asked: tuple[TextQuery, ...]) -> Part | None:
    """The query of requests that hold the rarest of these words; None where every one is in too many, or too short.

    For the public it is asked of what the town's people may search, which holds all that the public may.
    """
    queries = [query for each in asked if (query := requests_with(engine, sources, each)) is not None]
    if not queries:
        return None
    counts = [
        f"(SELECT count(*) FROM (SELECT 1 FROM ({sql}) AS found LIMIT {FEW + 1}) AS few) AS word_{at}"  # noqa: S608 - ours
        for at, (sql, _) in enumerate(queries)
    ]
    values = [value for _, given in queries for value in given]
    row = (await ServiceRequest.raw(f"SELECT {', '.join(counts)}", *values))[0]
    fewest, at = min((row[f"word_{at}"], at) for at in range(len(queries)))
    if not fewest:
        return NOWHERE
    return queries[at] if fewest <= FEW else None


MOST_WORDS = 8
SHORT = 4  # letters of a word that may be a part of a reference
LONG_ENOUGH = 6  # letters of a word in which a slip is looked for
TOO_LONG = 40  # letters beyond which it is no word
EDGES = ',.;:!?()[]"«»'
ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu)'(?=\w)")
DIGITS = re.compile(r"\+?[\d().-]*\d[\d().-]*")
PHONE = range(7, 12)  # digits
SHORT_FORMS = MEANINGS | {"st": ("saint",)}


def sought_in(text: str) -> tuple[TextQuery, ...]:
    """Each word of what was typed, in every way in which it may be written; a number typed in groups is one."""
    folded = ELIDED.sub("", fold(clean(text)))
    tokens = [token.strip(EDGES) or token for token in re.split(r"[\s']+", folded) if token]
    found: list[TextQuery] = []
    at = 0
    while at < len(tokens) and len(found) < MOST_WORDS:
        run = _digits_from(tokens, at)
        number = _phone(run)
        if number:
            found.append(TextQuery(ways=((number,), run) if len(run) > 1 else ((number,), *_ways(run[0]))))
            at += len(run)
            continue
        token = tokens[at]
        words = token.split("-") if re.fullmatch(r"[a-z]+(?:-[a-z]+)+", token) else [token]
        found += [TextQuery(ways=_ways(word)) for word in words]
        at += 1
    return tuple(found[:MOST_WORDS])


def with_slips(sought: TextQuery) -> TextQuery | None:
    """The same with one letter wrong, missing, too many or swapped with the next, after the first, or as a part of a
    reference of which every digit was heard as a letter; None where the word is short.
    """
    word = min((way[0] for way in sought.ways if len(way) == 1), key=len, default="")
    if not SHORT <= len(word) <= TOO_LONG or not re.fullmatch(r"[a-z]+", word):
        return None
    ways = tuple(dict.fromkeys((*sought.ways, (_as_reference(word),))))
    if len(word) < LONG_ENOUGH:
        return TextQuery(ways=ways)
    middle = len(word) // 2
    wrong = [f"{word[:at]}_{word[at + 1 :]}" for at in range(1, len(word) - 1)]
    missing = [f"{word[:at]}_{word[at:]}" for at in range(1, len(word))]
    too_many = [word[:at] + word[at + 1 :] for at in range(1, len(word))]
    swapped = [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for at in range(1, len(word) - 1)
        if word[at] != word[at + 1]
    ]
    shapes = tuple(dict.fromkeys((*wrong, *missing, *too_many, *swapped)))
    traces = (word[:middle], word[middle:], *swapped)
    return TextQuery(ways=ways, shapes=shapes, traces=traces)


def _digits_from(tokens: list[str], at: int) -> tuple[str, ...]:
    end = at
    while end < len(tokens) and DIGITS.fullmatch(tokens[end]):
        end += 1
    return tuple(tokens[at:end])


def _phone(run: tuple[str, ...]) -> str:
    digits = re.sub(r"\D", "", "".join(run))
    if len(digits) not in PHONE or digits == "".join(run):
        return ""
    return digits[1:] if len(digits) == PHONE[-1] and digits.startswith("1") else digits


def _ways(word: str) -> tuple[tuple[str, ...], ...]:
    """The word, its other number and what it is short for; what holds another of them is left out."""
    every = {word, *_other_number(word), *SHORT_FORMS.get(word, ())}
    if word in LETTERS:
        every.add(LETTERS[word])
    if len(word) >= SHORT and re.search(r"\d", word):
        every.add(_as_reference(word))
    return tuple((each,) for each in sorted(every) if not any(other != each and other in each for other in every))


def _as_reference(word: str) -> str:
    """The word as it stands if it is a part of a reference that was heard: without letters that look like digits."""
    return word.upper().translate(HEARD).lower()


def _other_number(word: str) -> tuple[str, ...]:
    """One for many or many for one, in French and in English; more than the grammar knows, for it only widens."""
    if len(word) < 4 or not re.fullmatch(r"[a-z]+", word):
        return ()
    for ending, others in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word:
            return tuple(stem + other for other in others if len(stem + other) > 2)
    return ()


ENDINGS = (
    ("eaux", ("eau",)),
    ("aux", ("al", "ail", "au")),
    ("oux", ("ou",)),
    ("eux", ("eu",)),
    ("ies", ("y", "ie")),
    ("ches", ("ch",)),
    ("shes", ("sh",)),
    ("sses", ("ss",)),
    ("xes", ("x",)),
    ("ss", ("ss",)),
    ("s", ("",)),
    ("ail", ("aux",)),
    ("al", ("aux",)),
    ("y", ("ies",)),
)
