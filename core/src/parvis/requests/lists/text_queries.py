"""What was typed into a search box as what a text must hold, and which texts each viewer may search."""

import re

from parvis.access_scope import Scope
from parvis.db.text_search import OF_ROW, SHORTEST, Part, Source, TextQuery, held_among, held_in, led_to, together
from parvis.jurisdictions.street_words import LETTERS, MEANINGS
from parvis.requests.host import Host
from parvis.requests.references import HEARD, LENGTH
from parvis.requests.visibility import Viewer, scope_of
from parvis_sdk.cleaning import clean
from parvis_sdk.text_normalisation import fold, sound_of_name

_OF_PERSONS: tuple[Source, ...] = ("said", "persons")
EVERY: tuple[Source, ...] = ("inside", *_OF_PERSONS)
NOTHING: Part = ("1 = 1", [])
OF_FEW = """
WITH found AS MATERIALIZED (SELECT service_request.id AS found_id, {rank} AS found_rank, {column} AS found_at
FROM {tables} WHERE {holds} AND {where}{beyond}
LIMIT {few} + 1),
page AS MATERIALIZED (SELECT * FROM found WHERE (SELECT count(*) FROM found) <= {few}{after}
ORDER BY found_rank, found_at {direction}, found_id {direction} LIMIT {limit} + 1)
SELECT every.total, page.found_rank AS rank, {columns} FROM (SELECT count(*) AS total FROM found) AS every
LEFT JOIN page ON 1 = 1 LEFT JOIN service_request ON service_request.id = page.found_id
ORDER BY page.found_rank, page.found_at {direction}, page.found_id {direction}"""
"""One page of what an index leads to, or how many there are where those are too many."""


def lead_for(
    host: Host, viewer: Viewer, jurisdiction: str, asked: tuple[TextQuery, ...], *, alone: bool
) -> tuple[Part, Part]:
    """What leads to the requests that hold all these words where this viewer may search, as rows `t` to read FROM, and
    what must be true of `t` and `service_request` besides, if anything: where persons are told only here and there, and
    for the public, led by what the town's people may search, which holds all that it may.
    """
    persons = _persons(host, viewer, jurisdiction)
    lead = led_to(host.engine, EVERY if persons.areas else ("inside",), asked, alone=alone)
    if viewer.kind != "public" and not _is_mixed(host, viewer, jurisdiction, persons):
        return lead, NOTHING
    return lead, together("{holds}", [_held(host, viewer, jurisdiction, each) for each in asked])


def held_by_row(host: Host, viewer: Viewer, jurisdiction: str, asked: tuple[TextQuery, ...]) -> Part:
    """The condition that a row of `service_request` holds all these words where this viewer may search."""
    around = "{holds}" if viewer.kind == "public" else OF_ROW
    return together(around, [_held(host, viewer, jurisdiction, each) for each in asked])


def _held(host: Host, viewer: Viewer, jurisdiction: str, sought: TextQuery) -> Part:
    if viewer.kind == "public":
        return held_in(host.engine, "service_request.public_text", sought)
    persons = _persons(host, viewer, jurisdiction)
    if not _is_mixed(host, viewer, jurisdiction, persons):
        return held_among(host.engine, EVERY if persons.areas else ("inside",), sought)
    inside, values = held_among(host.engine, ("inside",), sought)
    known, of_whom = persons.condition("service_request")
    held, more = held_among(host.engine, _OF_PERSONS, sought)
    return f"({inside} OR ({known} AND {held}))", [*values, *of_whom, *more]


def _persons(host: Host, viewer: Viewer, jurisdiction: str) -> Scope:
    return scope_of(viewer, jurisdiction, host.jurisdictions, "contacts")


def _is_mixed(host: Host, viewer: Viewer, jurisdiction: str, persons: Scope) -> bool:
    """Whether the viewer is told of persons only in some of the requests that they see."""
    return bool(persons.areas) and persons != scope_of(viewer, jurisdiction, host.jurisdictions, "see")


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
    """The same with one letter wrong, missing, too many or swapped with the next, after the first, as a name that
    sounds like it, or as a part of a reference with every digit misheard as a letter; None if it is short.
    """
    word = min((way[0] for way in sought.ways if len(way) == 1), key=len, default="")
    if not SHORTEST <= len(word) <= TOO_LONG or not re.fullmatch(r"[a-z]+", word):
        return None
    misheard = ((_as_reference(word),),) if SHORT <= len(word) <= LENGTH + 1 else ()
    ways, sounds = tuple(dict.fromkeys((*sought.ways, *misheard))), sound_of_name(word)
    if len(word) < LONG_ENOUGH:
        return TextQuery(ways=ways, sounds=sounds)
    wrong = [f"{word[:at]}_{word[at + 1 :]}" for at in range(1, len(word) - 1)]
    missing = [f"{word[:at]}_{word[at:]}" for at in range(1, len(word))]
    too_many = [word[:at] + word[at + 1 :] for at in range(1, len(word))]
    swapped = [_swapped(word, at) for at in range(1, len(word) - 1) if word[at] != word[at + 1]]
    shapes = tuple(dict.fromkeys((*wrong, *missing, *too_many, *swapped)))
    others = tuple(way for way in ways if way != (word,))  # which fits a shape, with the letter that is its own
    return TextQuery(ways=others, shapes=shapes, traces=_traces(word), sounds=sounds)


def _traces(word: str) -> tuple[tuple[str, ...], ...]:
    """What stays of a word with one slip: a half, and a quarter of the other, unless letters are swapped between two.

    A quarter that no index knows is left out, and with it what the half alone leads to as well.
    """
    middle = len(word) // 2
    first, third = middle // 2, middle + (len(word) - middle) // 2
    halves = (
        (word[:third], (word[:middle], word[third:]), third),
        (word[first:], (word[middle:], word[:first]), first),
    )
    found: list[tuple[str, ...]] = [(_swapped(word, middle - 1),)]
    for beside, (half, quarter), between in halves:
        known = len(quarter) >= SHORTEST
        found += [(beside,), (half, quarter), (_swapped(word, between - 1),)] if known else [(half,)]
    return tuple(found)


def _swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


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
    """The word as a part of a reference given by telephone: letters that look like digits are read as digits."""
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
