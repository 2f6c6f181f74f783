"""What is written to those whose opinion is asked for: that it is, that it will soon be due, that it is overdue."""

from msgspec import structs

from parvis.i18n import format_date, speaking
from parvis.jurisdictions.services import town_message
from parvis.outbox import deliveries
from parvis.requests.changing import Situation
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.persons.link_letters import LinkLetter, message_of
from parvis_reviews.outside_keys import key_of
from parvis_reviews.review_tasks import OpinionTask
from parvis_sdk.reviews import Review, Task
from parvis_sdk.text import Text

OPINION = {"fr": "avis", "en": "opinion"}
"""The word of the pages behind a private link in addresses, by language."""
TASKS = "/bureau/taches"
LABEL = Text(fr="Donner mon avis", en="Give my opinion")
SUBJECTS = {
    "asked": Text(fr="Avis demandé\u00a0: {task} ({reference})", en="Opinion requested: {task} ({reference})"),
    "reminded": Text(
        fr="Rappel – avis à donner\u00a0: {task} ({reference})", en="Reminder – opinion to give: {task} ({reference})"
    ),
    "slow": Text(fr="Avis bientôt à échéance\u00a0: {task} ({reference})", en="Opinion due soon: {task} ({reference})"),
    "overdue": Text(fr="Avis en retard\u00a0: {task} ({reference})", en="Opinion overdue: {task} ({reference})"),
}
BODIES = {
    "asked": Text(
        fr="La Ville vous demande votre avis\u00a0: {task}.\n\n{about}\n\nIl est attendu au plus tard le {due}.",
        en="The town asks for your opinion: {task}.\n\n{about}\n\nIt is due by {due}.",
    ),
    "reminded": Text(
        fr="Votre avis est attendu au plus tard le {due}\u00a0: {task}.\n\n{about}",
        en="Your opinion is due by {due}: {task}.\n\n{about}",
    ),
    "slow": Text(
        fr="Un avis n’est pas encore donné\u00a0: {task}.\n\n{about}\n\nIl est attendu au plus tard le "
        "{due}. Vérifiez qui peut le donner à temps.",
        en="An opinion has not been given yet: {task}.\n\n{about}\n\nIt is due by {due}. Check who can "
        "give it in time.",
    ),
    "overdue": Text(
        fr="Votre avis était attendu le {due}\u00a0: {task}.\n\n{about}\n\nLa Ville attend cet avis pour "
        "prendre sa décision.",
        en="Your opinion was due on {due}: {task}.\n\n{about}\n\nThe town needs this opinion to make its decision.",
    ),
}
BY_LINK = Text(
    fr="Ce lien privé fonctionne sans compte. Transférez-le seulement à la personne qui doit donner cet avis.",
    en="This private link works without an account. Forward it only to the person who must give this opinion.",
)
BECAUSE = Text(
    fr="Vous recevez ce message parce que cet avis est demandé à cette adresse.",
    en="You receive this message because this opinion is requested from this address.",
)


async def send_asked(host: Host, here: Situation, review: Review, task: OpinionTask) -> None:
    """Inside a transaction: tell the person or unit who must give the opinion that it is asked for."""
    await send(host, here, review, task, "asked")


async def send(host: Host, here: Situation, review: Review, task: OpinionTask, what: str) -> None:
    """Inside a transaction: one of the letters above, where there is anybody to write to."""
    wanted, to = review.task(task.task), address_of(here, task)
    if wanted is None or not to:
        return
    letter = await _letter(host, here, wanted, task, what, to)
    await deliveries.write_message(
        message_of(here.town, letter), request=here.record.id, reference=here.record.reference
    )


async def send_slow(host: Host, here: Situation, review: Review, task: OpinionTask) -> None:
    """Inside a transaction: tell the unit that sees to it that an opinion is slow; its link leads to the desk."""
    wanted = review.task(task.task)
    named = wanted.silence.to if wanted and wanted.silence else ""
    unit = named if here.town.unit(named) else here.record.unit
    to_desk = structs.replace(task, unit=unit, body="", email="", assignee_email="", language=here.town.languages[0])
    await send(host, here, review, to_desk, "slow")


def address_of(here: Situation, task: OpinionTask) -> str:
    """Who is written to: the body outside, else the person who has it, else the unit."""
    unit = here.town.unit(task.unit)
    return task.email or task.assignee_email or (unit.email if unit else "")


async def _letter(host: Host, here: Situation, wanted: Task, task: OpinionTask, what: str, to: str) -> LinkLetter:
    language = task.language if task.language in here.town.languages else here.town.languages[0]
    with speaking(language, here.town.time_zone):
        due = format_date(task.due_at) if task.due_at else ""
    subject, body = _words(here, what)
    place = here.record.place.address if here.record.place else ""
    parts = [here.request_type.title.to(language), here.record.reference, place]
    about = ", ".join(part for part in parts if part)
    values = {"task": wanted.title, "reference": here.record.reference, "town": here.town.name}
    said = body.format(**values, about=about, due=due)
    if task.email:
        said = Text(fr=f"{said.fr}\n\n{BY_LINK.fr}", en=f"{said.to('en')}\n\n{BY_LINK.en}")
    return LinkLetter(
        to=to,
        language=language,
        subject=subject.format(**values),
        body=said,
        label=LABEL,
        link=await _link(host, here, task, language),
        because=BECAUSE,
    )


def _words(here: Situation, what: str) -> tuple[Text, Text]:
    """The town's own words for this letter, where it has any in `messages.toml`."""
    name = f"opinion_{what}"
    own = town_message(here.town, here.record.type, name)
    if own is None or own.transition != name:
        return SUBJECTS[what], BODIES[what]
    return own.subject if own.subject.fr else SUBJECTS[what], own.body if own.body.fr else BODIES[what]


async def _link(host: Host, here: Situation, task: OpinionTask, language: str) -> str:
    root = town_url(host, here.town)
    if not task.email:
        return f"{root}{TASKS}/{task.id}"
    return f"{root}/{language}/{OPINION[language]}/{await key_of(host, task, here.at)}"
