"""The words that every sheet has."""

from parvis_sdk.text import Text

WORDS = {
    "preview": Text(fr="APERÇU", en="PREVIEW"),
    "no_value": Text(fr="Aperçu sans valeur officielle", en="Preview without official value"),
    "page": Text(fr="Page {page} de {pages}", en="Page {page} of {pages}"),
}
