"""The confidential complaint about noise, with its log of occurrences."""

from parvis_complaints import abouts
from parvis_complaints.inspection import Words, inspection_workflow
from parvis_complaints.messages import inspection_messages
from parvis_complaints.privacy import OTHERS_ADDRESS, STORY, THREE_YEARS
from parvis_complaints.questions import OCCURRENCE, evidence, frequency, home_address
from parvis_complaints.themes import NEIGHBOURHOOD
from parvis_sdk.conditions import All, Includes, Is
from parvis_sdk.fields import Address, Consent, Date, Information, LongText, OneOf, Option, SeveralOf, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.text import Text

SPOKEN = Is(field="spoken", value=True)
EVERY_NIGHT = All(parts=(Is(field="frequency", value="daily"), Includes(field="hours", value="night")))

SOURCE = Section(
    code="source",
    title=Text(fr="Le bruit", en="The noise"),
    fields=(
        Address(
            code="source_address",
            means="whose_address",
            label=Text(fr="Adresse exacte", en="Exact address"),
            help=Text(
                fr="Le numéro, la rue et, si vous le savez, l’appartement ou le nom du commerce.",
                en="The number, the street and, if you know it, the apartment or the name of the business.",
            ),
            example=Text(fr="125, rue des Érables, appartement 4", en="125, rue des Érables, apartment 4"),
            privacy=OTHERS_ADDRESS,
        ),
        OneOf(
            code="source_kind",
            label=Text(fr="De quel type d’endroit vient le bruit?", en="What type of place does the noise come from?"),
            options=(
                Option(
                    code="home", label=Text(fr="Un logement, une cour, une terrasse", en="A home, a yard, a balcony")
                ),
                Option(
                    code="business",
                    label=Text(fr="Un commerce, un bar, un restaurant", en="A shop, a bar, a restaurant"),
                ),
                Option(
                    code="industry",
                    label=Text(fr="Une usine, un entrepôt, un équipement", en="A plant, a warehouse, equipment"),
                ),
                Option(code="construction", label=Text(fr="Un chantier", en="A construction site")),
                Option(
                    code="street", label=Text(fr="La rue, un parc, un événement", en="The street, a park, an event")
                ),
            ),
        ),
        OneOf(
            code="noise_kind",
            label=Text(fr="De quel type de bruit s’agit-il?", en="What type of noise is it?"),
            help=Text(
                fr="Pour un chien qui aboie, utilisez plutôt la plainte sur un animal.",
                en="For a barking dog, use the complaint about an animal instead.",
            ),
            options=(
                Option(code="music", label=Text(fr="Musique ou basses", en="Music or bass")),
                Option(code="voices", label=Text(fr="Voix, cris, fête", en="Voices, shouting, a party")),
                Option(
                    code="machine",
                    label=Text(fr="Thermopompe, ventilation, machine", en="Heat pump, ventilation, a machine"),
                ),
                Option(
                    code="works",
                    label=Text(fr="Travaux, marteau, scie, tondeuse", en="Construction, hammer, saw, lawn mower"),
                ),
                Option(code="vehicle", label=Text(fr="Véhicule, moto, livraison", en="Vehicle, motorbike, delivery")),
                Option(code="alarm", label=Text(fr="Alarme", en="Alarm")),
                Option(code="other", label=Text(fr="Autre bruit", en="Another noise")),
            ),
        ),
    ),
)

