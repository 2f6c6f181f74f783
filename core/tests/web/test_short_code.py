"""Templates compiled shorter write what Jinja's own code writes, and fail where it fails."""

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from parvis import i18n
from parvis.web.pages import ShortEnvironment


class Place:
    """A thing with an attribute, one that fails, and words of its own for pages."""

    name = "<b>rue</b> & cie"
    count = 3
    nothing = None

    @property
    def lost(self):
        raise AttributeError("lost")

    def __getitem__(self, key):
        return f"item {key}"

    def __html__(self):
        return "<i>place</i>"


VALUES = {
    "place": Place(),
    "row": {"name": "<a>", "items": "of the dict?", "inner": {"deep": "d&d"}, 1: "one"},
    "safe": Markup("<em>safe</em>"),
    "words": "<script>'\"&",
    "rows": [{"n": 1, "kept": True}, {"n": 2, "kept": False}, {"n": 3, "kept": True}],
    "shout": lambda *given, **named: f"{given}{sorted(named.items())}",
}
MACROS = """
{% macro plain(a, b="<d>", c=none) %}[{{ a }}|{{ b }}|{{ c }}]{% endmacro %}
{% macro around(title) %}<{{ title }}>{{ caller() }}{{ caller(1) if false }}</>{% endmacro %}
{% macro perhaps(title="") %}{{ title }}{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}
{% macro every(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}"""
TEMPLATES = {
    "attributes": (
        "{{ place.name }} {{ place.count }} {{ place.nothing }} {{ place }} {{ place.lost }} {{ place.other }}"
    ),
    "of dicts": "{{ row.name }} {{ row.inner.deep }} {{ row.inner.deep.upper() }} {{ row[1] }} {{ row['name'] }}",
    "is defined": (
        "{{ row.away is defined }} {{ place.name is defined }} {{ away is defined }} {{ row.away or 'no' }}"
    ),
    "escaping": "{{ words }} {{ safe }} {{ words | safe }} {{ 5 }} {{ 1.5 }} {{ none }} {{ true }} {{ [words] }}",
    "joined": "{{ words ~ safe ~ 1 }} {{ words ~ '<' }} {{ safe ~ words }} {{ 1 ~ none }} {{ ('<' ~ '>') | upper }}",
    "if without else": "{{ '<x>' if place }} {{ '<x>' if none }} [{{ 'a' ~ ('b' if none) }}] {{ safe if none }}",
    "loops": (
        "{% for r in rows if r.kept %}{{ loop.index }}/{{ loop.length }}:{{ r.n }}{% set z = r.n %}"
        "{{ shout(z) }} {% else %}-{% endfor %}"
    ),
    "in loops": "{% for r in rows recursive %}{{ r.n }}{{ loop([{'n': '<'}]) if r.n == 1 }}{% endfor %}",
    "set": "{% set a = place.name %}{% set b %}{{ a }}<hr>{% endset %}{{ a }}{{ b }}{% do rows.__len__() %}",
    "words": (
        "{{ gettext('Search') }}{{ gettext('Home') | upper }}{{ pgettext('phase', 'Received') }}"
        "{{ gettext('a <b> %% c') }}"
    ),
    "words with values": (
        "{{ gettext('Page %(number)s', number=words) }}{{ ngettext('%(num)s request', '%(num)s requests', 2) }}"
    ),
    "words with values in loops": MACROS
    + (
        "{% for r in rows %}{{ gettext('%(n)s %% of <b> %(name)s', n=r.n, name=safe) }}"
        "{{ plain(gettext('Page %(number)s', number=loop.index)) }}{% endfor %}"
        "{{ gettext('No %(value)s', value=none) ~ words }}{{ gettext('Say', unused=1) }}"
    ),
    "trans": (
        "{% trans %}Search{% endtrans %}{% trans a=words %}Say {{ a }} <br>{% endtrans %}{% trans n=2 %}"
        "{{ n }} one{% pluralize %}{{ n }} more{% endtrans %}"
    ),
    "functions": (
        "{{ shout(words, a=1) }}{{ 'a,b'.split(',') }}{{ row.get('name') }}{{ words.replace('<', '(') }}"
        "{{ range(3) | list }}"
    ),
    "macros": MACROS + "{{ plain('<a>') }}{{ plain('a', c=safe) }}{{ plain(b=words) if false }}{{ plain(c=1, a=2) }}",
    "macros that are given more": MACROS + "{{ every(1, 2, '<3>', b='<4>') }}{{ perhaps('<p>') }}",
    "calls": MACROS
    + ("{% call around('<t>') %}{{ words }}{% endcall %}{% call perhaps() %}{{ plain(1) }}{% endcall %}"),
    "imported": "{% from 'macros' import plain %}{% import 'macros' as m %}{{ plain(words) }}{{ m.plain(safe) }}",
    "included": "{% set own = words %}{% include 'part' %}",
    "blocks": "{% extends 'base' %}{% block a %}{{ super() }}{{ words }}{{ self.b() | trim }}{% endblock %}",
    "not escaped": (
        "{% autoescape false %}{{ words }}{{ words ~ safe }}{{ gettext('Search') }}{% endautoescape %}{{ words }}"
    ),
    "macros that are not escaped": MACROS + "{% autoescape false %}{{ plain(words) ~ words }}{% endautoescape %}",
    "perhaps escaped": (
        "{% autoescape row.name %}{{ words }}{{ words ~ safe }}{{ gettext('Search') }}{% endautoescape %}"
    ),
    "filters": (
        "{% filter upper %}{{ words }}{% endfilter %}{{ rows | map(attribute='n') | join(', ') }}{{ words | e }}"
    ),
}
PARTS = {
    "macros": MACROS,
    "part": "part {{ own }} {{ place.name }} {{ shout(1) }}",
    "base": "<{% block a %}{{ place.name }}{% endblock %}|{% block b %} {{ words }} {% endblock %}>",
}
WRONG = {
    "an undefined name": "{{ away }}",
    "an attribute of nothing": "{{ away.name }}",
    "an attribute that is not there, used": "{{ place.other.more }}" + "{{ row.away.more }}",
    "a macro that is given too much": MACROS + "{{ plain(1, 2, 3, 4) }}",
    "a macro that is given another name": MACROS + "{{ plain(1, d=4) }}",
    "a macro twice": MACROS + "{{ plain(1, a=4) }}",
    "a macro without what it needs": MACROS + "{{ plain() }}",
}


def made(kind):
    environment = kind(
        loader=DictLoader(TEMPLATES | PARTS | WRONG),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_callables(
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext
    )
    return environment


def outcome(kind, name):
    try:
        return made(kind).get_template(name).render(VALUES)
    except (UndefinedError, TypeError) as error:
        return type(error)


@pytest.mark.parametrize("name", [*TEMPLATES, *WRONG])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_writes_what_jinja_writes(name, language):
    with i18n.speaking(language):
        assert outcome(ShortEnvironment, name) == outcome(Environment, name)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_fails(name):
    assert outcome(ShortEnvironment, name) in (UndefinedError, TypeError)


def test_words_are_said_in_the_language_of_each_page():
    template = made(ShortEnvironment).from_string("{{ gettext('Search') }}")
    said = []
    for language in ("fr", "en", "fr"):
        with i18n.speaking(language):
            said.append(template.render())
    assert said == ["Rechercher", "Search", "Rechercher"]
