"""The text of a statement, made by Piccolo once for each shape of query and kept: after that only its values differ."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from piccolo.columns import Column, ForeignKey
from piccolo.columns.combination import UNDEFINED, And, Or, Where, WhereRaw
from piccolo.query.methods.select import Select
from piccolo.query.methods.update import Update
from piccolo.querystring import QueryString

MOST_SHAPES = 4000  # the numbers of LIMIT and OFFSET are part of a shape, so that there is no end of them

Values = list[Any]
"""What a query gives for the places of its text, in the order in which Piccolo takes them."""


class Unfamiliar(Exception):
    """A query with something in it whose shape is not described here: Piccolo makes its text each time."""


class KeptText(NamedTuple):
    """What is sent, and the same as it stands inside a larger statement."""

    sql: str
    template: str


_kept: dict[Hashable, KeptText | None] = {}


@cache
def keep_texts() -> None:
    """From now on, for every table of this process: Piccolo has no door of its own for this."""
    for kind, shape_of in ((Select, _select), (Update, _update)):
        piccolo: Any = kind.default_querystrings
        kind.default_querystrings = property(_kept_or_made(piccolo.fget, shape_of))  # type: ignore[method-assign, assignment]


def _kept_or_made(
    make: Callable[[Any], Sequence[QueryString]], shape_of: Callable[[Any, Values], Hashable]
) -> Callable[[Any], Sequence[QueryString]]:
    def querystrings(query: Any) -> Sequence[QueryString]:
        values: Values = []
        try:
            shape = shape_of(query, values)
        except Unfamiliar:
            return make(query)
        if (kept := _kept.get(shape)) is None:
            made = make(query)
            if shape not in _kept:
                _keep(shape, made[0], query.engine_type, values)
            return made
        querystring = QueryString(kept.template, *values)
        querystring._frozen_compiled_strings = kept.sql, values
        return [querystring]

    return querystrings


def _keep(shape: Hashable, made: QueryString, engine_type: str, values: Values) -> None:
    """Kept where Piccolo takes the very values that were found, in the same order; else made each time."""
    sql, taken = made.compile_string(engine_type=engine_type)
    _, fragments, _ = made.bundle(start_index=1, bundled=[], combined_args=[])
    template = "".join(each.prefix + ("" if each.no_arg else "{}") for each in fragments)
    understood = taken == values and template.count("{") == template.count("}") == len(values)
    if len(_kept) >= MOST_SHAPES:
        _kept.clear()
    _kept[shape] = KeptText(sql, template) if understood else None


def _select(query: Any, values: Values) -> Hashable:
    distinct = query.distinct_delegate._distinct
    if query.exclude_secrets or query.as_of_delegate._as_of or distinct.on:
        raise Unfamiliar
    columns = query.columns_delegate
    group, limit = query.group_by_delegate._group_by, query.limit_delegate._limit
    offset, lock = query.offset_delegate._offset, query.lock_rows_delegate._lock_rows
    shape = (
        Select,
        query.engine_type,
        query.table,
        distinct.enabled,
        tuple([_chosen(each, values) for each in columns.selected_columns]),
        _where(query.where_delegate._where, values),
        _all(group.columns, values) if group else None,
        _where(query.having_delegate._where, values),
        tuple(
            [(_all(each.columns, values), each.ascending) for each in query.order_by_delegate._order_by.order_by_items]
        ),
        limit.number if limit else None,
        offset.number if offset else None,
        (lock.lock_strength, lock.nowait, lock.skip_locked, lock.of) if lock else None,
    )
    if not columns.selected_columns:
        columns.selected_columns = query.table._meta.columns  # as Piccolo does, which looks there when rows have come
    return shape


def _update(query: Any, values: Values) -> Hashable:
    new, returning = query.values_delegate, query.returning_delegate._returning
    return (
        Update,
        query.engine_type,
        query.table,
        tuple([_column(each) for each in new._values]),
        _all(new.get_sql_values(), values),
        _where(query.where_delegate._where, values),
        tuple([_chosen(each, values) for each in returning.columns]) if returning else None,
    )


def _where(condition: Any, values: Values) -> Hashable:
    kind = type(condition)
    if kind is Where:
        one, several = condition.value, condition.values
        return (
            condition.operator,
            _column(condition.column),
            () if one is UNDEFINED else _argument(one, values),
            _all(several, values) if type(several) is list else several is UNDEFINED or _argument(several, values),
        )
    if kind is And or kind is Or:
        return kind, _where(condition.first, values), _where(condition.second, values)
    if kind is WhereRaw:
        return _argument(condition.querystring, values)
    if condition is not None:
        raise Unfamiliar
    return None


def _chosen(chosen: Any, values: Values) -> Hashable:
    if not isinstance(chosen, (Column, QueryString)):
        raise Unfamiliar
    return chosen._alias, _argument(chosen, values)


def _all(arguments: Iterable[Any], values: Values) -> Hashable:
    return tuple([_argument(each, values) for each in arguments])


def _argument(argument: Any, values: Values) -> Hashable:
    """A column, a piece of SQL, or a value, of which the shape knows no more than its place."""
    if isinstance(argument, Column):
        return _column(argument)
    if not isinstance(argument, QueryString):
        values.append(argument)
        return None
    if any(each._meta.call_chain for each in argument.columns):
        raise Unfamiliar  # it joins a table of which its own text does not tell enough
    return argument.template, _all(argument.args, values)


def _column(column: Column) -> Hashable:
    meta = column._meta
    if type(column).get_select_string is not Column.get_select_string:
        raise Unfamiliar  # one element of an array
    if meta.call_chain:
        return meta._table, meta._name, tuple([_joined(each) for each in meta.call_chain])
    return meta._table, meta._name


def _joined(key: ForeignKey[Any]) -> Hashable:
    """The key by which another table is joined, and what it points at."""
    at = key._foreign_key_meta
    return key._meta._table, key._meta._name, at.resolved_references, at.resolved_target_column._meta._name
