"""The text of a statement that is kept is the one that Piccolo makes, whatever is asked of whatever table."""

from random import Random

import pytest
from piccolo.columns import JSON, Array, ForeignKey, Integer, Varchar
from piccolo.columns.combination import WhereRaw
from piccolo.query.functions import Count, Lower, Max
from piccolo.querystring import QueryString
from piccolo.table import Table

from parvis.db import kept_texts
from parvis.db.binding import open_engine
from parvis.db.every_table import TABLES


class Street(Table):
    name = Varchar()
    width = Integer(null=True)
    facts = JSON()
    marks = Array(Integer())


class Lamp(Table):
    street = ForeignKey(Street)
    height = Integer(null=True)
    place = Varchar(db_column_name="where")


BOUND = (Street, Lamp, *TABLES)
ANYTHING = (1, 7, "", "rue", "{}", "100 %s", '"', ["a", "b"], {"a": {"b": 1}})


class NothingKept(dict):
    """As if every shape were one that is made each time."""

    def __contains__(self, shape):
        return True


@pytest.fixture(params=["sqlite:///of/nobody.sqlite", "postgresql://nobody@127.0.0.1:1/nothing"], ids=["sqlite", "pg"])
def engine_type(request, monkeypatch):
    engine = open_engine(request.param)
    for table in BOUND:
        monkeypatch.setattr(table._meta, "_db", engine)
    kept_texts.keep_texts()
    monkeypatch.setattr(kept_texts, "_kept", {})
    return engine.engine_type


@pytest.fixture
def by_piccolo(monkeypatch):
    def text(query):
        with monkeypatch.context() as patch:
            patch.setattr(kept_texts, "_kept", NothingKept())
            return sent(query)

    return text


def sent(query):
    (made,) = query.querystrings
    sql, values = made.compile_string(query.engine_type)
    return sql, list(values)


def query_of(shape: Random, value: Random):
    """Some query: `shape` chooses what it is, `value` what it is asked about."""
    table = shape.choice(BOUND if shape.random() < 0.2 else (Street, Lamp))  # the same ones again and again
    kind = shape.choice(("select", "select", "objects", "exists", "count", "update"))
    if kind == "update":
        changed = some(table, shape)
        query = table.update({each: raised(each, shape, value) for each in changed}, force=True)
        query = query.returning(*some(table, shape)) if shape.random() < 0.3 else query
    else:
        asked = getattr(Table, kind).__func__  # one of our tables has a column of the name count
        query = asked(table, *(chosen(table, shape, value) if kind == "select" else ()))
    for _ in range(shape.choice((0, 1, 1, 2))):
        query = query.where(condition(table, shape, value))
    return ordered(query, table, shape) if kind in ("select", "objects") else query


def ordered(query, table, shape: Random):
    for _ in range(shape.choice((0, 1, 2))):
        query = query.order_by(*some(table, shape), ascending=shape.random() < 0.5)
    if shape.random() < 0.5:
        query = query.limit(shape.randint(1, 30))
        query = query.offset(shape.randint(0, 3)) if shape.random() < 0.5 else query
    if shape.random() < 0.2 and query.engine_type == "postgres":
        query = query.lock_rows(skip_locked=shape.random() < 0.5)
    return query


def some(table, shape: Random):
    return shape.sample(table._meta.columns, shape.randint(1, min(4, len(table._meta.columns))))


def chosen(table, shape: Random, value: Random):
    columns = some(table, shape)
    more = [
        columns[0].as_alias("other"),
        Count(),
        Max(columns[0], alias="most"),
        Lower(columns[0]),
        QueryString("coalesce({}, {})", columns[0], value.choice(ANYTHING), alias="or_else"),
        Street.facts.arrow("lamps").as_alias("lamps"),
        *((Lamp.street.name, Lamp.street.all_columns()[1]) if table is Lamp else ()),
    ]
    return shape.choice(((), columns, [*columns, shape.choice(more)], [shape.choice(more)]))


