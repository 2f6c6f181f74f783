"""The complaint about an animal: barking, running loose, biting, dirt, neglect."""

from parvis_complaints import abouts
from parvis_complaints.inspection import Words, inspection_workflow
from parvis_complaints.messages import inspection_messages
from parvis_complaints.privacy import OTHERS_ADDRESS, STORY, THREE_YEARS
from parvis_complaints.questions import OCCURRENCE, evidence, frequency, home_address
from parvis_complaints.themes import NEIGHBOURHOOD
from parvis_sdk.conditions import Is, OneOfThese, Some
from parvis_sdk.fields import Address, Information, LongText, OneOf, Option, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.text import Text

BITE = Is(field="nuisance", value="bite")
DANGEROUS = Some(parts=(BITE, Is(field="danger", value=True)))
KEPT = OneOfThese(field="animal", values=("dog", "cat", "livestock", "other"))

ANIMAL = Section(
    code="animal",
    title=Text(fr="L’animal", en="The animal"),
    fields=(
        OneOf(
            code="animal",
            label=Text(fr="Quel animal?", en="Which animal?"),
            options=(
                Option(code="dog", label=Text(fr="Un chien", en="A dog")),
                Option(code="cat", label=Text(fr="Un chat", en="A cat")),
                Option(
                    code="birds",
                    label=Text(fr="Des pigeons, des goélands, d’autres oiseaux", en="Pigeons, gulls, other birds"),
                ),
                Option(code="rodents", label=Text(fr="Des rats ou des souris", en="Rats or mice")),
                Option(
                    code="wild",
                    label=Text(fr="Un animal sauvage", en="A wild animal"),
                    help=Text(fr="Raton, moufette, marmotte, coyote", en="Raccoon, skunk, groundhog, coyote"),
                ),
                Option(code="livestock", label=Text(fr="Des poules ou un animal de ferme", en="Hens or a farm animal")),
                Option(code="other", label=Text(fr="Un autre animal", en="Another animal")),
            ),
        ),
        OneOf(
            code="nuisance",
            label=Text(fr="Que se passe-t-il?", en="What is happening?"),
            options=(
                Option(
                    code="barking", label=Text(fr="Il aboie ou crie longtemps", en="It barks or cries for a long time")
                ),
                Option(code="loose", label=Text(fr="Il court en liberté, sans laisse", en="It runs loose, off leash")),
                Option(code="aggressive", label=Text(fr="Il menace ou attaque", en="It threatens or attacks")),
                Option(
                    code="bite",
                    label=Text(fr="Il a mordu une personne ou un animal", en="It bit a person or an animal"),
                ),
                Option(code="dirt", label=Text(fr="Excréments ou mauvaises odeurs", en="Droppings or bad smells")),
                Option(code="damage", label=Text(fr="Il fait des dégâts", en="It causes damage")),
                Option(code="feeding", label=Text(fr="Quelqu’un nourrit des animaux", en="Someone feeds animals")),
                Option(
                    code="neglect", label=Text(fr="Il est négligé ou maltraité", en="It is neglected or mistreated")
                ),
                Option(code="dead", label=Text(fr="Il est mort", en="It is dead")),
            ),
        ),
        YesNo(
            code="danger",
            label=Text(fr="Est-il dangereux en ce moment?", en="Is it dangerous now?"),
            help=Text(
                fr="Il rôde encore, il est blessé, ou il semble malade.",
                en="It is still around, it is injured, or it seems ill.",
            ),
        ),
        Information(
            code="emergency",
            label=Text(fr="Danger immédiat?", en="Immediate danger?"),
            body=Text(
                fr=(
                    "Éloignez-vous sans courir et mettez les enfants à l’abri. Si l’animal attaque ou vient de "
                    "mordre, appelez le 911. Lavez toute morsure à l’eau et au savon, et appelez Info-Santé au 811."
                ),
                en=(
                    "Move away without running and get children to safety. If the animal is attacking or has just "
                    "bitten, call 911. Wash any bite with soap and water, and call Info-Santé at 811."
                ),
            ),
            tone="warning",
            show_when=DANGEROUS,
        ),
        ShortText(
            code="looks",
            label=Text(fr="Description de l’animal", en="Description of the animal"),
            example=Text(
                fr="Grand chien noir, poil court, collier rouge", en="Large black dog, short hair, red collar"
            ),
            required=False,
        ),
    ),
)

FACTS = Section(
    code="facts",
    title=Text(fr="Les faits", en="The facts"),
    fields=(
        frequency(Text(fr="À quelle fréquence?", en="How often?")),
        LongText(
            code="description",
            means="description",
            label=Text(fr="Décrivez ce qui s’est passé", en="Describe what happened"),
            example=Text(
                fr="Le chien aboie de 8 h à 16 h, dehors, quand personne n’est à la maison.",
                en="The dog barks outside from 8 a.m. to 4 p.m. when nobody is at home.",
            ),
            max_length=4000,
            privacy=STORY,
        ),
        Address(
            code="keeper_address",
            means="whose_address",
            label=Text(
                fr="Adresse où l’animal est gardé, si vous la connaissez",
                en="Address where the animal is kept, if you know it",
            ),
            required=False,
            show_when=KEPT,
            privacy=OTHERS_ADDRESS,
        ),
        evidence(
            Text(
                fr="Une photo de l’animal ou des dégâts, sans vous approcher.",
                en="A photo of the animal or the damage, without going near.",
            )
        ),
        home_address(required=False),
    ),
)

