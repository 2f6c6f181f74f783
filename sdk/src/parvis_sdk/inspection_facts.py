"""The facts of an inspection, with the default messages to its requester."""

from parvis_sdk.parts import Fact
from parvis_sdk.text import Text

WHEN = ("day", "slot", "prepare")
FOUND = ("day", "points", "due")
FACTS: dict[str, Fact] = {
    "wanted": Fact(title=Text(fr="{title}\u00a0: visite à prévoir", en="{title}: visit to be planned"), brought=True),
    "planned": Fact(
        title=Text(fr="{title}\u00a0: visite prévue", en="{title}: visit planned"),
        subject=Text(
            fr="{title}\u00a0: visite prévue le {day} ({reference})",
            en="{title}: visit planned for {day} ({reference})",
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
            fr="{title}\u00a0: visite déplacée au {day} ({reference})",
            en="{title}: visit moved to {day} ({reference})",
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
            fr="{title}\u00a0: visite du {day} annulée ({reference})",
            en="{title}: visit of {day} cancelled ({reference})",
        ),
        body=Text(
            fr="La visite du {day} est annulée\u00a0: {title}. Nous en prévoirons une autre.\n\n{reason}",
            en="The visit of {day} is cancelled: {title}. We will plan another one.\n\n{reason}",
        ),
        names=("day", "slot", "reason"),
    ),
    "missed": Fact(
        title=Text(fr="{title}\u00a0: la visite n’a pas pu se faire", en="{title}: the visit could not be made"),
        subject=Text(
            fr="{title}\u00a0: la visite n’a pas pu se faire ({reference})",
            en="{title}: the visit could not be made ({reference})",
        ),
        body=Text(
            fr="Nous sommes passés le {day}, mais la visite n’a pas pu se faire\u00a0: {title}. Nous en prévoirons "
            "une autre."
            "\n\n{reason}\n\nPour proposer un moment\u00a0: {link}",
            en="We came on {day}, but the visit could not be made: {title}. We will plan another one."
            "\n\n{reason}\n\nTo suggest a time: {link}",
        ),
        names=("day", "reason"),
    ),
    "passed": Fact(
        title=Text(fr="{title}\u00a0: conforme", en="{title}: compliant"),
        subject=Text(fr="{title}\u00a0: conforme ({reference})", en="{title}: compliant ({reference})"),
        body=Text(
            fr="Nous avons fait la visite le {day}\u00a0: {title}. Tout est conforme.",
            en="We made the visit on {day}: {title}. Everything complies.",
        ),
        names=("day",),
    ),
    "failed": Fact(
        title=Text(fr="{title}\u00a0: à corriger", en="{title}: to be corrected"),
        subject=Text(
            fr="{title}\u00a0: points à corriger ({reference})", en="{title}: points to correct ({reference})"
        ),
        body=Text(
            fr="Nous avons fait la visite le {day}\u00a0: {title}. Ces points ne sont pas conformes\u00a0:\n\n{points}"
            "\n\nUne autre visite portera sur ces points seulement. Détails et photos\u00a0: {link}",
            en="We made the visit on {day}: {title}. These points do not comply:\n\n{points}\n\n"
            "Another visit will cover only these points. Details and photos: {link}",
        ),
        names=FOUND,
    ),
    "notice": Fact(
        title=Text(fr="{title}\u00a0: avis de non-conformité", en="{title}: notice of non-compliance"),
        subject=Text(
            fr="Avis de non-conformité\u00a0: {title}, à corriger au plus tard le {due} ({reference})",
            en="Notice of non-compliance: {title}, to be corrected by {due} ({reference})",
        ),
        body=Text(
            fr="Avis de non-conformité. À la visite du {day} ({title}), ces points n’étaient pas conformes\u00a0:\n\n"
            "{points}\n\nIls doivent être corrigés au plus tard le {due}. Une autre visite portera sur ces points "
            "seulement. Détails et photos\u00a0: {link}",
            en="Notice of non-compliance. At the visit of {day} ({title}), these points did not comply:\n\n{points}"
            "\n\nThey must be corrected by {due}. Another visit will cover only these points. "
            "Details and photos: {link}",
        ),
        names=FOUND,
    ),
    "overdue": Fact(title=Text(fr="{title}\u00a0: délai de correction passé", en="{title}: not corrected in time")),
    "waived": Fact(
        title=Text(fr="{title}\u00a0: visite jugée inutile", en="{title}: visit not needed any more"), brought=True
    ),
}
