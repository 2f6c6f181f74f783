"""A form with every kind of question, and the hurry of property tests."""

import pytest
from hypothesis import HealthCheck, settings

from parvis_sdk.conditions import All, Answered, AtLeast, Includes, Is, Not, OneOfThese, Some
from parvis_sdk.fields import (
    Address,
    Consent,
    Date,
    Email,
    File,
    Group,
    Information,
    LongText,
    Money,
    Number,
    OneOf,
    Option,
    Phone,
    Photo,
    PlaceField,
    SeveralOf,
    ShortText,
    Time,
    YesNo,
)
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

settings.register_profile(
    "house", max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("house")


def said(words: str) -> Text:
    return Text(fr=words, en=f"{words} (en)")


OPTIONS = tuple(Option(code=code, label=said(code)) for code in ("small", "large", "huge"))
EVERYTHING = Form(
    sections=(
        Section(
            code="plain",
            title=said("Simple"),
            fields=(
                ShortText(code="name", label=said("Nom"), min_length=2, max_length=40),
                ShortText(code="permit", label=said("Permis"), pattern=r"[A-Z]{2}-[0-9]{4}", example=said("AB-1234")),
                LongText(code="story", label=said("Récit"), max_length=300),
                Email(code="email", label=said("Courriel"), required=False),
                Phone(code="phone", label=said("Téléphone"), required=False),
                Number(code="trees", label=said("Arbres"), least=1, most=50),
                Number(code="height", label=said("Hauteur"), least=0.5, most=30, decimals=1, required=False),
                Money(code="cost", label=said("Coût"), most=5_000_000, required=False),
                Date(code="day", label=said("Jour"), earliest=-30, latest=0),
                Time(code="hour", label=said("Heure"), required=False),
                YesNo(code="danger", label=said("Danger")),
                Address(code="home", label=said("Adresse"), required=False),
                Information(code="note", label=said("Note"), body=said("Bon à savoir")),
            ),
        ),
        Section(
            code="choices",
            title=said("Choix"),
            fields=(
                OneOf(code="size", label=said("Taille"), options=OPTIONS),
                SeveralOf(code="kinds", label=said("Genres"), options=OPTIONS, least=1, most=2),
                PlaceField(code="spot", label=said("Endroit"), shapes=("point", "line", "polygon"), required=False),
                ShortText(
                    code="why",
                    label=said("Pourquoi"),
                    show_when=Some(parts=(Is(field="size", value="huge"), Includes(field="kinds", value="huge"))),
                ),
                ShortText(
                    code="help",
                    label=said("Aide"),
                    required=False,
                    required_when=All(parts=(Is(field="danger", value=True), AtLeast(field="trees", value=10))),
                ),
            ),
        ),
        Section(
            code="things",
            title=said("Choses"),
            show_when=OneOfThese(field="size", values=("small", "large")),
            fields=(
                Group(
                    code="lamps",
                    label=said("Lampes"),
                    item=said("Lampe"),
                    least=1,
                    most=4,
                    fields=(
                        ShortText(code="post", label=said("Poteau"), max_length=10),
                        YesNo(code="lit", label=said("Allumée"), required=False),
                        ShortText(
                            code="since",
                            label=said("Depuis"),
                            show_when=All(parts=(Answered(field="lit"), Not(part=Is(field="lit", value=True)))),
                        ),
                    ),
                ),
                Photo(code="photos", label=said("Photos"), required=False, most=3),
                File(code="plan", label=said("Plan"), least=1, most=2, max_size=1_000_000),
                Consent(code="agree", label=said("Accord"), statement=said("J’accepte")),
            ),
        ),
    )
)


@pytest.fixture(scope="session")
def everything() -> Form:
    return EVERYTHING
