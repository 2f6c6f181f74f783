"""Ready texts as the people of the demo keep them: one of the files changed, one for a unit, one of somebody's own."""

from msgspec import structs

from parvis.people.agents import Person
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis_canned_replies.kept import last_of, write
from parvis_canned_replies.ready_texts import ReadyText
from parvis_sdk.text import Text

TOWN, MANAGER, AGENT = "parvis", "gestion@parvis.example", "voirie@parvis.example"
DELAY = Text(
    fr=(
        "Bonjour {name},\n\nVotre requête {reference} demande plus de temps que prévu. Elle est entre les mains de "
        "l’équipe «\u00a0{unit}\u00a0». Nous pensons la régler d’ici le {promised}.\n\nVous n’avez rien à faire "
        "d’ici là. Merci de votre patience."
    ),
    en=(
        "Hello {name},\n\nYour request {reference} is taking longer than expected. It is with the team “{unit}”. "
        "We expect to settle it by {promised}.\n\nThere is nothing you need to do meanwhile. Thank you for your "
        "patience."
    ),
)
TRAFFIC = ReadyText(
    code="circulation",
    title=Text(fr="Voie fermée pendant les travaux", en="Lane closed during the work"),
    text=Text(
        fr="Bonjour {name},\n\nPour réparer près du {place}, une voie sera fermée. Un détour sera indiqué sur place.",
        en="Hello {name},\n\nTo make the repair near {place}, a lane will be closed. A detour will be signposted.",
    ),
    units=("roads",),
)
OWN = ReadyText(
    code="rappel",
    title=Text(fr="Je vous rappelle", en="I will call you back"),
    text=Text(
        fr="Bonjour {name},\n\nJe vous rappelle demain avant-midi.\n\n{agent}",
        en="Hello {name},\n\nI will call you back tomorrow morning.\n\n{agent}",
    ),
)


async def show(host: Host, staff: tuple[Person, ...]) -> None:
    """Write them, where the demo's own town is served."""
    town, people = host.jurisdictions.get(TOWN), {one.email: one for one in staff}
    if town is None or MANAGER not in people or AGENT not in people:
        return
    manager, agent = (Actor(kind="agent", id=people[each].id, name=people[each].name) for each in (MANAGER, AGENT))
    delay = await last_of(town, "delay")
    if delay is not None:
        await write(host, town, structs.replace(delay.ready, text=DELAY), seen=delay.number, actor=manager)
    if TRAFFIC.units[0] in town.units:
        await write(host, town, TRAFFIC, seen=0, actor=manager)
    await write(host, town, OWN, seen=0, actor=agent, owner=agent.id)