WHEN = Section(
    code="when",
    title=Text(fr="Moments du bruit", en="Times of the noise"),
    fields=(
        Information(
            code="now",
            label=Text(fr="Le bruit a lieu en ce moment?", en="Is the noise happening now?"),
            body=Text(
                fr=(
                    "Cette plainte est lue les jours ouvrables. Pour faire cesser un bruit maintenant, surtout "
                    "la nuit, appelez la police à son numéro non urgent."
                ),
                en=(
                    "This complaint is read on business days. To stop a noise now, especially at night, call "
                    "the police non-emergency number."
                ),
            ),
        ),
        Date(
            code="since",
            means="happened_on",
            label=Text(fr="Depuis quand environ?", en="Since about when?"),
            earliest=-3650,
            latest=0,
        ),
        frequency(Text(fr="À quelle fréquence?", en="How often?")),
        SeveralOf(
            code="hours",
            label=Text(fr="À quels moments?", en="At what times?"),
            help=Text(fr="Cochez tout ce qui s’applique.", en="Tick all that apply."),
            least=1,
            options=(
                Option(code="morning", label=Text(fr="Tôt le matin, avant 7 h", en="Early morning, before 7 a.m.")),
                Option(code="day", label=Text(fr="Le jour, de 7 h à 19 h", en="Daytime, 7 a.m. to 7 p.m.")),
                Option(code="evening", label=Text(fr="Le soir, de 19 h à 23 h", en="Evening, 7 p.m. to 11 p.m.")),
                Option(code="night", label=Text(fr="La nuit, après 23 h", en="Night, after 11 p.m.")),
                Option(code="weekend", label=Text(fr="Surtout la fin de semaine", en="Mostly on weekends")),
            ),
        ),
        LongText(
            code="description",
            means="description",
            label=Text(fr="Décrivez ce que vous entendez", en="Describe what you hear"),
            help=Text(
                fr=(
                    "Les faits : ce que vous entendez, dans quelle pièce, fenêtres ouvertes ou fermées. Dites aussi "
                    "ce que cela vous empêche de faire."
                ),
                en=(
                    "The facts: what you hear, in which room, with windows open or closed. Say also what it keeps "
                    "you from doing."
                ),
            ),
            example=Text(
                fr="Basses audibles dans la chambre, fenêtres fermées, du jeudi au samedi jusqu’à 2 h.",
                en="Bass heard in the bedroom with the windows closed, Thursday to Saturday until 2 a.m.",
            ),
            max_length=4000,
            privacy=STORY,
        ),
    ),
)

STEPS = Section(
    code="steps",
    title=Text(fr="Démarches déjà faites", en="What you have already done"),
    fields=(
        YesNo(
            code="spoken",
            means="tried_to_settle",
            label=Text(fr="En avez-vous parlé à la personne?", en="Have you spoken to the person?"),
            help=Text(
                fr="Ce n’est pas obligatoire. Ne le faites pas si vous craignez pour votre sécurité.",
                en="You do not have to. Do not do it if you fear for your safety.",
            ),
        ),
        LongText(
            code="spoken_result",
            means="tried_result",
            label=Text(fr="Quel a été le résultat?", en="What was the result?"),
            required=False,
            max_length=1000,
            rows=3,
            show_when=SPOKEN,
            privacy=STORY,
        ),
        evidence(
            Text(
                fr="Lettre au propriétaire, constat de la police, photo du chantier.",
                en="Letter to the landlord, police report, photo of the site.",
            )
        ),
    ),
)

ABOUT_YOU = Section(
    code="about_you",
    title=Text(fr="Pour l’inspection", en="For the inspection"),
    fields=(
        home_address(),
        YesNo(
            code="measure_at_home",
            label=Text(fr="Peut-on mesurer le bruit de chez vous?", en="May we measure the noise from your home?"),
            help=Text(
                fr="Seulement avec votre accord et sur rendez-vous. Une mesure faite chez vous a plus de poids.",
                en="Only with your consent and by appointment. A measurement made at your home carries more weight.",
            ),
        ),
        Consent(
            code="confidentiality",
            label=Text(fr="Confidentialité", en="Confidentiality"),
            statement=Text(
                fr=(
                    "Je comprends que mon identité n’est pas révélée à la personne visée. Si l’affaire va devant un "
                    "tribunal, on me demandera d’abord si j’accepte de témoigner."
                ),
                en=(
                    "I understand that my identity is not revealed to the person concerned. If the case goes to court, "
                    "I will first be asked whether I agree to testify."
                ),
            ),
        ),
    ),
)

WORDS = Words(
    letter=Text(
        fr=(
            "Une première lettre, qui rappelle le règlement sans vous nommer, a été envoyée à l’adresse visée. Elle "
            "suffit le plus souvent."
        ),
        en=(
            "A first letter about the by-law, which does not name you, was sent to the address concerned. It is "
            "usually enough."
        ),
    ),
    visit=Text(
        fr=(
            "Une visite d’inspection aura lieu. Sa date n’est pas annoncée, pour que le bruit soit constaté tel qu’il "
            "est."
        ),
        en="An inspection visit will be made. Its date is not announced, so that the noise can be observed as it is.",
    ),
    settled=Text(
        fr="Le bruit a cessé ou respecte maintenant le règlement.",
        en="The noise has stopped or now respects the by-law.",
    ),
)

