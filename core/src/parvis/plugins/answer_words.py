"""What is said of an answer to a hook that cannot be used, in both languages."""

from parvis_sdk.channels import Channel
from parvis_sdk.locators import Locator
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.text import Text

INSTEAD = Text(fr="réponse reçue\u00a0: {given}, au lieu de {wanted}", en="it answered {given} instead of {wanted}")
AT_PLACE = Text(
    fr="réponse reçue\u00a0: {given} à la place {place}, au lieu de {kind}",
    en="it answered {given} at place {place} instead of a {kind}",
)
A_STRUCT = Text(fr="un struct", en="a struct")
A_LIST = Text(fr="une liste", en="a list")
THE_CLASS = Text(
    fr="répondez la classe elle-même, une sous-classe de msgspec.Struct",
    en="answer the class itself, a subclass of msgspec.Struct",
)
ANSWER_LIST = Text(fr="répondez une liste de {kind}", en="answer a list of {kind}")
ONLY = Text(fr="répondez une liste de {kind} seulement", en="answer a list of {kind} only")
MADE_OF = Text(
    fr="le type de demande {code} n’est pas fait de ce qu’il faut\u00a0: {error}",
    en="request type {code} is not made of what it should be: {error}",
)
GIVE_TYPES = Text(
    fr="donnez à chaque partie le type que nomme sa déclaration",
    en="give each part the type that its declaration names",
)
ADD_THE_FILE = Text(
    fr="ajoutez le fichier au paquet, ou corrigez son nom", en="add the file to the package, or correct its name"
)
A_SUBSCRIPTION = Text(fr="l’abonnement {name}", en="subscription {name}")
A_CONNECTOR = Text(fr="le connecteur {name}", en="connector {name}")
REQUEST_TYPES = Text(fr="types de demande", en="request types")
SUBSCRIPTIONS = Text(fr="abonnements", en="subscriptions")
CONNECTORS = Text(fr="connecteurs", en="connectors")
NOUNS: dict[type, tuple[Text, Text]] = {
    Channel: (Text(fr="le canal {name}", en="channel {name}"), Text(fr="canaux", en="channels")),
    Locator: (Text(fr="le localisateur {name}", en="locator {name}"), Text(fr="localisateurs", en="locators")),
    PaymentProvider: (
        Text(fr="le prestataire de paiement {name}", en="payment provider {name}"),
        Text(fr="prestataires de paiement", en="payment providers"),
    ),
}
NO_EVENT = Text(fr="{who} ne nomme aucun événement", en="{who} names no event")
GIVE_ON = Text(
    fr="donnez à @on au moins une classe de parvis_sdk.events", en="give @on at least one class of parvis_sdk.events"
)
GIVE_IT = Text(
    fr="donnez-lui au moins une classe de parvis_sdk.events", en="give it at least one class of parvis_sdk.events"
)
NOT_ASYNC = Text(fr="{who} a un {name} qui n’est pas async", en="{who} has a {name} that is not async")
ASYNC_DEF = Text(fr="écrivez-le avec `async def`", en="write it with `async def`")
NO_NAME = Text(fr="{who} n’a pas de nom", en="{who} has no name")
AS_DOCUMENTED = Text(
    fr="voyez ContactMethod dans parvis_sdk.contact_methods", en="see ContactMethod in parvis_sdk.contact_methods"
)
SHORT_NAME = Text(fr="donnez-lui un nom court en minuscules", en="give it a short name in small letters")
NO_USABLE_NAME = Text(fr="{who} n’a pas de nom utilisable", en="{who} has no usable name")
NO_LAYER_NAME = Text(
    fr="{who} a une couche sans nom utilisable, {layer}", en="{who} has a layer without a usable name, {layer}"
)
SMALL_LETTERS = Text(fr="écrivez-le en minuscules, chiffres, _ et -", en="write it in small letters, digits, _ and -")
UNKNOWN_NEED = Text(fr="{who} demande {need}, qui est inconnu", en="{who} needs {need}, which is unknown")
ONE_OF = Text(fr="prenez-en un parmi {offered}", en="use one of {offered}")
SAME_NAME = Text(fr="deux {things} ont le nom {name}", en="two {things} have the name {name}")
EACH_ITS_OWN = Text(fr="donnez à chacun le sien", en="give each its own")
