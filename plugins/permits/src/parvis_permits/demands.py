"""Questions that a move of any permit may ask; the words told to the applicant are always the question `reason`."""

from parvis_sdk.decisions import step_form, words_told
from parvis_sdk.text import Text

WORD = step_form(
    Text(fr="Message à la personne", en="Message to the requester"),
    words_told(Text(fr="Message à la personne", en="Message to the requester")),
)

REASON = step_form(Text(fr="Raison", en="Reason"), words_told(Text(fr="Raison", en="Reason"), required=True))
