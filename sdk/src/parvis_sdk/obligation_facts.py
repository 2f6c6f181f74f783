"""The facts of an obligation (see `parvis_sdk.obligations`), with the messages that its holder receives."""

from parvis_sdk.parts import Fact
from parvis_sdk.text import Text

FOLLOW = Text(fr="\n\nDétails et suivi\u00a0: {link}", en="\n\nDetails and tracking: {link}")
TITLE = Text(fr="{title}\u00a0: ", en="{title}: ")
NAMES = ("demand", "due")


def _plus(first: Text, second: Text) -> Text:
    return Text(fr=first.fr + second.fr, en=first.en + second.en)


def _fact(what: Text, subject: Text, body: Text, *more: str) -> Fact:
    """A fact that the holder is told of; each text after what stands before or behind all of them."""
    return Fact(
        title=_plus(TITLE, what), subject=_plus(TITLE, subject), body=_plus(body, FOLLOW), names=(*NAMES, *more)
    )


FACTS: dict[str, Fact] = {
    "imposed": Fact(title=_plus(TITLE, Text(fr="imposée", en="imposed")), brought=True, names=("demands",)),
    "soon": _fact(
        Text(fr="rappel", en="reminder"),
        Text(fr="à faire au plus tard le {due}", en="to be done by {due}"),
        Text(
            fr="Ceci est un rappel. À faire au plus tard le {due}\u00a0:\n\n{demand}",
            en="This is a reminder. To be done by {due}:\n\n{demand}",
        ),
    ),
    "due": _fact(
        Text(fr="à échéance", en="due"),
        Text(fr="à faire au plus tard le {due}", en="to be done by {due}"),
        Text(fr="L’échéance est le {due}\u00a0:\n\n{demand}", en="It is due on {due}:\n\n{demand}"),
    ),
    "lapsed": _fact(
        Text(fr="preuve échue", en="proof expired"),
        Text(fr="votre preuve est échue", en="your proof has expired"),
        Text(
            fr="La preuve que vous nous avez remise était valide jusqu’au {due}. Il nous en faut une "
            "nouvelle\u00a0:\n\n{demand}",
            en="The proof you gave us was valid until {due}. We need a new one:\n\n{demand}",
        ),
    ),
    "chased": _fact(
        Text(fr="rappel après l’échéance", en="reminder after the due date"),
        Text(fr="échéance passée", en="due date passed"),
        Text(
            fr="L’échéance était le {due} et nous n’avons rien reçu\u00a0:\n\n{demand}",
            en="It was due on {due} and we have received nothing:\n\n{demand}",
        ),
    ),
    "overdue": _fact(
        Text(fr="en retard", en="overdue"),
        Text(fr="en retard", en="overdue"),
        Text(
            fr="Ceci devait être fait au plus tard le {due}\u00a0:\n\n{demand}",
            en="This had to be done by {due}:\n\n{demand}",
        ),
    ),
    "proved": Fact(title=_plus(TITLE, Text(fr="preuve reçue", en="proof received")), names=NAMES),
    "sent_back": _fact(
        Text(fr="preuve à corriger", en="proof to be corrected"),
        Text(fr="preuve à corriger", en="proof to be corrected"),
        Text(
            fr="La preuve envoyée ne peut pas être acceptée\u00a0:\n\n{reason}\n\nÀ faire\u00a0:\n\n{demand}",
            en="We cannot accept the proof that was sent:\n\n{reason}\n\nTo be done:\n\n{demand}",
        ),
        "reason",
    ),
    "met": _fact(
        Text(fr="remplie", en="met"),
        Text(fr="condition remplie", en="condition met"),
        Text(fr="Vous avez rempli cette condition\u00a0:\n\n{demand}", en="You have met this condition:\n\n{demand}"),
    ),
    "postponed": _fact(
        Text(fr="nouveau délai", en="more time"),
        Text(fr="vous avez jusqu’au {due}", en="you have until {due}"),
        Text(
            fr="Vous avez maintenant jusqu’au {due}\u00a0:\n\n{demand}\n\n{reason}",
            en="You now have until {due}:\n\n{demand}\n\n{reason}",
        ),
        "reason",
    ),
    "waived": _fact(
        Text(fr="levée", en="waived"),
        Text(fr="n’est plus exigé", en="no longer required"),
        Text(
            fr="Ceci n’est plus exigé\u00a0:\n\n{demand}\n\n{reason}",
            en="This is no longer required:\n\n{demand}\n\n{reason}",
        ),
        "reason",
    ),
    "settled": Fact(title=_plus(TITLE, Text(fr="rien ne reste à faire", en="nothing left to be done"))),
}
