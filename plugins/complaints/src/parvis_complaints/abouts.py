"""What the page of each complaint says: for whom, what comes next, and answers that spare a complaint."""

from parvis_sdk.about import About, Answer
from parvis_sdk.text import Text

CONFIDENTIAL = Text(
    fr="Seule la personne chargée de votre plainte connaît votre identité. L’équipe sur le terrain ne la connaît pas.",
    en="Only the person in charge of your complaint knows who you are. The crew in the field does not.",
)

NOISE = About(
    who=Text(
        fr="Toute personne qu’un bruit répété dérange chez elle ou à son travail.",
        en="Anyone disturbed by repeated noise at home or at work.",
    ),
    next=(
        CONFIDENTIAL,
        Text(
            fr="Une première lettre rappelle le règlement; si le bruit continue, un inspecteur passe.",
            en="A first letter explains the by-law; if the noise continues, an inspector comes.",
        ),
        Text(
            fr="Si le bruit revient, ajoutez l’épisode à la même plainte avec votre lien privé.",
            en="If the noise comes back, add the occurrence to the same complaint with your private link.",
        ),
    ),
    answers=(
        Answer(
            code="now",
            question=Text(fr="Le bruit a lieu en ce moment?", en="Is the noise going on now?"),
            answer=Text(
                fr="Appelez la police à son numéro non urgent\u00a0: une patrouille peut intervenir tout de suite.",
                en="Call the police non-emergency number: a patrol can come right away.",
            ),
        ),
        Answer(
            code="hours",
            question=Text(fr="À quelles heures le bruit est-il permis?", en="At what hours is noise allowed?"),
            answer=Text(
                fr=(
                    "Du lundi au vendredi, les travaux et les outils bruyants sont permis de 7 h à "
                    "21 h. La fin de semaine, ils sont permis de 9 h à 18 h. La musique ne doit "
                    "jamais s’entendre chez le voisin."
                ),
                en=(
                    "Work and noisy tools are allowed from 7 a.m. to 9 p.m. on weekdays and from 9 "
                    "a.m. to 6 p.m. on weekends. Music must never be heard in a neighbour’s home."
                ),
            ),
        ),
    ),
)

ANIMAL_NUISANCE = About(
    who=Text(
        fr="Toute personne gênée ou inquiétée par un animal domestique ou errant.",
        en="Anybody bothered or worried by a pet or a stray animal.",
    ),
    next=(
        CONFIDENTIAL,
        Text(
            fr="Une agente ou un agent vérifie les faits et parle à la personne qui a la garde de l’animal.",
            en="An officer checks the facts and talks to the person who keeps the animal.",
        ),
    ),
    answers=(
        Answer(
            code="bite",
            question=Text(fr="Quelqu’un a été mordu?", en="Was somebody bitten?"),
            answer=Text(
                fr="Appelez le 911 s’il y a blessure, puis signalez-le ici : l’animal sera évalué.",
                en="Call 911 if there is an injury, then report it here: the animal will be assessed.",
            ),
        ),
        Answer(
            code="wildlife",
            question=Text(fr="C’est un animal sauvage?", en="Is it a wild animal?"),
            answer=Text(
                fr="Pour un animal sauvage blessé ou malade, communiquez avec SOS Braconnage – Urgence faune sauvage.",
                en="For an injured or sick wild animal, contact SOS Poaching – Wildlife Emergency.",
            ),
            link="https://www.quebec.ca/agriculture-environnement-et-ressources-naturelles/faune",
        ),
    ),
)

SERVICE_COMPLAINT = About(
    who=Text(
        fr="Toute personne insatisfaite d’un service de la Ville ou de l’accueil reçu.",
        en="Anybody dissatisfied with a service of the town or with how they were received.",
    ),
    next=(
        Text(
            fr="Une personne qui ne travaille pas dans le service visé lit votre plainte et vous écrit.",
            en="Someone from outside the service concerned reads your complaint and writes to you.",
        ),
        Text(
            fr="Vous recevez une réponse écrite et motivée, qui explique comment demander une révision.",
            en="You receive a written answer with reasons, which explains how to ask for a review.",
        ),
    ),
    answers=(
        Answer(
            code="ombudsman",
            question=Text(fr="Que faire si la réponse ne me satisfait pas?", en="What if I disagree with the answer?"),
            answer=Text(
                fr="Vous pouvez demander une révision au moyen de votre lien privé, puis vous adresser à l’ombudsman.",
                en="You can ask for a review through your private link, then contact the ombudsman.",
            ),
        ),
    ),
)
