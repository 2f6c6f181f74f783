"""What the page of a request says first after an action of the desk on it."""

from parvis.i18n import gettext
from parvis.web.done_messages import DoneMessage

SLOT = "desk.request.done"
MESSAGES = (
    DoneMessage(slot=SLOT, name="affichee", text=lambda: gettext("The public page is shown again.")),
    DoneMessage(slot=SLOT, name="masquee", text=lambda: gettext("The public page is hidden.")),
    DoneMessage(slot=SLOT, name="publie", text=lambda: gettext("The text is published.")),
    DoneMessage(
        slot=SLOT, name="rien-a-masquer", text=lambda: gettext("The reports are closed. The page stays public.")
    ),
    DoneMessage(slot=SLOT, name="texte-retire", text=lambda: gettext("The text is no longer public.")),
    DoneMessage(slot=SLOT, name="acces", text=lambda: gettext("Access is removed. Their link no longer works.")),
    DoneMessage(slot=SLOT, name="annulee", text=lambda: gettext("The assignment is undone.")),
    DoneMessage(slot=SLOT, name="attribution", text=lambda: gettext("The request is assigned.")),
    DoneMessage(slot=SLOT, name="contact", text=lambda: gettext("The contact details are corrected.")),
    DoneMessage(slot=SLOT, name="correction", text=lambda: gettext("The request is corrected.")),
    DoneMessage(
        slot=SLOT,
        name="deja-envoyee",
        text=lambda: gettext("You already sent this message a moment ago. It was sent only once."),
    ),
    DoneMessage(slot=SLOT, name="etape", text=lambda: gettext("The step is completed.")),
    DoneMessage(slot=SLOT, name="evenement", text=lambda: gettext("The occurrence is added.")),
    DoneMessage(slot=SLOT, name="note", text=lambda: gettext("The note is added.")),
    DoneMessage(slot=SLOT, name="nouvelle", text=lambda: gettext("The request is created.")),
    DoneMessage(slot=SLOT, name="recu", text=lambda: gettext("What the person said is recorded.")),
    DoneMessage(slot=SLOT, name="reponse", text=lambda: gettext("The message is sent to the requester.")),
    DoneMessage(
        slot=SLOT,
        name="sans-module",
        text=lambda: gettext("The request continues without the parts that are not in use here."),
    ),
    DoneMessage(slot=SLOT, name="suivante", text=lambda: gettext("The request is assigned to you.")),
)
