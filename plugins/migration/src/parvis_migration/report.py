"""What a person reads of a dry run or an import: a summary, and a table with a line for each thing to know."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parvis.sheets import MARK, line_of
from parvis_migration.findings import REFUSED, TOLD
from parvis_migration.judging import Judged
from parvis_migration.trying import Told, Trial
from parvis_sdk.text import Text

OUTCOMES = {
    "new": Text(fr="nouvelles", en="new"),
    "changed": Text(fr="modifiées depuis", en="changed since"),
    "differs": Text(fr="modifiées depuis, sans changement à importer", en="changed since, with nothing to import"),
    "same": Text(fr="déjà importées, inchangées", en="already imported, unchanged"),
    "touched": Text(fr="modifiées, mais traitées ici depuis", en="changed, but processed here since"),
    "duplicate": Text(fr="en double dans le fichier", en="duplicated in the file"),
    "left_out": Text(fr="ignorées", en="skipped"),
    "refused": Text(fr="refusées", en="rejected"),
}
HEADINGS = {
    "fr": ("ligne", "numéro", "sort", "référence", "colonne", "valeur", "motif"),
    "en": ("line", "number", "outcome", "reference", "column", "value", "reason"),
}
ROWS = Text(fr="lignes lues\u00a0: {rows}; comptées\u00a0: {counted}", en="rows read: {rows}; accounted for: {counted}")
NOT_REACHED = Text(
    fr="pas encore regardées\u00a0: la même commande continue par elles",
    en="not looked at yet: the same command goes on with them",
)
BETWEEN = Text(fr="déposées du {first} au {last}", en="filed from {first} to {last}")
BECAUSE = Text(fr="À savoir\u00a0:", en="Notes:")
TYPES = Text(fr="Par type\u00a0:", en="By type:")
LATE = Text(
    fr="requêtes encore ouvertes qui ont dépassé le délai de leur type\u00a0: {late} (aucune date ne leur est promise)",
    en="requests still open that are past the response time of their type: {late} (they have no promised date)",
)
DUE = Text(
    fr="requêtes dont la durée de conservation est écoulée\u00a0: {due} ({types}); rien n’est détruit "
    "avant l’approbation de la liste",
    en="requests past their retention period: {due} ({types}); nothing is destroyed before the list is approved",
)
MOST_TOLD = 20


def summary(trial: Trial, language: str) -> Iterator[str]:
    """The lines of a summary."""
    yield ROWS.format(rows=trial.rows, counted=sum(trial.outcomes.values())).to(language)
    for outcome, title in OUTCOMES.items():
        if trial.outcomes[outcome]:  # type: ignore[index]
            yield f"  {trial.outcomes[outcome]:>8} {title.to(language)}"  # type: ignore[index]
    if not trial.is_whole:
        yield f"  {trial.rows - sum(trial.outcomes.values()):>8} {NOT_REACHED.to(language)}"
    if trial.first and trial.last:
        yield BETWEEN.format(first=f"{trial.first:%Y-%m-%d}", last=f"{trial.last:%Y-%m-%d}").to(language)
    if trial.reasons or trial.told:
        yield BECAUSE.to(language)
    yield from (f"  {each.to(language)}" for each in trial.told)
    for (code, column), number in trial.reasons.most_common(MOST_TOLD):
        reason = REFUSED.get(code) or TOLD[code]
        yield f"  {number:>8} {column and f'{column}: '}{reason.to(language)}"
    if trial.types:
        yield TYPES.to(language)
    for code, number in trial.types.most_common():
        yield f"  {number:>8} {code}"
    if trial.late:
        yield LATE.format(late=trial.late).to(language)
    if trial.due:
        named = ", ".join(f"{code} {number}" for code, number in trial.due.most_common())
        yield DUE.format(due=trial.due.total(), types=named).to(language)


@contextmanager
def told_in(path: Path | None, language: str) -> Iterator[Told]:
    """A table with every row of the file, written as they are told; nowhere where no file is named."""
    if path is None:
        yield lambda judged, reference: None
        return
    with path.open("w", encoding="utf-8", newline="") as sheet:
        sheet.write(MARK + line_of(HEADINGS[language]))
        yield lambda judged, reference: sheet.writelines(lines_of(judged, reference, language))


def lines_of(judged: Judged, reference: str, language: str) -> Iterator[str]:
    """One row, with a line for each thing to know of it."""
    begin = (judged.line, judged.number, OUTCOMES[judged.outcome].to(language), reference)
    if not judged.findings:
        yield line_of((*begin, "", "", ""))
    for told in judged.findings:
        yield line_of((*begin, told.column, told.value, told.reason.to(language)))
