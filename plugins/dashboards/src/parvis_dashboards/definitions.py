"""What each figure means: said once, for the page, the API, exports, reports and the guide."""

from parvis.requests.lists.module_figures import FigureMeaning
from parvis_sdk.text import Text


def _defined(code: str, fr: str, en: str, sens: str, meaning: str) -> FigureMeaning:
    return FigureMeaning(code=code, title=Text(fr=fr, en=en), meaning=Text(fr=sens, en=meaning))


DEFINITIONS = {
    each.code: each
    for each in (
        _defined(
            "received",
            "Reçues",
            "Received",
            "Les requêtes reçues pendant la période, quelle qu’en soit l’issue. Une requête dont les "
            "renseignements personnels ont été détruits compte toujours.",
            "Requests received in the period, whatever their outcome. A request whose personal data "
            "was destroyed still counts.",
        ),
        _defined(
            "finished",
            "Terminées",
            "Finished",
            "Les requêtes fermées pendant la période et qui le sont encore. Une requête rouverte n’est "
            "plus comptée. Une requête fusionnée avec une autre compte une seule fois, avec l’autre.",
            "Requests closed in the period that are still closed. A reopened request is no longer "
            "counted. A request merged with another counts once, with the other.",
        ),
        _defined(
            "standing",
            "Ouvertes",
            "Open now",
            "Les requêtes ouvertes en ce moment, quelle que soit la période choisie.",
            "Requests that are open now, whatever period is chosen.",
        ),
        _defined(
            "late",
            "En retard",
            "Overdue now",
            "Parmi les requêtes ouvertes, celles dont la date promise est dépassée.",
            "Among open requests, those whose promised date has passed.",
        ),
        _defined(
            "age",
            "Âge des requêtes ouvertes",
            "Age of open requests",
            "Les requêtes ouvertes maintenant, selon le nombre de jours écoulés depuis leur réception.",
            "Requests open now, by the number of days since they were received.",
        ),
        _defined(
            "promises",
            "Dates promises respectées",
            "Promised dates met",
            "Parmi les requêtes terminées qui avaient une date promise, la part dont la date a été "
            "respectée. Le temps passé à attendre la personne n’est pas compté. Une date reportée "
            "après son échéance reste manquée. Si la requête est rouverte, la date compte comme "
            "manquée, au jour de la réouverture.",
            "Among finished requests that had a promised date, the share whose date was met. Time "
            "spent waiting for the requester does not count. A date moved after it had passed still "
            "counts as missed. If the request is reopened, the date counts as missed, on the day of "
            "reopening.",
        ),
        _defined(
            "delay",
            "Délai",
            "Response time",
            "Pour les requêtes terminées, les jours ouvrables de la réception à l’étape promise, ou à "
            "la fermeture si rien n’était promis. La médiane\u00a0: la moitié des requêtes ont pris ce "
            "temps ou moins. Le 90e centile\u00a0: 9 requêtes sur 10 ont pris ce temps ou moins. "
            "Arrondi au vingtième de jour supérieur, et au jour entier au-delà de vingt jours. Le "
            "calendrier est celui de l’époque.",
            "For finished requests, business days from receipt to the promised step, or to closing if "
            "nothing was promised. Median: half of the requests took this long or less. 90th "
            "percentile: 9 requests in 10 took this long or less. Rounded up to a twentieth of a day, "
            "and to a whole day beyond twenty days. The calendar is the one in force at the time.",
        ),
        _defined(
            "promised",
            "Promis",
            "Promised",
            "Pour les requêtes terminées, les jours ouvrables promis, en moyenne.",
            "For finished requests, the average number of business days promised.",
        ),
        _defined(
            "first_answer",
            "Première réponse",
            "First response",
            "Pour les requêtes reçues pendant la période et qui ont eu une réponse, les jours "
            "ouvrables jusqu’au premier message, au premier report de date ou à la première étape "
            "annoncée à la personne. L’accusé de réception ne compte pas.",
            "For requests received in the period that have had a response, business days until the "
            "first message, the first new date or the first step announced to the requester. The "
            "acknowledgement does not count.",
        ),
        _defined(
            "reopened",
            "Rouvertes",
            "Reopened",
            "Les requêtes décidées ou fermées qui ont été rouvertes pendant la période, par la "
            "personne ou par la Ville. Chacune compte une fois, à la date de sa dernière réouverture.",
            "Decided or closed requests that were reopened in the period, by the requester or by the "
            "town. Each counts once, on the date it was last reopened.",
        ),
        _defined(
            "satisfaction",
            "Satisfaction",
            "Satisfaction",
            "Parmi les personnes qui ont répondu pendant la période à la question «\u00a0Est-ce "
            "réglé?\u00a0», la part de celles qui ont dit oui. Seule la dernière réponse compte.",
            "Among requesters who answered the question “Is it resolved?” in the period, the share who "
            "said yes. Only the last answer counts.",
        ),
        _defined(
            "first_contact",
            "Réponse au premier contact",
            "Resolved at first contact",
            "Personnes qui ont obtenu pendant l’appel le renseignement voulu, dans toute la ville. Les "
            "contacts comprennent ces appels et les requêtes ouvertes par le personnel. Aucun "
            "renseignement personnel n’est conservé.",
            "People who got the information they wanted during the call, for the whole town. Contacts "
            "are these calls plus the requests opened by staff. No personal information is kept.",
        ),
    )
}
