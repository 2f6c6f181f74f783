"""What a person reads of a file that was tried or taken: a summary, and a table with every row."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from parvis.sheets import MARK, line_of
from parvis_geodata.findings import REFUSED, TOLD
from parvis_geodata.trying import Trial, WholeFinding
from parvis_sdk.text import Text

OUTCOMES = {
    "taken": Text(fr="prises", en="taken"),
    "joined": Text(fr="jointes à une autre", en="joined to another"),
    "left_out": Text(fr="laissées de côté", en="left out"),
    "refused": Text(fr="refusées", en="refused"),
}
HEADINGS = {
    "fr": ("ligne", "code", "sort", "colonne", "valeur", "motif"),
    "en": ("row", "code", "outcome", "column", "value", "reason"),
}
ROWS = Text(fr="{rows} lignes lues, {counted} comptées", en="{rows} rows read, {counted} accounted for")
BECAUSE = Text(fr="À savoir\u00a0:", en="To know:")
ZONES = Text(
    fr="Par secteur (code, km², requêtes aujourd’hui, requêtes ensuite)\u00a0:",
    en="By sector (code, km², requests today, requests then):",
)
POINTS = Text(fr="Par secteur (code, nombre)\u00a0:", en="By sector (code, number):")
NO_ZONE = Text(fr="aucun secteur", en="no sector")
MISTAKES = Text(
    fr="Avec celui-ci, les fichiers de la Ville se contredisent\u00a0:",
    en="With this one, the files of the town contradict each other:",
)
EMPTY = Text(fr="Il ne reste aucune ligne à prendre.", en="There is no row left to take.")
WHOLE = Text(fr="ensemble", en="whole")
MOST_TOLD = 20


def summary(trial: Trial, language: str) -> Iterator[str]:
    """The lines of a summary."""
    yield ROWS.format(rows=len(trial.rows), counted=sum(trial.outcomes.values())).to(language)
    for outcome, title in OUTCOMES.items():
        if trial.outcomes[outcome]:
            yield f"  {trial.outcomes[outcome]:>8} {title.to(language)}"
    yield from _reasons(trial, language)
    yield from _by_zone(trial, language)
    if trial.mistakes:
        yield MISTAKES.to(language)
        yield from (f"  {each.line()}" for each in trial.mistakes)
    if not trial.things:
        yield EMPTY.to(language)


def _reasons(trial: Trial, language: str) -> Iterator[str]:
    every = [finding for row in trial.rows for finding in row.findings] + [each.finding for each in trial.whole]
    reasons = Counter((each.code, each.column) for each in every)
    if reasons:
        yield BECAUSE.to(language)
    for (code, column), number in reasons.most_common(MOST_TOLD):
        reason = REFUSED.get(code) or TOLD[code]
        yield f"  {number:>8} {column and f'{column}: '}{reason.to(language)}"


def _by_zone(trial: Trial, language: str) -> Iterator[str]:
    if not trial.numbers:
        return
    of_zones = trial.subject.kind == "zones"
    yield (ZONES if of_zones else POINTS).to(language)
    for each in trial.numbers:
        numbers = f"{each.area:>9.2f} {each.today:>8} {each.then:>8}" if of_zones else f"{each.points:>8}"
        yield f"  {each.code or NO_ZONE.to(language):<28} {numbers}  {each.name}".rstrip()


def write_report(path: Path, trial: Trial, language: str) -> None:
    """A table with every row of the file, and a line for each thing to know; then what is of no row."""
    beside: dict[int, list[WholeFinding]] = {}
    for each in trial.whole:
        beside.setdefault(each.row, []).append(each)
    with path.open("w", encoding="utf-8", newline="") as sheet:
        sheet.write(MARK + line_of(HEADINGS[language]))
        for row in trial.rows:
            begin = (row.row, row.code, OUTCOMES[row.outcome].to(language))
            findings = (*row.findings, *(each.finding for each in beside.get(row.row, ())))
            if not findings:
                sheet.write(line_of((*begin, "", "", "")))
            for told in findings:
                sheet.write(line_of((*begin, told.column, told.value, told.reason.to(language))))
        for each in beside.get(0, ()):
            told = each.finding
            sheet.write(line_of(("", each.code, WHOLE.to(language), told.column, told.value, told.reason.to(language))))
