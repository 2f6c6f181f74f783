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
        fr="Requêtes, une par ligne, sans renseignement personnel",
        en="Requests, one per line, without personal information",
    ),
    "moves.csv": Text(fr="Interventions de la période et leurs auteurs", en="Actions in the period and who took them"),
    "gaps.csv": Text(
        fr="Longs intervalles sans intervention sur une requête ouverte",
        en="Long gaps without action on an open request",
    ),
    "objectives.csv": Text(fr="Objectifs et résultats", en="Objectives and results"),
    "reopened.csv": Text(
        fr="Requêtes rouvertes après leur décision ou leur fermeture",
        en="Requests reopened after they were decided or closed",
    ),
    "repeated.csv": Text(
        fr="Problèmes récurrents\u00a0: trois requêtes ou plus du même type à moins d’environ 50 mètres",
        en="Recurring problems: three or more requests of the same type within about 50 metres",
    ),
    "procedures/types.csv": Text(fr="Types de requêtes en vigueur", en="Request types in force"),
    "procedures/levels.csv": Text(fr="Délais promis", en="Promised response times"),
    "procedures/kinds.csv": Text(fr="Types d’interventions", en="Types of actions"),
    "procedures/units.csv": Text(fr="Unités de la Ville", en="Units of the town"),
}
MOMENT = Text(fr="date et heure (UTC)", en="date and time (UTC)")
VERSIONS: dict[str, Text] = {
    "version": Text(fr="numéro de la version", en="version number"),
    "at": MOMENT,
    "by": Text(fr="personne qui l’a mise en vigueur", en="person who put it into force"),
    "word": Text(fr="raison donnée", en="reason given"),
    "back_to": Text(fr="version rétablie; 0\u00a0: aucune", en="version restored; 0: none"),
}
REFERENCE = Text(fr="numéro de la requête", en="request number")
TYPE = Text(fr="code du type de requête", en="code of the request type")
UNIT = Text(fr="code de l’unité responsable", en="code of the unit responsible")
DIGEST = Text(fr="empreinte SHA-256 de la déclaration du type", en="SHA-256 of the declaration of the type")
ENTRY = Text(fr="numéro de l’intervention dans l’historique", en="number of the action in the history")
DAYS = Text(fr="jours ouvrables", en="business days")
LEVEL = Text(fr="code du délai", en="code of the response time")
AMOUNT = Text(
    fr="durée promise, dans l’unité de la colonne suivante", en="time promised, in the unit of the next column"
)
MEASURE = Text(fr="business_days, business_hours ou hours", en="business_days, business_hours or hours")
GOAL = Text(fr="phase qui remplit la promesse", en="phase that fulfils the promise")
TITLE_FR, TITLE_EN = Text(fr="titre français", en="title in French"), Text(fr="titre anglais", en="title in English")
MEANING: dict[str, dict[str, Text]] = {
    "requests.csv": {
        "reference": REFERENCE,
        "type": TYPE,
        "declaration": DIGEST,
        "channel": Text(fr="canal de réception", en="channel of receipt"),
        "language": Text(fr="langue de la personne", en="language of the requester"),
        "zone": Text(fr="secteur", en="sector"),
        "unit": UNIT,
        "priority": Text(fr="priorité, de la plus basse à la plus haute", en="priority, the higher the more pressing"),
        "submitted_at": MOMENT,
        "closed_at": MOMENT,
        "state": Text(fr="état à la création du dossier", en="state when the file was made"),
        "phase": Text(fr="phase à la création du dossier", en="phase when the file was made"),
        "promise": Text(fr="none, running, paused, met ou missed", en="none, running, paused, met or missed"),
        "promised_at": MOMENT,
        "erased_at": Text(
            fr="date de destruction des renseignements personnels",
            en="date on which personal information was destroyed",
        ),
        "entries": Text(fr="nombre d’interventions dans l’historique", en="number of actions in the history"),
        "last_hash": Text(fr="empreinte de la dernière intervention", en="hash of the last action"),
        "steps": Text(fr="interventions de la Ville", en="actions by the town"),
        "longest_gap_business_days": Text(
            fr="plus long intervalle sans intervention de la Ville", en="longest gap without action by the town"
        ),
        "reopenings": Text(fr="réouvertures pendant la période", en="number of times reopened in the period"),
    },
    "moves.csv": {
        "reference": REFERENCE,
        "entry": ENTRY,
        "at": MOMENT,
        "kind": Text(
            fr="type d’intervention, voir procedures/kinds.csv", en="type of action, see procedures/kinds.csv"
        ),
        "actor_kind": Text(fr="requester, agent, system ou plugin", en="requester, agent, system or plugin"),
        "actor_id": Text(fr="compte de la personne ou du système", en="account of the person or the system"),
        "actor_name": Text(fr="nom de la personne ou du système", en="name of the person or the system"),
        "transition": Text(fr="étape franchie", en="transition made"),
        "source": Text(fr="état avant", en="state before"),
        "target": Text(fr="état après", en="state after"),
        "unit_before": Text(fr="unité avant", en="unit before"),
        "unit": Text(fr="unité après", en="unit after"),
        "hash": Text(fr="empreinte de l’intervention", en="hash of the action"),
    },
    "gaps.csv": {
        "reference": REFERENCE,
        "type": TYPE,
        "unit": UNIT,
        "after_entry": ENTRY,
        "since": MOMENT,
        "until": Text(
            fr="date et heure; vide si l’intervalle dure encore", en="date and time; empty if the gap is ongoing"
        ),
        "business_days": DAYS,
        "phase": Text(
            fr="phase pendant l’intervalle; waiting_for_you\u00a0: la personne devait répondre",
            en="phase during the gap; waiting_for_you: the requester had to answer",
        ),
    },
    "objectives.csv": {
        "type": TYPE,
        "level": LEVEL,
        "amount": AMOUNT,
        "measure": MEASURE,
        "until": GOAL,
        "met": Text(fr="dates promises respectées pendant la période", en="promised dates met in the period"),
        "missed": Text(
            fr="dates promises manquées pendant la période, y compris par réouverture",
            en="promised dates missed in the period, including after reopening",
        ),
        "running": Text(fr="en cours à la fin de la période", en="running at the end of the period"),
        "share_met": Text(fr="part respectée, de 0 à 1", en="share met, 0 to 1"),
        "median_business_days": Text(fr="médiane, en jours ouvrables", en="median, in business days"),
        "ninth_decile_business_days": Text(
            fr="90e centile, en jours ouvrables", en="90th percentile, in business days"
        ),
    },
    "reopened.csv": {
        "reference": REFERENCE,
        "type": TYPE,
        "unit": UNIT,
        "zone": Text(fr="secteur", en="sector"),
        "entry": ENTRY,
        "at": MOMENT,
        "by": Text(
            fr="auteur de la réouverture\u00a0: requester, agent, system ou plugin",
            en="who reopened it: requester, agent, system or plugin",
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
        "file": Text(fr="déclaration complète", en="complete declaration"),
    },
    "procedures/levels.csv": {
        "type": TYPE,
        "level": LEVEL,
        "amount": AMOUNT,
        "measure": MEASURE,
        "until": GOAL,
        "title_fr": TITLE_FR,
        "title_en": TITLE_EN,
        "since": Text(fr="début du délai; vide\u00a0: la réception", en="start of the response time; empty: receipt"),
        "pauses": Text(
            fr="suspendu pendant l’attente de la personne", en="whether waiting for the requester pauses it"
        ),
        "statutory": Text(fr="délai fixé par la loi", en="whether the law sets it"),
        "clocks": Text(fr="nombre de fois où il a été promis", en="number of times it was promised"),
    },
    "procedures/kinds.csv": {
        "kind": Text(fr="code du type d’intervention", en="code of the type of action"),
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
