"""Who must give an opinion on a party, within how long, on what it rests, and what silence means."""

from parvis_sdk.conditions import Includes, Is
from parvis_sdk.reviews import Recommendation, Review, Silence, Task
from parvis_sdk.text import Text

DAYS = ("held_on", "ends_on")
HOURS = (*DAYS, "begins_at", "reopens_at")
SLOW = Silence(escalate=(50, 90))
"""Police, fire safety and the borough never agree by silence: the unit of the file is told of them."""

TRANSIT = Silence(
    escalate=(50,),
    deemed=Recommendation.FAVOURABLE,
    rule=Text(
        fr="Selon l’entente avec la société de transport, un détour qu’elle n’a pas refusé en quatre jours ouvrables "
        "est accepté.",
        en="Under the agreement with the transit company, a detour that it has not refused within four business days "
        "is accepted.",
    ),
)
NOISE = Silence(
    deemed=Recommendation.FAVOURABLE,
    rule=Text(
        fr="Le règlement sur le bruit permet une fête qui finit avant 23 heures. L’environnement a cinq jours "
        "ouvrables pour s’y opposer. Un avis plus tardif compte tant que d’autres sont attendus.",
        en="The by-law on noise allows a party that ends before 11 p.m. The environment department has five business "
        "days to object. A later opinion counts while others are awaited.",
    ),
    late="counts",
)

OPINIONS = Review(
    code="opinions",
    title=Text(fr="Avis des services", en="Opinions of the departments"),
    tasks=(
        Task(
            code="police",
            title=Text(fr="Police", en="Police"),
            days=8,
            shows=("party_name", "street", *HOURS, "people", "minders", "includes"),
            depends_on=(*HOURS, "people", "place"),
            silence=SLOW,
        ),
        Task(
            code="fire",
            title=Text(fr="Sécurité incendie", en="Fire safety"),
            days=5,
            shows=("street", *HOURS, "people", "includes"),
            depends_on=("people", "includes", "place"),
            silence=SLOW,
        ),
        Task(
            code="works",
            title=Text(fr="Travaux publics", en="Public works"),
            days=6,
            shows=("street", *HOURS, "barriers"),
            depends_on=(*DAYS, "barriers", "place"),
            silence=Silence(escalate=(60,)),
        ),
        Task(
            code="transit",
            title=Text(fr="Transport en commun", en="Transit"),
            days=4,
            when=Is(field="on_bus_route", value=True),
            shows=("street", *HOURS),
            depends_on=(*HOURS, "place"),
            silence=TRANSIT,
        ),
        Task(
            code="noise",
            title=Text(fr="Environnement", en="Environment"),
            days=5,
            when=Includes(field="includes", value="music"),
            shows=("street", *HOURS, "includes", "neighbours"),
            depends_on=("begins_at", "reopens_at", "includes"),
            silence=NOISE,
        ),
        Task(
            code="borough",
            title=Text(fr="Arrondissement", en="Borough"),
            days=10,
            after=("police", "fire", "works"),
            shows=("party_name", "street", *HOURS, "people", "neighbours"),
            depends_on=(*HOURS, "people", "place"),
            silence=SLOW,
        ),
    ),
)