def raised(column, shape: Random, value: Random):
    if shape.random() < 0.2:
        return QueryString("{} + {}", column, value.randint(1, 9))
    return None if shape.random() < 0.2 else value.choice(ANYTHING)


def condition(table, shape: Random, value: Random, depth=0):
    column, another = shape.choice(table._meta.columns), shape.choice(table._meta.columns)
    wanted = value.choice(ANYTHING)
    one_of = [value.choice(ANYTHING[:6]) for _ in range(shape.randint(1, 4))]
    pick = shape.randrange(12 if depth < 3 else 8)
    if pick < 8:
        return (
            lambda: column == wanted,
            lambda: column != (None if shape.random() < 0.5 else wanted),
            lambda: column.is_null(),
            lambda: column.is_in(one_of) if shape.random() < 0.5 else column.not_in(one_of),
            lambda: (column < wanted) & (column >= value.choice(ANYTHING)),
            lambda: WhereRaw("length({}) > {} OR {} = 'x'", column, value.randint(1, 9), another),
            lambda: column == another,
            lambda: Lamp.street.name == wanted if table is Lamp else WhereRaw("{}", Lower(column) == wanted),
        )[pick]()
    if pick == 8:
        return column.is_in(Street.select(Street.width).where(condition(Street, shape, value, depth + 1)).limit(3))
    first, second = (condition(table, shape, value, depth + 1) for _ in range(2))
    return first & second if pick < 11 else first | second


@pytest.mark.parametrize("first_seed", range(0, 600, 300))
def test_a_kept_text_is_the_one_that_piccolo_makes(engine_type, by_piccolo, first_seed):
    for seed in range(first_seed, first_seed + 300):
        for values in range(3):  # made and kept, then asked of other values
            query, same = (query_of(Random(seed), Random(f"{seed} {values}")) for _ in range(2))
            assert sent(query) == by_piccolo(same), f"seed {seed}"
    kept = [each for each in kept_texts._kept.values() if each is not None]
    assert len(kept) > 150, "nearly all of these are to be kept"


