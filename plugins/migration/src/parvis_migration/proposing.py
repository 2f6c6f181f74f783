"""A first mapping for a file: which column seems to be what, and which type and phase each word seems to mean."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec
from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.finding import SETTING, Hit, find_types, forms, phrases_of, said
from parvis.requests.host import Host
from parvis.requests.offered import types_for_anyone
from parvis_migration.attached import names_in
from parvis_migration.dates import is_day_first, read_moment
from parvis_migration.mapping import Columns, FieldMapping
from parvis_migration.projections import Point, likeliest
from parvis_migration.rows import Row
from parvis_migration.sources import LAT, LON, OPEN311, Source
from parvis_sdk.calling import is_address
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold

SAMPLE = 2_000  # rows that are looked at for what a column holds
MOST_WORDS = 400  # different words of a column that are proposed; more are no types
NAMES = {
    "number": "service_request_id unique_key numero no_requete requete_id id_requete case_id request_id ticket "
    "reference no_dossier numero_requete num id source_row key objectid",
    "type": "service_name complaint_type acti_nom type_requete categorie category request_type type service nature "
    "sujet subject theme service_code",
    "state": "dernier_statut status statut etat state phase",
    "submitted": "requested_datetime created_date dds_date_creation date_creation date_ouverture opened submitted_at "
    "created_at created mois_creation date_depot date_reception received date_requete ouvert_le depose_le date",
    "closed": "closed_datetime closed_date date_fermeture closed_at closed date_fin resolved_at date_resolution "
    "completed ferme_le "
    "date_cloture",
    "updated": "updated_datetime resolution_action_updated_date date_dernier_statut updated_at updated modified "
    "last_update date_modification modifie_le",
    "unit": "agency agency_responsible unite unite_resp_parent department service_responsable equipe team direction",
    "channel": "provenance provenance_originale open_data_channel_type channel canal source origine",
    "name": "nom_citoyen nom_demandeur requester name nom demandeur citoyen contact_name",
    "email": "email courriel adresse_courriel e_mail mail",
    "phone": "phone telephone tel numero_telephone",
    "lon": "geometry.lon lon long longitude loc_long lng x loc_x coord_x x_coordinate",
    "lat": "geometry.lat lat latitude loc_lat y loc_y coord_y y_coordinate",
    "address": "address incident_address adresse loc_adresse rue adresse_complete lieu location address_string",
    "words": "description commentaire details detail descriptor texte message",
    "journal": "journal",
    "files": "media_url",
    "notes": "resolution_description status_notes notes note commentaires_internes service_notice suivi remarque",
}
STATES = {
    "closed": "closed ferme fermee terminee termine complete completed resolved resolu resolue reglee regle done "
    "annulee annule cancelled refusee refuse rejected supprimee supprime duplicate invalid archived fixed "
    "gelost erledigt geschlossen",
    "in_progress": "in_progress en_cours assigned assignee started prise_en_charge transmise_pour_traitement acceptee "
    "investigating reactivee en_traitement work_in_progress urgente in_bearbeitung inprogress",
    "waiting_for_you": "pending waiting en_attente on_hold suspended en_attente_du_citoyen",
    "received": "open opened new ouverte ouvert nouvelle nouveau received recue submitted unassigned "
    "acknowledged offen",
    "decided": "approved approuvee decided decidee issued delivre",
}
CHANNELS = {
    "phone": "telephone phone call appel 311",
    "portal": "site_internet online web internet portail website",
    "email": "courriel email e_mail mail",
    "counter": "comptoir counter en_personne walk_in bureau bam unknown other",
    "api": "mobile application_mobile app appli",
    "mail": "courrier letter poste",
}


ATTRIBUTES = "attributes."  # before the codes of questions
PERHAPS = Text(fr="? peut-être {code}", en="? perhaps {code}")


class Proposal(Struct, frozen=True, kw_only=True):
    """A mapping, the comments of its lines, and what somebody must still decide."""

    mapping: FieldMapping
    comments: dict[str, str]
    open: tuple[str, ...]


def propose(host: Host, town: Jurisdiction, source: Source, name: str, language: str = "fr") -> Proposal:
    """What the names of the columns and their first rows say."""
    rows = [row for _, row in islice(source.rows, SAMPLE)]
    columns = _columns_of(source, rows, town)
    comments: dict[str, str] = {}
    types = _types_of(host, town, words_in(source, columns.type), comments, language)
    states = {word: _known(STATES, word) for word in words_in(source, columns.state)}
    if source.kind.startswith(OPEN311):  # both of its words, though all may be open today
        states |= {"open": "received", "closed": "closed"}
        columns = msgspec.structs.replace(columns, closed="closed_datetime")
    units = {word: _unit(town, word) for word in words_in(source, columns.unit)}
    channels = {word: _known(CHANNELS, word.partition("|")[0]) for word in words_in(source, columns.channel)}
    for table, words in (("states", states), ("units", units), ("channels", channels)):
        comments |= {f"{table}.{word}": "?" for word, code in words.items() if not code}
    dates = [row[name] for name in (columns.submitted, columns.closed) for row in rows if row.get(name)]
    mapping = FieldMapping(
        source=name,
        columns=columns,
        language="fr",
        time_zone=town.time_zone,
        day_first=is_day_first(dates),
        projection=likeliest(town, _points(rows, columns)),
        types=types,
        states=states,
        units={word: code for word, code in units.items() if code},
        channels={word: code or "counter" for word, code in channels.items()},
        answers=_answers_of(host, town, source, set(types.values())),
    )
    undecided = tuple(
        f"{key.partition('.')[0]}: {key.partition('.')[2]}"
        for key, remark in comments.items()
        if remark.startswith("?")
    )
    return Proposal(mapping=mapping, comments=comments, open=(*_missing(columns), *undecided))


def words_in(source: Source, column: str) -> list[str]:
    """The different words of a column, the most frequent first."""
    if not column:
        return []
    counted = Counter(row[column] for _, row in source.rows if row.get(column))
    return [word for word, _ in counted.most_common(MOST_WORDS)]


def _columns_of(source: Source, rows: Sequence[Row], town: Jurisdiction) -> Columns:
    chosen: dict[str, str] = {}
    left = list(source.columns)
    for use, names in NAMES.items():
        wanted = [use, *names.split()]
        by_name = {_word(column): column for column in reversed(left)}
        found = [by_name[name] for name in wanted if name in by_name]
        fitting = [column for column in found if _fits(use, [row.get(column, "") for row in rows], town)]
        if fitting:
            chosen[use] = fitting[0]
            left.remove(fitting[0])
    several = {use: (chosen.pop(use),) for use in ("words", "notes", "journal", "files") if use in chosen}
    return msgspec.convert({"number": "", "submitted": ""} | chosen | several, Columns)


def _fits(use: str, cells: Sequence[str], town: Jurisdiction) -> bool:
    """Whether what stands in a column may be what its name says."""
    given = [cell for cell in cells if cell]
    if not given:
        return False
    if use == "number":
        return len(set(given)) > 0.9 * len(cells)
    if use in ("submitted", "closed", "updated"):
        return sum(read_moment(cell, town.time_zone) is not None for cell in given) > 0.9 * len(given)
    if use in ("lon", "lat"):
        return sum(_number(cell) is not None for cell in given) > 0.9 * len(given)
    if use == "email":
        return sum("@" in cell for cell in given) > 0.5 * len(given)
    if use == "files":
        return any(map(is_address, names_in(given[0])))
    return use not in ("type", "state", "unit", "channel") or len(set(given)) <= MOST_WORDS


def _types_of(
    host: Host, town: Jurisdiction, words: Iterable[str], comments: dict[str, str], language: str
) -> dict[str, str]:
    """A type for each word, where its code, its title or all telling words of it say so; else a guess to be decided."""
    types = types_for_anyone(host, town)
    called = {_word(name): each for each in types for name in (each.title.en, each.title.fr, each.code)}
    proposed = {}
    for word in words:
        hit = next(iter(find_types(host, types, word, most=1)), None)
        sure = called.get(_word(word)) or (hit.request_type if hit and hit.sure and _says_it(hit, word) else None)
        proposed[word] = sure.code if sure else town.anything_else
        perhaps = PERHAPS.format(code=hit.request_type.code).to(language) if hit else "?"
        comments[f"types.{word}"] = sure.title.to(language) if sure else perhaps
    return proposed or {"*": town.anything_else}


def _says_it(hit: Hit, word: str) -> bool:
    """Whether the title of a type, with one of its keywords, has each word that tells one service from another.

    A permit that shares "domaine public" with it, or a fountain that knows "eau" and "fuite" apart, is a guess.
    """
    telling = [each for each in said(word) if each not in SETTING] or said(word)
    title, *phrases = map(_forms_in, (hit.request_type.title, *hit.request_type.keywords))
    known = [own | phrase for own in title for phrase in (set[str](), *(each for some in phrases for each in some))]
    return bool(telling) and any(all(forms(each) & of_one for each in telling) for of_one in known)


def _forms_in(text: Text) -> list[set[str]]:
    """The stems of each phrase of a declared text."""
    return [{form for word in phrase for form in forms(word)} for phrase in phrases_of(text)]


def _answers_of(host: Host, town: Jurisdiction, source: Source, codes: set[str]) -> dict[str, str]:
    """Questions of the proposed types, by columns that an Open311 server names after them."""
    asked = {field.code for each in types_for_anyone(host, town) if each.code in codes for field in each.form.fields()}
    named = {column.removeprefix(ATTRIBUTES): column for column in source.columns if column.startswith(ATTRIBUTES)}
    return {code: column for code, column in named.items() if code in asked}


def _known(table: dict[str, str], word: str) -> str:
    folded = _word(word)
    return next((code for code, words in table.items() if folded in words.split()), "")


def _unit(town: Jurisdiction, word: str) -> str:
    folded = _word(word)
    named = {_word(each): code for code, unit in town.units.items() for each in (code, unit.name.fr, unit.name.en)}
    return named.get(folded, "")


def _points(rows: Sequence[Row], columns: Columns) -> list[Point]:
    pairs = ((_number(row.get(columns.lon, "")), _number(row.get(columns.lat, ""))) for row in rows)
    return [(x, y) for x, y in pairs if x and y] if (columns.lon, columns.lat) != (LON, LAT) else []


def _missing(columns: Columns) -> list[str]:
    wanted = {"number": columns.number, "type": columns.type, "state": columns.state, "submitted": columns.submitted}
    return [f"columns: {use}" for use, column in wanted.items() if not column]


def _word(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "_", fold(name)).strip("_")


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None
