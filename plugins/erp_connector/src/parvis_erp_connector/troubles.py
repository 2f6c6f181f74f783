"""Why something could not be done there, as operators read it."""

from parvis_sdk.text import Text

NO_LIST = Text(fr="la réponse n’est pas une liste d’enregistrements", en="its answer is no list of records")
ELSEWHERE = Text(
    fr="la page suivante mène à un autre système\u00a0: rien de plus n’a été lu",
    en="its next page leads to another system: nothing more was read",
)
NOT_ALLOWED = Text(
    fr="notre application n’y est pas autorisée (HTTP 403)\u00a0: {why}",
    en="our application may not do this (HTTP 403): {why}",
)
NO = Text(fr="le système refuse (HTTP {status})\u00a0: {why}", en="it says no (HTTP {status}): {why}")
UNREADABLE = Text(
    fr="la réponse est illisible\u00a0: `address` est-elle celle de l’API?",
    en="its answer cannot be read: is `address` the one of the API?",
)
AN_ERROR = Text(fr="le système répond par une erreur\u00a0: {why}", en="it answers with an error: {why}")
NO_RECEIVABLE = Text(
    fr="il n’y a pas de compte pour ce que doivent les clients\u00a0: nommez-en un comme `receivable`",
    en="there is no account for what customers owe: name one as `receivable`",
)
NO_SUCH = Text(fr="il n’y a pas de {word} parmi {model}", en="there is no {word} among {model}")
NOT_MADE = Text(fr="la réponse à une création est illisible", en="its answer to a creation cannot be read")