WORDS = Words(
    letter=Text(
        fr="Une lettre qui rappelle le règlement sur les animaux, sans vous nommer, a été envoyée à l’adresse visée.",
        en="A letter about the by-law on animals, which does not name you, was sent to the address concerned.",
    ),
    visit=Text(
        fr="Une visite d’inspection aura lieu. Sa date n’est pas annoncée.",
        en="An inspection visit will be made. Its date is not announced.",
    ),
    settled=Text(
        fr="La situation est corrigée\u00a0: l’animal est pris en charge ou le règlement est maintenant respecté.",
        en="The situation is resolved: the animal is cared for, or the by-law is now respected.",
    ),
    entrusted=Text(
        fr="Le contrôle animalier a reçu votre plainte et s’occupe de l’animal.",
        en="Animal control has received your complaint and is dealing with the animal.",
    ),
)

ANIMAL_NUISANCE = RequestType(
    code="animal_nuisance",
    title=Text(fr="Animal qui dérange ou menace", en="Animal nuisance or danger"),
    summary=Text(
        fr="Un chien qui aboie, erre ou mord, des pigeons, des rats, un animal sauvage ou maltraité.",
        en="A dog that barks, strays or bites, pigeons, rats, a wild or mistreated animal.",
    ),
    slug=Text(fr="animal", en="animal"),
    theme=NEIGHBOURHOOD,
    icon="paw",
    about=abouts.ANIMAL_NUISANCE,
    form=Form(sections=(ANIMAL, FACTS)),
    occurrence=OCCURRENCE,
    workflow=inspection_workflow(WORDS),
    place=PlaceRule(label=Text(fr="Où cela se passe-t-il?", en="Where does it happen?")),
    identity=IdentityRule(modes=("confidential", "named", "anonymous")),
    service_levels=(
        ServiceLevel(
            code="danger",
            title=Text(fr="Animal dangereux : prise en charge", en="Dangerous animal: dealt with"),
            hours=24,
            until="in_progress",
            when=DANGEROUS,
        ),
        ServiceLevel(
            code="standard",
            title=Text(fr="Conclusion", en="Conclusion"),
            business_days=20,
            until="decided",
        ),
    ),
    retention=THREE_YEARS,
    visibility=Visibility(public=False),
    messages=inspection_messages(
        WORDS,
        received=Text(
            fr=(
                "Nous agirons au plus tard le {promised}. Votre identité n’est pas révélée à la personne qui garde "
                "l’animal."
            ),
            en=("We will act by {promised}. Your identity is not revealed to the person who keeps the animal."),
        ),
    ),
    keywords=(
        Text(fr="chien, chiens, aboie, aboiements, jappe, jappements, hurle", en="dog, dogs, barks, barking, howling"),
        Text(fr="chien en liberté, errant, sans laisse, perdu, fugue", en="loose dog, stray, off leash, lost, runaway"),
        Text(
            fr="chien agressif, chien dangereux, mordu, morsure, mordre, attaque, pitbull",
            en="aggressive dog, dangerous dog, bit, bite, bitten, attack, pit bull",
        ),
        Text(fr="crottes, excréments, caca, odeur, litière", en="poop, droppings, dog mess, smell, litter"),
        Text(
            fr="chat errant, colonie de chats, raton laveur, moufette, marmotte, coyote, écureuil, animal sauvage",
            en="stray cat, cat colony, raccoon, skunk, groundhog, coyote, squirrel, wild animal",
        ),
        Text(
            fr="pigeons, goélands, nourrir les oiseaux, rats, souris, vermine, poules, cour, ruelle",
            en="pigeons, gulls, feeding birds, rats, mice, vermin, hens, chickens, yard, alley",
        ),
        Text(
            fr="animal mort, cadavre, maltraitance, cruauté, négligé, contrôle animalier, fourrière, SPA",
            en="dead animal, carcass, roadkill, cruelty, abuse, neglected, animal control, pound, SPCA",
        ),
        Text(
            fr="muselière, chien attaché, chien battu, bat son chien, garde trop de chats, jappement continuel",
            en="muzzle, chained dog, beats his dog, too many cats, constant barking",
        ),
        Text(
            fr="mouffette, fiente, guano, oiseau mort, écureuil mort, chat perdu, chien trouvé, "
            "animaux dans le grenier",
            en="bird droppings, dead bird, dead squirrel, dead skunk, lost cat, found dog, animals in the attic",
        ),
    ),
    unlike=(
        Text(
            fr="licence de chien, licence, médaille, enregistrer mon chien, adopter",
            en="dog licence, dog license, dog tag, register my dog, adopt",
        ),
    ),
    prepare=Text(
        fr="L’endroit, une description de l’animal et, si vous la connaissez, l’adresse de la personne qui le garde.",
        en="The place and a description of the animal. If you know it, the address of the person who keeps it.",
    ),
)