ALIKE = [
    lambda: Street.select(),
    lambda: Street.select().limit(1),
    lambda: Street.select().limit(2),
    lambda: Street.select().limit(2).offset(1),
    lambda: Street.select().limit(2).offset(2),
    lambda: Street.select().order_by(Street.width),
    lambda: Street.select().order_by(Street.width, ascending=False),
    lambda: Street.select().order_by(Street.name, Street.width),
    lambda: Street.select().order_by(Street.name).order_by(Street.width),
    lambda: Street.select(Street.name),
    lambda: Street.select(Street.name.as_alias("said")),
    lambda: Street.select(Street.name.as_alias("called")),
    lambda: Street.select(Street.name, Street.width),
    lambda: Street.select(Street.width, Street.name),
    lambda: Street.select(Street.name).distinct(),
    lambda: Street.select(Street.name).group_by(Street.name),
    lambda: Street.select(Street.name).group_by(Street.width),
    lambda: Street.select(Street.name).group_by(Street.name).having(Street.width > 1),
    lambda: Street.select(Max(Street.width)),
    lambda: Street.select(Max(Street.width, alias="widest")),
    lambda: Street.select(Max(Street.name, alias="widest")),
    lambda: Street.select(Count()),
    lambda: Street.select(Count(Street.name)),
    lambda: Street.count(),
    lambda: Street.exists(),
    *(
        lambda where=where: Street.select(Street.name).where(where())
        for where in (
            lambda: Street.width == 1,
            lambda: Street.width != 1,
            lambda: Street.width > 1,
            lambda: Street.width == None,  # noqa: E711
            lambda: Street.width != None,  # noqa: E711
            lambda: Street.name == 1,
            lambda: Street.name == Street.width,
            lambda: Street.width.is_in([1]),
            lambda: Street.width.is_in([1, 2]),
            lambda: Street.width.not_in([1, 2]),
            lambda: Street.width.is_in(Street.select(Street.width)),
            lambda: Street.width.is_in(Street.select(Street.width).limit(1)),
            lambda: Street.name.like("a"),
            lambda: (Street.width == 1) & (Street.name == "a"),
            lambda: (Street.width == 1) | (Street.name == "a"),
            lambda: ((Street.width == 1) & (Street.name == "a")) & (Street.name == "b"),
            lambda: (Street.width == 1) & ((Street.name == "a") & (Street.name == "b")),
            lambda: WhereRaw("{} = 1", Street.width),
            lambda: WhereRaw("{} = {}", Street.width, 1),
            lambda: WhereRaw("{} = {} ", Street.width, 1),
        )
    ),
    lambda: Street.update({Street.name: "a"}, force=True),
    lambda: Street.update({Street.name: "a", Street.width: 1}, force=True),
    lambda: Street.update({Street.width: 1, Street.name: "a"}, force=True),
    lambda: Street.update({Street.width: Street.width}, force=True),
    lambda: Street.update({Street.width: QueryString("{} + 1", Street.width)}, force=True),
    lambda: Street.update({Street.name: "a"}).where(Street.width == 1),
    lambda: Street.update({Street.name: "a"}).where(Street.width == 1).returning(Street.width),
    lambda: Street.update({Street.name: "a"}).where(Street.width == 1).returning(Street.name),
    lambda: Lamp.select(Lamp.height),
    lambda: Lamp.select(Lamp.height).where(Lamp.height == 1),
    lambda: Lamp.select(Lamp.height).where(Lamp.street.width == 1),
    lambda: Lamp.select(Lamp.height).where(Lamp.street.width == 1).order_by(Lamp.street.name),
    lambda: Lamp.select(Lamp.height).where(WhereRaw("{} = 1", Lamp.street.width)),
    lambda: Lamp.select(Lamp.height).order_by(Lamp.street.name),
    lambda: Lamp.select(Lamp.height).order_by(Lamp.street.width),
    lambda: Lamp.select(Lamp.height, Lamp.street.name),
    lambda: Lamp.select(Lamp.height, Lamp.street.name.as_alias("of")),
    lambda: Lamp.select(Lamp.height, Lamp.height.join_on(Street.width).name),
    lambda: Lamp.select(Lamp.height, Lamp.height.join_on(Street.id).name),
    lambda: Lamp.select(*Lamp.all_columns(), *Lamp.street.all_columns()).output(nested=True),
    lambda: Lamp.objects(Lamp.street).where(Lamp.street.name == "a"),
    lambda: Lamp.update({Lamp.height: 1}).where(Lamp.street.name == "a"),
    lambda: Lamp.update({Lamp.height: 1}).where((Lamp.street.width == 2) & (Lamp.street.name == "a")),
]
LOCKED = [
    lambda: Street.select().lock_rows(),
    lambda: Street.select().lock_rows(skip_locked=True),
    lambda: Street.select().lock_rows("SHARE"),
    lambda: Street.select().where(Street.marks.any(1)),
    lambda: Street.select(Street.marks[0]),
    lambda: Street.select(Street.marks[1]),
]


def test_what_differs_in_one_thing_has_a_text_of_its_own(engine_type, by_piccolo):
    queries = ALIKE if engine_type == "sqlite" else [*ALIKE, *LOCKED]
    for _ in range(2):
        texts = [sent(query()) for query in queries]
        assert texts == [by_piccolo(query()) for query in queries]


def test_what_is_asked_often_is_made_once(engine_type, monkeypatch):
    texts = [sent(Street.select().where(Street.name == name).limit(1)) for name in ("rue A", "rue B")]
    assert texts[0][0] == texts[1][0]
    assert [values for _, values in texts] == [["rue A"], ["rue B"]]
    assert len(kept_texts._kept) == 1


def test_there_is_an_end_of_what_is_kept(engine_type, monkeypatch):
    monkeypatch.setattr(kept_texts, "MOST_SHAPES", 10)
    for page in range(1, 40):
        assert sent(Street.select(Street.name).limit(page))[0].endswith(f" LIMIT {page}")
    assert len(kept_texts._kept) <= 10
