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
            "Les requêtes reçues pendant la période, quel qu’en soit le sort. Une requête dont les renseignements "
            "personnels ont été détruits compte toujours.",
            "The requests received in the period, whatever became of them. One whose personal data was destroyed "
            "still counts.",
        ),
        _defined(
            "finished",
            "Terminées",
            "Finished",
            "Les requêtes fermées pendant la période et qui le sont restées. Une requête rouverte n’y est plus; une "
            "requête jointe à une autre n’y est pas, ni parmi les ouvertes\u00a0: l’autre compte pour elle.",
            "The requests closed in the period that are still closed. One that came back is no longer among them; one "
            "that was joined to another is not, nor among those open: the other one counts for it.",
        ),
        _defined(
            "standing",
            "Ouvertes maintenant",
            "Open now",
            "Les requêtes qui ne sont pas fermées en ce moment, quelle que soit la période choisie.",
            "The requests that are not closed at this moment, whatever period was chosen.",
        ),
        _defined(
            "late",
            "En retard maintenant",
            "Overdue now",
            "Parmi les requêtes ouvertes, celles dont la date promise est passée sans que la chose promise soit faite.",
            "Among the open requests, those whose promised date has passed without what was promised being done.",
        ),
        _defined(
            "age",
            "Âge des requêtes ouvertes",
            "Age of open requests",
            "Les requêtes ouvertes maintenant, selon le nombre de jours écoulés depuis leur réception.",
            "The requests open now, by how many days have passed since they were received.",
        ),
        _defined(
            "promises",
            "Promesses tenues",
            "Promises kept",
            "Parmi les requêtes terminées pour lesquelles une date avait été promise, la part dont la promesse a "
            "été tenue. Le temps d’attente de la personne n’est pas compté; une date reportée après coup reste "
            "manquée. Une promesse tenue puis défaite par une réouverture compte comme manquée, à la date de la "
            "réouverture.",
            "Among the requests finished for which a date had been promised, the share whose promise was kept. "
            "Time spent waiting for the person does not count; a date that was moved after it had passed stays "
            "missed. A promise that was kept and then broken by a reopening counts as missed, when the request was "
            "reopened.",
        ),
        _defined(
            "delay",
            "Délai",
            "Response time",
            "Pour les requêtes terminées, les jours ouvrables de la réception à ce qui était promis (à la "
            "fermeture si rien ne l’était). La moitié a pris ce temps ou moins; neuf sur dix, le second. Arrondi "
            "au vingtième de jour supérieur, au jour au-delà de vingt; le calendrier est celui du moment.",
            "For the requests finished, the business days from reception to what was promised (to the closing "
            "where nothing was). Half took this long or less; nine in ten, the second. Rounded up to a twentieth "
            "of a day, to a day beyond twenty; the calendar is that of the time.",
        ),
        _defined(
            "promised",
            "Promis",
            "Promised",
            "Pour les requêtes terminées, les jours ouvrables promis, en moyenne.",
            "For the requests finished, the business days that were promised, on average.",
        ),
        _defined(
            "first_answer",
            "Première réponse",
            "First answer",
            "Pour les requêtes reçues pendant la période et déjà répondues, les jours ouvrables jusqu’au premier "
            "message, au premier report de date ou à la première étape annoncée à la personne. L’accusé de "
            "réception ne compte pas.",
            "For the requests received in the period and answered so far, the business days until the first "
            "message, the first new date or the first step told to the person. The receipt does not count.",
        ),
        _defined(
            "reopened",
            "Rouvertes",
            "Reopened",
            "Les requêtes qui, décidées ou fermées, ont été reprises pendant la période, par la personne ou la Ville; "
            "chacune compte une fois, à la date de sa dernière réouverture.",
            "The requests that had been decided or closed and were taken up again in the period, by the person or by "
            "the town; each counts once, when it last came back.",
        ),
        _defined(
            "satisfaction",
            "Satisfaction",
            "Satisfaction",
            "Parmi les requêtes dont la personne a répondu pendant la période à la question posée dès la décision, "
            "la part de celles qui ont dit que c’était réglé. La dernière réponse compte.",
            "Among the requests whose requester answered in the period the question that is asked from the decision "
            "on, the share of those who said that it was settled. The last answer counts.",
        ),
        _defined(
            "first_contact",
            "Répondues au premier contact",
            "Answered at first contact",
            "Les personnes qui voulaient un renseignement et l’ont eu pendant l’appel, dans toute la Ville. Les "
            "contacts sont ceux-là et les requêtes ouvertes par le personnel. Rien n’est gardé de qui elles "
            "étaient.",
            "People who wanted to know something and knew it at the end of the call, in the whole town. Contacts "
            "are these and the requests that the desk opened. Nothing is kept of who they were.",
        ),
    )
}