NOISE = RequestType(
    code="noise",
    title=Text(fr="Plainte de bruit", en="Noise complaint"),
    summary=Text(
        fr="Un bruit qui dérange souvent : voisin, commerce, chantier, appareil. Votre identité reste confidentielle.",
        en=(
            "A noise that keeps disturbing you: neighbour, business, construction site, machine. Your identity stays "
            "confidential."
        ),
    ),
    slug=Text(fr="bruit", en="noise"),
    theme=NEIGHBOURHOOD,
    icon="noise",
    about=abouts.NOISE,
    form=Form(sections=(SOURCE, WHEN, STEPS, ABOUT_YOU)),
    occurrence=OCCURRENCE,
    workflow=inspection_workflow(WORDS),
    # The address is enough to act; the pin only helps to find the right sector and other complaints nearby.
    place=PlaceRule(
        need="optional",
        label=Text(fr="D’où vient le bruit?", en="Where does the noise come from?"),
    ),
    identity=IdentityRule(modes=("confidential",)),
    service_levels=(
        ServiceLevel(
            code="every_night",
            title=Text(
                fr="Nuit après nuit : conclusion",
                en="Night after night: conclusion",
            ),
            business_days=15,
            until="decided",
            when=EVERY_NIGHT,
        ),
        ServiceLevel(
            code="standard",
            title=Text(fr="Conclusion", en="Conclusion"),
            business_days=30,
            until="decided",
        ),
    ),
    retention=THREE_YEARS,
    visibility=Visibility(public=False),
    messages=inspection_messages(
        WORDS,
        received=Text(
            fr=(
                "Votre identité n’est pas révélée à la personne visée. Nous lui envoyons d’abord une lettre, puis, "
                "s’il le faut, une inspectrice ou un inspecteur. Conclusion promise au plus tard le "
                "{promised}."
            ),
            en=(
                "Your identity is not revealed to the person concerned. We first send them a letter, then, if need "
                "be, an inspector. Conclusion promised by {promised}."
            ),
        ),
    ),
    keywords=(
        Text(
            fr="bruit, bruits, bruyant, tapage nocturne, vacarme, boucan, nuisance sonore",
            en="noise, noisy, loud, racket, disturbance, nuisance",
        ),
        Text(
            fr="voisin bruyant, musique forte, basses, party, fête, cris, chicane, son trop fort",
            en="noisy neighbour, neighbor, loud music, bass, party, shouting, too loud",
        ),
        Text(
            fr="bar, terrasse, restaurant, camion de livraison, moto, alarme",
            en="bar, patio, restaurant, delivery truck, motorcycle, alarm",
        ),
        Text(
            fr="chantier, construction, travaux tôt le matin, marteau, tondeuse, souffleur",
            en="construction noise, early morning works, jackhammer, lawn mower, leaf blower",
        ),
        Text(
            fr="thermopompe, climatiseur, ventilation, vibration, bourdonnement",
            en="heat pump, air conditioner, ventilation, vibration, humming",
        ),
        Text(
            fr="dormir, nuit, empêche de dormir, tranquillité, paix", en="sleep, night, keeps me awake, peace and quiet"
        ),
        Text(
            fr="klaxon, alarme qui sonne, marteau-piqueur, silencieux, pétards, feux d’artifice, cris, hurle",
            en="honking, alarm ringing, jackhammer, muffler, firecrackers, fireworks, yelling, screaming",
        ),
        Text(
            fr="tapage, marche fort, saute au plancher, voisin du haut, musique à fond, son de télé",
            en="stomping, upstairs neighbour, blasting music, loud tv",
        ),
        Text(
            fr="réveille, empêche de dormir, pas capable de dormir, je ne dors plus",
            en="wakes me up, cannot sleep, can’t sleep",
        ),
    ),
    prepare=Text(
        fr="L’adresse d’où vient le bruit, votre adresse et, si possible, une liste des jours et des heures.",
        en="The address the noise comes from, your own address and, if you can, a list of days and times.",
    ),
)
