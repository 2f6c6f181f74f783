"""The questions that most reports share."""

from parvis_sdk.conditions import Condition
from parvis_sdk.fields import PUBLIC, Information, LongText, Photo, YesNo
from parvis_sdk.forms import Section
from parvis_sdk.text import Text


def photos(help: Text) -> Photo:
    """Up to five photos; a report without any is as good."""
    return Photo(
        code="photos",
        means="evidence",
        label=Text(fr="Photos", en="Photos"),
        help=help,
        required=False,
        most=5,
    )


def note(example: Text) -> LongText:
    """Anything else, in the person's own words."""
    return LongText(
        code="note",
        means="description",
        label=Text(fr="Autres précisions", en="Other details"),
        help=Text(
            fr="N’écrivez pas de renseignement personnel ici : vos coordonnées se donnent à l’étape suivante.",
            en="Leave out personal details here: you give your contact details in the next step.",
        ),
        example=example,
        required=False,
        max_length=2000,
    )


def show_and_tell(photo_help: Text, note_example: Text) -> Section:
    """The closing step of a report: photos and words, both optional."""
    return Section(
        code="more",
        title=Text(fr="Photos et précisions", en="Photos and details"),
        fields=(photos(photo_help), note(note_example)),
    )


def danger(label: Text, help: Text) -> YesNo:
    """Whether somebody may be hurt; a yes earns the faster promise."""
    return YesNo(code="danger", label=label, help=help, privacy=PUBLIC)


def call_911(when: Condition, body: Text | None = None) -> Information:
    """The warning that a web form is not an emergency line."""
    return Information(
        code="emergency",
        label=Text(fr="Danger immédiat?", en="Immediate danger?"),
        body=body
        or Text(
            fr=(
                "Si quelqu’un risque d’être blessé dans les prochaines minutes, appelez le 911. Ce formulaire ne "
                "remplace pas un appel d’urgence."
            ),
            en=(
                "If someone could be hurt in the next few minutes, call 911. This form does not replace an "
                "emergency call."
            ),
        ),
        show_when=when,
        tone="warning",
    )
