"""What each sheet of a pack holds, column by column, in French and English; and the page that one reads first."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from parvis.sheets import sheet
from parvis_audit_pack.covering import Audit
from parvis_rulesets.versions import Ruleset
from parvis_sdk.text import Text

HERE = Path(__file__).parent

SHEETS: dict[str, Text] = {
    "requests.csv": Text(
        fr="Les requêtes, une par ligne, sans rien sur les personnes",
        en="The requests, one a line, nothing about persons",
    ),
    "moves.csv": Text(
        fr="Chaque intervention de la période, avec qui l’a faite", en="Every step of the period, with who made it"
    ),
    "gaps.csv": Text(
        fr="Les longs intervalles sans intervention pendant qu’une requête était ouverte",
        en="The long times without a step while a request stood open",
    ),
    "objectives.csv": Text(fr="Les objectifs et les résultats", en="Objectives against results"),
    "reopened.csv": Text(
        fr="Les requêtes rouvertes après leur décision ou leur fermeture",
        en="Requests taken up again after they were decided or closed",
    ),
    "repeated.csv": Text(
        fr="Les causes qui reviennent\u00a0: trois requêtes d’un même type ou plus à une cinquantaine de mètres",
        en="Causes that come back: three requests of one type or more within some fifty metres",
    ),
    "procedures/types.csv": Text(
        fr="Les types de requête tels qu’ils étaient en vigueur", en="Request types as they were in force"
    ),
    "procedures/levels.csv": Text(fr="Les délais promis", en="The service levels promised"),
    "procedures/kinds.csv": Text(fr="Les sortes d’interventions", en="The kinds of steps"),
    "procedures/units.csv": Text(fr="Les unités de la Ville", en="The units of the town"),
}
MOMENT = Text(fr="instant, heure universelle", en="instant, universal time")
VERSIONS: dict[str, Text] = {
    "version": Text(fr="numéro de la version", en="number of the version"),
    "at": MOMENT,
    "by": Text(fr="qui l’a mise en vigueur", en="who put it in force"),
    "word": Text(fr="pourquoi, dans ses mots", en="why, in their words"),
    "back_to": Text(fr="la version qu’elle ramène; 0\u00a0: aucune", en="the version that it brings back; 0: none"),
}
REFERENCE = Text(fr="numéro de la requête", en="reference of the request")
TYPE = Text(fr="code du type de requête", en="code of the request type")
UNIT = Text(fr="code de l’unité responsable", en="code of the unit in charge")
DIGEST = Text(fr="empreinte SHA-256 de la déclaration du type", en="SHA-256 of the declaration of the type")
ENTRY = Text(fr="numéro de l’intervention dans l’historique", en="number of the step in the history")
DAYS = Text(fr="jours ouvrables", en="business days")
LEVEL = Text(fr="code du délai", en="code of the service level")
AMOUNT = Text(
    fr="durée promise, dans la mesure de la colonne suivante", en="time promised, in the measure that follows"
)
MEASURE = Text(fr="business_days, business_hours ou hours", en="business_days, business_hours or hours")
GOAL = Text(fr="phase qui remplit la promesse", en="phase that fulfils the promise")
TITLE_FR, TITLE_EN = Text(fr="titre français", en="title in French"), Text(fr="titre anglais", en="title in English")
MEANING: dict[str, dict[str, Text]] = {
    "requests.csv": {
        "reference": REFERENCE,
        "type": TYPE,
        "declaration": DIGEST,
        "channel": Text(fr="par où elle est venue", en="how it came in"),
        "language": Text(fr="langue de la personne", en="language of the requester"),
        "zone": Text(fr="secteur", en="zone"),
        "unit": UNIT,
        "priority": Text(fr="priorité, de la plus basse à la plus haute", en="priority, the higher the more pressing"),
        "submitted_at": MOMENT,
        "closed_at": MOMENT,
        "state": Text(fr="état au moment du dossier", en="state when the pack was made"),
        "phase": Text(fr="phase au moment du dossier", en="phase when the pack was made"),
        "promise": Text(fr="none, running, paused, met ou missed", en="none, running, paused, met or missed"),
        "promised_at": MOMENT,
        "erased_at": Text(
            fr="instant de la destruction des renseignements personnels", en="when its personal data was destroyed"
        ),
        "entries": Text(fr="nombre d’interventions dans l’historique", en="number of entries of its history"),
        "last_hash": Text(fr="empreinte de la dernière", en="hash of the last one"),
        "steps": Text(fr="interventions de la Ville", en="entries made by the town"),
        "longest_gap_business_days": Text(
            fr="le plus long intervalle sans intervention de la Ville", en="the longest time without a step of the town"
        ),
        "reopenings": Text(fr="réouvertures pendant la période", en="how often it was reopened in the period"),
    },
    "moves.csv": {
        "reference": REFERENCE,
        "entry": ENTRY,
        "at": MOMENT,
        "kind": Text(fr="sorte d’intervention, voir procedures/kinds.csv", en="kind, see procedures/kinds.csv"),
        "actor_kind": Text(fr="requester, agent, system ou plugin", en="requester, agent, system or plugin"),
        "actor_id": Text(fr="compte de la personne ou du système", en="account of the person or the system"),
        "actor_name": Text(fr="nom de la personne ou du système", en="name of the person or the system"),
        "transition": Text(fr="étape franchie", en="transition made"),
        "source": Text(fr="état avant", en="state before"),
        "target": Text(fr="état après", en="state after"),
        "unit_before": Text(fr="unité avant", en="unit before"),
        "unit": Text(fr="unité après", en="unit after"),
        "hash": Text(fr="empreinte de l’intervention", en="hash of the entry"),
    },
    "gaps.csv": {
        "reference": REFERENCE,
        "type": TYPE,
        "unit": UNIT,
        "after_entry": ENTRY,
        "since": MOMENT,
        "until": Text(fr="instant; vide si l’intervalle dure encore", en="instant; empty while it lasts"),
        "business_days": DAYS,
        "phase": Text(
            fr="phase pendant l’intervalle; waiting_for_you\u00a0: la personne devait répondre",
            en="phase meanwhile; waiting_for_you: it was for the requester to answer",
        ),
    },
    "objectives.csv": {
        "type": TYPE,
        "level": LEVEL,
        "amount": AMOUNT,
        "measure": MEASURE,
        "until": GOAL,
        "met": Text(fr="promesses tenues pendant la période", en="promises kept in the period"),
        "missed": Text(
            fr="promesses manquées pendant la période, ou défaites par une réouverture",
            en="promises broken in the period, by a reopening too",
        ),
        "running": Text(fr="en cours à la fin de la période", en="running at the end of the period"),
        "share_met": Text(fr="part tenue, de 0 à 1", en="share kept, 0 to 1"),
        "median_business_days": Text(fr="médiane, en jours ouvrables", en="median, in business days"),
        "ninth_decile_business_days": Text(
            fr="neuf sur dix en, en jours ouvrables", en="nine in ten within, in business days"
        ),
    },
    "reopened.csv": {
        "reference": REFERENCE,
        "type": TYPE,
        "unit": UNIT,
        "zone": Text(fr="secteur", en="zone"),
        "entry": ENTRY,
        "at": MOMENT,
        "by": Text(
            fr="qui l’a rouverte\u00a0: requester, agent, system ou plugin",
            en="who did: requester, agent, system or plugin",
        ),
    },
    "repeated.csv": {
        "type": TYPE,
        "lon": Text(fr="longitude, arrondie à 50 m", en="longitude, rounded to 50 m"),
        "lat": Text(fr="latitude, arrondie à 50 m", en="latitude, rounded to 50 m"),
        "requests": Text(
            fr="nombre de requêtes reçues pendant la période", en="number of requests received in the period"
        ),
        "references": Text(fr="leurs numéros, vingt au plus", en="their references, twenty at most"),
    },
    "procedures/types.csv": {
        "declaration": DIGEST,
        "type": TYPE,
        "version": Text(fr="version de la déclaration", en="version of the declaration"),
        "title_fr": TITLE_FR,
        "title_en": TITLE_EN,
        "file": Text(fr="la déclaration entière", en="the whole declaration"),
    },
    "procedures/levels.csv": {
        "type": TYPE,
        "level": LEVEL,
        "amount": AMOUNT,
        "measure": MEASURE,
        "until": GOAL,
        "title_fr": TITLE_FR,
        "title_en": TITLE_EN,
        "since": Text(
            fr="ce qui fait commencer le délai; vide\u00a0: la réception", en="what begins it; empty: reception"
        ),
        "pauses": Text(fr="si l’attente de la personne l’arrête", en="whether waiting for the requester pauses it"),
        "statutory": Text(fr="si la loi le fixe", en="whether the law sets it"),
        "clocks": Text(fr="combien de fois il a été promis ici", en="how often it was promised here"),
    },
    "procedures/kinds.csv": {
        "kind": Text(fr="code de la sorte d’intervention", en="code of the kind of step"),
        "title_fr": TITLE_FR,
        "title_en": TITLE_EN,
    },
    "procedures/units.csv": {
        "unit": Text(fr="code de l’unité", en="code of the unit"),
        "parent": Text(fr="unité dont elle relève", en="unit that it belongs to"),
        "title_fr": TITLE_FR,
        "title_en": TITLE_EN,
    },
}
READ_ME = {"LISEZ-MOI.txt": "fr", "README.txt": "en"}


def sheets_of(procedures: Iterable[Ruleset[Any]]) -> dict[str, Text]:
    """Every sheet by its file, with those of the versions of these rule sets."""
    return {**SHEETS, **{each.sheet.name: each.sheet.title for each in procedures}}


def columns_of(procedures: Iterable[Ruleset[Any]]) -> dict[str, dict[str, Text]]:
    """The columns of each sheet, and what each means."""
    return {**MEANING, **{each.sheet.name: VERSIONS | {"file": each.sheet.whole} for each in procedures}}


def read_me(
    audit: Audit,
    counted: Mapping[str, int],
    procedures: Collection[Ruleset[Any]],
    *,
    long_gap: int,
    name: str,
    certificate_at: str,
) -> Iterator[tuple[str, bytes]]:
    """What lies beside the sheets: what the pack is in both languages, what each column means, how to check it."""
    unit = audit.town.unit(audit.unit)
    everything = Text(fr="toutes les unités", en="every unit")
    for file, language in READ_ME.items():
        said = (
            HERE.joinpath(file)
            .read_text("utf-8")
            .format(
                town=audit.town.name.to(language),
                unit=(unit.name if unit else everything).to(language),
                first=audit.first.isoformat(),
                last=audit.last.isoformat(),
                made_at=audit.made_at.astimezone(ZoneInfo(audit.town.time_zone)).strftime("%Y-%m-%d %H:%M"),
                made_by=audit.made_by,
                long_gap=long_gap,
                name=name,
                certificate_at=certificate_at,
                **counted,
            )
        )
        yield file, said.encode()
    yield "columns.csv", sheet(["file", "column", "français", "English"], _columns(procedures)).encode()
    yield "verify.py", HERE.joinpath("verify.py").read_bytes()


def _columns(procedures: Collection[Ruleset[Any]]) -> Iterator[list[str]]:
    columns = columns_of(procedures)
    for file, title in sheets_of(procedures).items():
        yield [file, "", title.fr, title.en]
        yield from ([file, column, meaning.fr, meaning.en] for column, meaning in columns[file].items())
