"""Why something could not be done there, as operators read it."""

from parvis_sdk.text import Text

NO_LIST = Text(fr="la réponse n’est pas une liste d’enregistrements", en="the answer is not a list of records")
ELSEWHERE = Text(
    fr="la page suivante mène à un autre système\u00a0: rien de plus n’a été lu",
    en="the next page leads to another system: nothing more was read",
)
NOT_ALLOWED = Text(
    fr="notre application n’y est pas autorisée (HTTP 403)\u00a0: {why}",
    en="our application is not allowed to do this (HTTP 403): {why}",
)
NO = Text(fr="le système refuse (HTTP {status})\u00a0: {why}", en="the system refuses (HTTP {status}): {why}")
UNREADABLE = Text(
    fr="la réponse est illisible\u00a0: vérifiez que `address` est l’adresse de l’API",
    en="the answer cannot be read: check that `address` is the API’s address",
)
AN_ERROR = Text(fr="le système répond par une erreur\u00a0: {why}", en="the system answers with an error: {why}")
NO_RECEIVABLE = Text(
    fr="aucun compte client\u00a0: indiquez-en un dans `receivable`",
    en="no accounts receivable: set one as `receivable`",
)
NO_SUCH = Text(fr="il n’y a pas de {word} parmi {model}", en="there is no {word} among {model}")
NOT_MADE = Text(fr="la réponse à une création est illisible", en="the answer to a creation cannot be read")
