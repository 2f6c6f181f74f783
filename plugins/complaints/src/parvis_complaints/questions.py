"""The questions that complaints share, and the form of one more occurrence."""

from parvis_complaints.privacy import OWN_ADDRESS, STORY
from parvis_sdk.fields import Address, Date, File, LongText, Number, OneOf, Option, Time
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

# What neighbours notice comes and goes: each time is written down in the same request, not in a new one.
OCCURRENCE = Form(
    sections=(
        Section(
            code="occurrence",
            title=Text(fr="Nouvel épisode", en="New occurrence"),
            fields=(
                Date(
                    code="date",
                    label=Text(fr="Quel jour?", en="On which day?"),
                    earliest=-60,
                    latest=0,
                ),
                Time(
                    code="time",
                    label=Text(fr="À quelle heure cela a-t-il commencé?", en="At what time did it start?"),
                    example=Text(fr="23:15", en="23:15"),
                ),
                Number(
                    code="minutes",
                    label=Text(fr="Combien de temps cela a-t-il duré?", en="How long did it last?"),
                    example=Text(fr="90", en="90"),
                    required=False,
                    least=1,
                    most=1440,
                    unit=Text(fr="minutes", en="minutes"),
                ),
                LongText(
                    code="words",
                    label=Text(fr="Que s’est-il passé?", en="What happened?"),
                    help=Text(fr="Une phrase ou deux suffisent.", en="A sentence or two are enough."),
                    example=Text(
                        fr="Musique forte, basses audibles fenêtres fermées.",
                        en="Loud music, bass heard with the windows closed.",
                    ),
                    max_length=1000,
                    rows=3,
                    privacy=STORY,
                ),
            ),
        ),
    )
)


def frequency(label: Text) -> OneOf:
    """How often it happens."""
    return OneOf(
        code="frequency",
        label=label,
        options=(
            Option(code="once", label=Text(fr="C’est la première fois", en="This is the first time")),
            Option(code="sometimes", label=Text(fr="Quelques fois par mois", en="A few times a month")),
            Option(code="weekly", label=Text(fr="Chaque semaine", en="Every week")),
            Option(code="daily", label=Text(fr="Presque chaque jour", en="Almost every day")),
        ),
    )


def home_address(*, required: bool = True) -> Address:
    """Where the person who complains lives."""
    return Address(
        code="home_address",
        label=Text(fr="Votre adresse", en="Your address"),
        help=Text(
            fr="Votre adresse reste confidentielle. Elle sert à constater le problème de chez vous.",
            en="Your address stays confidential. We use it to observe the problem from your home.",
        ),
        autocomplete="street-address",
        required=required,
        privacy=OWN_ADDRESS,
    )


def evidence(help: Text) -> File:
    """Papers and pictures that support a complaint."""
    return File(
        code="evidence",
        means="evidence",
        label=Text(fr="Photos ou documents", en="Photos or documents"),
        help=help,
        required=False,
        most=5,
    )
