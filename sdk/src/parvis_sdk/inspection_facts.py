"""What may come true of an inspection, and what its requester then reads where the author has no words of their own."""

from parvis_sdk.parts import Fact
from parvis_sdk.text import Text

WHEN = ("day", "slot", "prepare")
FOUND = ("day", "points", "due")
FACTS: dict[str, Fact] = {
    "wanted": Fact(title=Text(fr="{title}\u00a0: visite à prévoir", en="{title}: visit to be planned"), brought=True),
    "planned": Fact(
        title=Text(fr="{title}\u00a0: visite prévue", en="{title}: visit planned"),
        subject=Text(
            fr="Requête {reference}\u00a0: visite prévue le {day}", en="Request {reference}: visit planned on {day}"
        ),
        body=Text(
            fr="Une visite est prévue\u00a0: {title}, le {day}, {slot}.\n\n{prepare}\n\n"
            "Pour l’ajouter à votre agenda ou proposer un autre moment\u00a0: {link}",
            en="A visit is planned: {title}, on {day}, {slot}.\n\n{prepare}\n\n"
            "To add it to your calendar or suggest another time: {link}",
        ),
        names=WHEN,
    ),
    "moved": Fact(
        title=Text(fr="{title}\u00a0: visite déplacée", en="{title}: visit moved"),
        subject=Text(
            fr="Requête {reference}\u00a0: la visite est déplacée au {day}",
            en="Request {reference}: the visit is moved to {day}",
        ),
        body=Text(
            fr="La visite est déplacée\u00a0: {title}, maintenant le {day}, {slot}.\n\n{reason}\n\n"
            "Pour mettre votre agenda à jour ou proposer un autre moment\u00a0: {link}",
            en="The visit is moved: {title}, now on {day}, {slot}.\n\n{reason}\n\n"
            "To update your calendar or suggest another time: {link}",
        ),
        names=(*WHEN, "reason"),
    ),
    "cancelled": Fact(
        title=Text(fr="{title}\u00a0: visite annulée", en="{title}: visit cancelled"),
        subject=Text(
            fr="Requête {reference}\u00a0: la visite du {day} est annulée",
            en="Request {reference}: the visit of {day} is cancelled",
        ),
        body=Text(
            fr="La visite du {day} est annulée\u00a0: {title}. Une autre sera prévue.\n\n{reason}",
            en="The visit of {day} is cancelled: {title}. Another will be planned.\n\n{reason}",
        ),
        names=("day", "slot", "reason"),
    ),
    "missed": Fact(
        title=Text(fr="{title}\u00a0: la visite n’a pas pu se faire", en="{title}: the visit could not be made"),
        subject=Text(
            fr="Requête {reference}\u00a0: la visite n’a pas pu se faire",
            en="Request {reference}: the visit could not be made",
        ),
        body=Text(
            fr="Nous sommes passés le {day}, mais la visite n’a pas pu se faire\u00a0: {title}. Une autre sera prévue."
            "\n\n{reason}\n\nPour proposer un moment\u00a0: {link}",
            en="We came on {day}, but the visit could not be made: {title}. Another will be planned."
            "\n\n{reason}\n\nTo suggest a time: {link}",
        ),
        names=("day", "reason"),
    ),
    "passed": Fact(
        title=Text(fr="{title}\u00a0: conforme", en="{title}: compliant"),
        subject=Text(fr="Requête {reference}\u00a0: visite conforme", en="Request {reference}: everything is in order"),
        body=Text(
            fr="Nous avons fait la visite le {day}\u00a0: {title}. Tout est conforme.",
            en="We made the visit on {day}: {title}. Everything is in order.",
        ),
        names=("day",),
    ),
    "failed": Fact(
        title=Text(fr="{title}\u00a0: à corriger", en="{title}: to be corrected"),
        subject=Text(
            fr="Requête {reference}\u00a0: des points sont à corriger", en="Request {reference}: points to be corrected"
        ),
        body=Text(
            fr="Nous avons fait la visite le {day}\u00a0: {title}. Ces points ne sont pas conformes\u00a0:\n\n{points}"
            "\n\nUne autre visite portera sur ces points seulement. Détails et photos\u00a0: {link}",
            en="We made the visit on {day}: {title}. These points are not in order:\n\n{points}\n\n"
            "Another visit will look at these points alone. Details and photos: {link}",
        ),
        names=FOUND,
    ),
    "notice": Fact(
        title=Text(fr="{title}\u00a0: avis de non-conformité", en="{title}: notice of non-compliance"),
        subject=Text(
            fr="Requête {reference}\u00a0: avis de non-conformité, à corriger au plus tard le {due}",
            en="Request {reference}: notice of non-compliance, to be corrected by {due}",
        ),
        body=Text(
            fr="Avis de non-conformité. À la visite du {day} ({title}), ces points n’étaient pas conformes\u00a0:\n\n"
            "{points}\n\nIls doivent être corrigés au plus tard le {due}. Une autre visite portera sur ces points "
            "seulement. Détails et photos\u00a0: {link}",
            en="Notice of non-compliance. At the visit of {day} ({title}), these points were not in order:\n\n{points}"
            "\n\nThey must be corrected by {due}. Another visit will look at these points alone. "
            "Details and photos: {link}",
        ),
        names=FOUND,
    ),
    "overdue": Fact(title=Text(fr="{title}\u00a0: délai de correction passé", en="{title}: not corrected in time")),
    "waived": Fact(
        title=Text(fr="{title}\u00a0: visite jugée inutile", en="{title}: visit not needed any more"), brought=True
    ),
}
