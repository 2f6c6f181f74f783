"""The language spoken and the formats of Québec."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from parvis import i18n
from parvis.i18n import Catalogues, speaking
from parvis_sdk.text import Text

MOMENT = datetime(2026, 11, 25, 19, 30, tzinfo=UTC)
BREAK = "\u00a0"
SINGULAR, PLURAL = "%(num)s character at most.", "%(num)s characters at most."


def test_french_is_spoken_where_nothing_was_chosen():
    assert i18n.language() == "fr"
    assert i18n.gettext("Continue") == "Continuer"


def test_a_block_speaks_its_language_and_the_one_before_comes_back():
    with speaking("en"):
        assert i18n.gettext("Continue") == "Continue"
        with speaking("fr"):
            assert i18n.gettext("Continue") == "Continuer"
        assert i18n.language() == "en"
    assert i18n.language() == "fr"


def test_a_language_we_do_not_speak_becomes_french():
    with speaking("de"):
        assert i18n.language() == "fr"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 caractère au plus."), (1, "1 caractère au plus."), (2, "2 caractères au plus.")]
)
def test_french_counts_nothing_as_one(number, said):
    assert i18n.ngettext(SINGULAR, PLURAL, number) % {"num": number} == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 characters at most."), (1, "1 character at most."), (2, "2 characters at most.")]
)
def test_english_counts_nothing_as_many(number, said):
    with speaking("en"):
        assert i18n.ngettext(SINGULAR, PLURAL, number) % {"num": number} == said


def test_a_language_is_called_as_the_reader_calls_it():
    assert [i18n.language_title(code) for code in ("fr", "en")] == ["Français", "Anglais"]
    with speaking("en"):
        assert [i18n.language_title(code) for code in ("fr", "en")] == ["French", "English"]


def test_content_is_said_in_the_language_of_the_page():
    text = Text(fr="Nid-de-poule", en="Pothole")
    assert i18n.say(text) == "Nid-de-poule"
    with speaking("en"):
        assert i18n.say(text) == "Pothole"
        assert i18n.say(Text(fr="Andain")) == "Andain"
    assert i18n.say(None) == ""


def write_words(folder, words):
    """A catalogue of the plugin `permits`, in French."""
    file = folder / "fr" / "LC_MESSAGES" / "permits.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    file.write_text("\n".join([head, *(f'msgid "{key}"\nmsgstr "{said}"\n' for key, said in words.items())]))


def test_a_plugin_brings_its_words_and_the_host_keeps_its_own(tmp_path):
    write_words(tmp_path, {"Trunk": "Tronc", "Continue": "Poursuivre"})
    with Catalogues({"permits": tmp_path}).speaking("fr"):
        assert i18n.gettext("Trunk") == "Tronc"
        assert i18n.gettext("Continue") == "Continuer"


def test_words_that_were_changed_are_said_by_the_next_host_and_not_by_the_one_before(tmp_path):
    write_words(tmp_path, {"Trunk": "Tronc"})
    before = Catalogues({"permits": tmp_path})
    write_words(tmp_path, {"Trunk": "Fût"})
    after = Catalogues({"permits": tmp_path})
    with before.speaking("fr"):
        assert i18n.gettext("Trunk") == "Tronc"
    with after.speaking("fr"):
        assert i18n.gettext("Trunk") == "Fût"
    with Catalogues().speaking("fr"):
        assert i18n.gettext("Trunk") == "Trunk"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ["25 novembre 2026", "2026-11-25", "mercredi 25 novembre"]),
        ("en", ["November 25, 2026", "2026-11-25", "Wednesday, November 25"]),
    ],
)
def test_days(language, said):
    with speaking(language):
        assert [i18n.format_date(MOMENT), i18n.format_date(MOMENT, "short"), i18n.format_day(MOMENT)] == said


def test_hours_are_those_of_the_town():
    assert i18n.format_time(MOMENT) == "14\u00a0h\u00a030"
    assert i18n.format_datetime(MOMENT).replace(BREAK, " ") == "25 novembre 2026 à 14 h 30"
    with speaking("fr", "Europe/Paris"):
        assert i18n.format_time(MOMENT) == "20\u00a0h\u00a030"


def test_a_day_in_the_evening_is_still_that_day_in_the_town():
    assert i18n.format_date(datetime(2026, 7, 1, 3, 0, tzinfo=UTC)) == "30 juin 2026"
    assert i18n.format_date(date(2026, 7, 1)) == "1er juillet 2026"
    assert i18n.format_date("2026-07-01") == "1er juillet 2026"


def test_the_hour_that_comes_twice_is_shown_for_both():
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert i18n.format_time(first) == i18n.format_time(second) == "1\u00a0h\u00a030"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without time zone"):
        i18n.format_date(datetime(2026, 7, 1, 3, 0))  # noqa: DTZ001  # the mistake under test


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        (timedelta(seconds=-20), "à l’instant"),
        (timedelta(minutes=-5), "il y a 5 minutes"),
        (timedelta(hours=-23, minutes=-50), "il y a 1 jour"),
        (timedelta(days=3), "dans 3 jours"),
        (timedelta(days=5, hours=9), "dans 5 jours"),  # the last minutes of Monday, said on Wednesday at 14:30
        (timedelta(days=5, hours=10), "dans 6 jours"),
        (timedelta(days=-2, hours=-15), "il y a 3 jours"),
        (timedelta(days=6, hours=9), "dans 6 jours"),
        (timedelta(days=6, hours=20), "dans 1 semaine"),
    ],
)
def test_how_long_ago(delta, said):
    assert i18n.format_relative(MOMENT + delta, MOMENT) == said


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(days=3, hours=2), "3 jours et 2 heures"),
        (timedelta(days=33), "33 jours"),
        (600, "10 minutes"),
        (timedelta(hours=1), "1 heure"),
    ],
)
def test_how_long(duration, said):
    assert i18n.format_duration(duration).replace(BREAK, " ") == said


def test_numbers_and_money_in_french():
    assert i18n.format_money(123456) == f"1{BREAK}234,56{BREAK}$"
    assert i18n.format_money(9007199254740993) == f"90{BREAK}071{BREAK}992{BREAK}547{BREAK}409,93{BREAK}$"
    assert i18n.format_number(1234.5) == f"1{BREAK}234,5"
    assert i18n.format_number(3, 1) == "3,0"
    assert i18n.format_percent(0.456, 1) == f"45,6{BREAK}%"
    assert i18n.format_size(3_400_000) == f"3,4{BREAK}Mo"
    assert i18n.format_size(900) == f"900{BREAK}octets"


def test_numbers_and_money_in_english():
    with speaking("en"):
        assert i18n.format_money(123456) == "$1,234.56"
        assert i18n.format_percent(0.456) == "46%"
        assert i18n.format_size(20_000_000) == f"20{BREAK}MB"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+14505550199", f"450{BREAK}555-0199"),
        ("450 555-0199 poste 12", f"450{BREAK}555-0199 poste{BREAK}12"),
        ("+33 1 42 68 53 00", "+33 1 42 68 53 00"),
        ("911", "911"),
        ("pas un numéro", "pas un numéro"),
    ],
)
def test_telephone_numbers(number, said):
    assert i18n.format_phone(number) == said


def test_an_hour_typed_is_an_hour_said():
    assert i18n.format_time("14:05") == i18n.format_time(time(14, 5)) == "14\u00a0h\u00a005"


def test_lists():
    assert i18n.format_list(["a", "b", "c"]) == "a, b et c"
    assert i18n.format_list(["a et b", "c", "d"]) == "a et b; c; d"


def test_the_attribute_of_a_time_element_is_in_utc():
    assert i18n.as_utc(MOMENT) == "2026-11-25T19:30:00Z"


@pytest.mark.parametrize(
    ("language", "near", "far"),
    [
        ("fr", "vendredi 1er janvier", "vendredi 1er janvier 2027"),
        ("en", "Friday, January 1", "Friday, January 1, 2027"),
    ],
)
def test_a_day_of_another_year_says_its_year(language, near, far):
    with speaking(language):
        day = date(2027, 1, 1)
        assert [i18n.format_day(day), i18n.format_day(day, date(2027, 12, 31))] == [near, near]
        assert i18n.format_day(day, date(2026, 12, 31)) == far
