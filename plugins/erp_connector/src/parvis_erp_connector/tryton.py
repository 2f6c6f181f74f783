"""Tryton 8 over JSON-RPC: `project.work` or a model of the town's own for work orders, `account.invoice` for invoices.

A record is changed with the `_timestamp` that it was read with; what changed is found by `last_modified_at`.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from parvis_erp_connector.fitting import row_with_id, with_id
from parvis_erp_connector.port import (
    OURS,
    SAID,
    Bill,
    BillLine,
    Erp,
    Invoice,
    InvoiceState,
    Opened,
    Order,
    Party,
    Person,
    Proof,
    Work,
)
from parvis_erp_connector.settings import System
from parvis_erp_connector.troubles import NO_RECEIVABLE, NO_SUCH, NOT_MADE
from parvis_erp_connector.tryton_door import Door
from parvis_erp_connector.tryton_values import codes_in, decimal, literally, moment, plain, rows_in, written
from parvis_sdk.calling import called
from parvis_sdk.connectors import Connection
from parvis_sdk.errors import Later, Refused
from parvis_sdk.mapping import Described

PAGE = 100
TRIES = 2
OPEN = 500  # orders beside which notes and files are looked for
INVOICE = "account.invoice"
USUAL = "project.work"  # whose ids stand alone; those of a model of the town’s own may be the same ones
STATES: dict[str, InvoiceState] = {
    "draft": "draft",
    "validated": "draft",
    "posted": "open",
    "paid": "paid",
    "cancelled": "cancelled",
}
CHANGED = "last_modified_at"
OF_INVOICE = ("number", "reference", "description", "state", "total_amount", "amount_to_pay", "_timestamp", CHANGED)
RIGHTS = {"read": "read", "write": "change", "create": "create"}


class Tryton:
    """Tryton during one call of the host."""

    ledger: tuple[str, ...] = (
        "account.invoice",
        "account.invoice.line",
        "party.party",
        "party.address",
        "party.contact_mechanism",
    )

    def __init__(self, door: Door, lent: Connection) -> None:
        self.door, self.lent = door, lent

    async def reach(self) -> None:
        asked = {"id": 1, "method": "common.server.version", "params": []}
        await called(self.lent.http, "POST", self.door.url, now=self.lent.now, json=asked)

    async def allowed(self, tables: Sequence[str]) -> tuple[str, ...]:
        access = await self._ask("model.ir.model.access.get_access", list(tables))
        return tuple(
            f"{each} {table}"
            for table in tables
            for right, each in RIGHTS.items()
            if not access.get(table, {}).get(right)
        )

    async def greet(self) -> str:
        said = await self._ask("model.res.user.get_preferences", True)
        return f"Tryton · {self.door.login} · {said.get('company.rec_name') or said.get('company')}"

    async def described(self, table: str) -> Mapping[str, Described]:
        fields = await self._fields(table)
        filled = await self._ask(f"model.{table}.default_get", list(fields))
        return {
            name: Described(
                kind=field["type"],
                most=int(field.get("size") or 0) if isinstance(field.get("size"), int) else 0,
                required=bool(field.get("required")) and filled.get(name) is None,
                writable=not field.get("readonly"),
                codes=codes_in(field),
            )
            for name, field in fields.items()
        }

    async def orders(self, work: Work, key: str) -> list[Order]:
        is_key = ["OR", [work.key, "=", key], [work.key, "like", f"{key} %"]] if work.begins else [work.key, "=", key]
        return [_order(work, row) for row in await self._found(work.to, [is_key], await self._columns(work))]

    async def order(self, work: Work, id: str) -> Order | None:
        found = await self._found(work.to, [["id", "=", int(id)]], await self._columns(work))
        return (await self._with_notes(work, [_order(work, found[0])]))[0] if found else None

    async def make_order(self, work: Work, values: Mapping[str, Any]) -> Order:
        id = await self._made(work.to, await self._written(work.to, values))
        made = await self._found(work.to, [["id", "=", id]], await self._columns(work))
        if not made:
            raise Later(NOT_MADE)
        return with_id(str(id), _order(work, made[0]))

    async def change_order(self, work: Work, order: Order, values: Mapping[str, Any]) -> None:
        written = await self._written(work.to, values)
        await self._ask(f"model.{work.to}.write", [int(order.id)], written, _timestamp=_seen(work.to, order))

    async def orders_since(self, work: Work, since: datetime, past: datetime) -> tuple[list[Order], bool]:
        rows, more = await self._since(work.to, [], await self._columns(work), since, past)
        known = {row["id"] for row in rows}
        beside = [] if more else await self._beside(work, since, known)
        if beside:
            rows += await self._found(work.to, [["id", "in", beside]], await self._columns(work))
        return await self._with_notes(work, [_order(work, row) for row in rows]), more

    async def proofs(self, work: Work, orders: Sequence[Order]) -> list[Proof]:
        about = [f"{work.to},{order.id}" for order in orders]
        found = await self._found("ir.attachment", [["resource", "in", about]], ["name", "resource"]) if about else []
        files = (Proof(id=str(row["id"]), order=row["resource"].partition(",")[2], name=row["name"]) for row in found)
        return [each for each in files if not each.name.startswith(OURS)]

    async def content(self, proof: Proof) -> bytes:
        row = row_with_id(proof.id, rows_in(await self._ask("model.ir.attachment.read", [int(proof.id)], ["data"])))
        return bytes(plain(row["data"]) or b"")

    async def attach(self, work: Work, order: Order, name: str, kind: str, content: bytes) -> None:
        about = f"{work.to},{order.id}"
        there = await self._found("ir.attachment", [["resource", "=", about], ["name", "=", name]], ["name"])
        if not there:
            data = {"__class__": "bytes", "base64": base64.b64encode(content).decode()}
            await self._ask(
                "model.ir.attachment.create", [{"name": name, "type": "data", "resource": about, "data": data}]
            )

    async def remark_order(self, work: Work, order: Order, words: str, mark: str) -> None:
        await self._note(f"{work.to},{order.id}", f"{SAID}{words}")

    async def parties(self, person: Person) -> list[Party]:
        by = ("email", person.email) if person.email else ("phone", person.phone)
        kinds = ["email"] if person.email else ["phone", "mobile"]
        where = [["type", "in", kinds], ["value", "ilike", literally(by[1])]]
        found = await self._found("party.contact_mechanism", where, ["party", "party.name"], silent=True)
        return [Party(id=str(row["party"]), name=row["party."]["name"] or "") for row in found]

    async def party(self, code: str) -> Party | None:
        found = await self._found("party.party", [["code", "=", code]], ["name"], silent=True)
        return Party(id=str(found[0]["id"]), name=found[0]["name"] or "") if found else None

    async def make_party(self, person: Person) -> Party:
        ways = [
            {"type": kind, "value": value}
            for kind, value in (("email", person.email), ("phone", person.phone))
            if value
        ]
        address = {"street": person.address} if person.address else {}
        wanted = {"name": person.name, "addresses": [["create", [address]]], "contact_mechanisms": [["create", ways]]}
        return Party(id=str(await self._made("party.party", wanted)), name=person.name)

    async def drop_party(self, party: Party) -> None:
        await self._ask("model.party.party.delete", [int(party.id)])

    async def invoices(self, key: str) -> list[Invoice]:
        where = [["type", "=", "out"], ["reference", "=", key]]
        return [_invoice(row) for row in await self._found(INVOICE, where, OF_INVOICE)]

    async def invoice(self, id: str) -> Invoice:
        return _invoice(row_with_id(id, await self._found(INVOICE, [["id", "=", int(id)]], OF_INVOICE)))

    async def make_invoice(self, bill: Bill) -> Invoice:
        party = int(bill.party)
        found = await self._ask("model.party.party.read", [party], ["account_receivable", "addresses"])
        known = row_with_id(bill.party, rows_in(found))
        addresses = known["addresses"] or await self._ask("model.party.address.create", [{"party": party}])
        wanted = {
            "type": "out",
            "party": party,
            "invoice_address": addresses[0],
            "account": known["account_receivable"] or await self._receivable(bill.options.get("receivable", "")),
            "journal": await self._journal(bill.options.get("journal", "")),
            "currency": await self._one("currency.currency", ["code", "=", bill.currency], bill.currency),
            "reference": bill.key,
            "description": bill.title,
            "lines": [["create", [await self._line(line) for line in bill.lines]]],
        }
        if term := bill.options.get("payment_term"):
            wanted["payment_term"] = await self._one("account.invoice.payment_term", ["name", "=", term], term)
        return await self.invoice(str(await self._made(INVOICE, wanted)))

    async def post_invoice(self, invoice: Invoice) -> Invoice:
        await self._ask(f"model.{INVOICE}.post", [int(invoice.id)], _timestamp=_seen(INVOICE, invoice))
        return await self.invoice(invoice.id)

    async def cancel_invoice(self, invoice: Invoice) -> None:
        seen, id = _seen(INVOICE, invoice), int(invoice.id)
        if invoice.state == "draft":
            await self._ask(f"model.{INVOICE}.cancel", [id], _timestamp=seen)
            return
        around: dict[str, Any] = {"active_model": INVOICE, "active_id": id, "active_ids": [id], "_timestamp": seen}
        wizard, *_ = await self._ask("wizard.account.invoice.credit.create")
        wanted = {"start": {"with_refund": True, "with_refund_allowed": True, "invoice_date": None}}
        await self._ask("wizard.account.invoice.credit.execute", wizard, wanted, "credit", **around)

    async def remark(self, invoice: Invoice, words: str) -> None:
        await self._note(f"{INVOICE},{invoice.id}", words)

    async def invoices_since(self, since: datetime, past: datetime) -> tuple[list[Invoice], bool]:
        where = [["type", "=", "out"], ["reference", "!=", None]]
        rows, more = await self._since(INVOICE, where, OF_INVOICE, since, past)
        return [_invoice(row) for row in rows], more

    async def missing(self, line: BillLine) -> tuple[str, ...]:
        looked_for = [("account.account", ["code", "=", line.account], line.account)] if line.account else []
        looked_for += [("product.product", ["code", "=", line.product], line.product)] if line.product else []
        looked_for += [("account.tax", ["name", "=", tax], tax) for tax in line.taxes]
        return tuple([word for model, where, word in looked_for if not await self._found(model, [where], ["id"])])

    async def _note(self, about: str, words: str) -> None:
        there = await self._found("ir.note", [["resource", "=", about]], ["message"])
        if not any(row["message"] == words for row in there):
            await self._ask("model.ir.note.create", [{"message": words, "resource": about}])

    async def _ask(self, method: str, *params: Any, silent: bool = False, **context: Any) -> Any:
        return await self.door.ask(self.lent, method, *params, silent=silent, **context)

    async def _made(self, model: str, values: Mapping[str, Any]) -> int:
        """A new record. Two that are made at once may draw the same number: the second is refused, and made again."""
        for tries in range(TRIES, -1, -1):
            try:
                made = await self._ask(f"model.{model}.create", [values])
            except Refused:
                if not tries:
                    raise
                continue
            match made:
                case [int(id)]:
                    return id
            break
        raise Later(NOT_MADE)

    async def _found(
        self, model: str, where: list[Any], names: Sequence[str], *, silent: bool = False, limit: int | None = None
    ) -> list[dict[str, Any]]:
        order = [["id", "ASC"]]
        rows = await self._ask(f"model.{model}.search_read", where, 0, limit, order, list(names), silent=silent)
        return rows_in(rows)

    async def _since(
        self, model: str, where: list[Any], names: Sequence[str], since: datetime, past: datetime
    ) -> tuple[list[dict[str, Any]], bool]:
        """What changed, in the order of its change, a page or as many as it takes to come past `past`."""
        within, order = [*where, [CHANGED, ">=", moment(since)]], [[CHANGED, "ASC"], ["id", "ASC"]]
        rows: list[dict[str, Any]] = []
        while True:
            page = await self._ask(f"model.{model}.search_read", within, len(rows), PAGE, order, list(names))
            rows += rows_in(page)
            if len(page) < PAGE:
                return rows, False
            if rows[-1][CHANGED] > past:
                return rows, True

    async def _beside(self, work: Work, since: datetime, known: set[int]) -> list[int]:
        """Open orders with a new note or file, which do not change the order itself.

        Notes and files can only be asked for by the records that they belong to.
        """
        if not work.over or not work.read:
            return []
        [state] = await self._state_of(work)
        order = [["id", "DESC"]]
        where = [[state, "not in", list(work.over)], [work.key, "!=", None]]
        open_ones = await self._ask(f"model.{work.to}.search", where, 0, OPEN, order)
        about = [f"{work.to},{id}" for id in open_ones if id not in known]
        found: set[int] = set()
        for each in ("ir.note", "ir.attachment") if about else ():
            where = [["resource", "in", about], [CHANGED, ">=", moment(since)]]
            found |= {int(row["resource"].partition(",")[2]) for row in await self._found(each, where, ["resource"])}
        return sorted(found)

    async def _with_notes(self, work: Work, orders: list[Order]) -> list[Order]:
        if work.note or not orders:
            return orders
        about = {f"{work.to},{order.id}": order.id for order in orders}
        notes: dict[str, list[str]] = {}
        for row in await self._found("ir.note", [["resource", "in", list(about)]], ["message", "resource"]):
            if not (words := str(row["message"] or "").strip()).startswith(SAID):
                notes.setdefault(about.get(row["resource"], ""), []).append(words)
        return [msgspec.structs.replace(each, note="\n".join(notes.get(each.id, []))) for each in orders]

    async def _fields(self, model: str) -> dict[str, Any]:
        if model not in self.door.fields:
            self.door.fields[model] = await self._ask(f"model.{model}.fields_get", [])
        return dict(self.door.fields[model])

    async def _columns(self, work: Work) -> list[str]:
        fields = await self._fields(work.to)
        state = await self._state_of(work)
        number = ["number"] if "number" in fields else []
        names = [work.key, *state, work.cost, work.note, *number, "_timestamp", CHANGED]
        return list(dict.fromkeys(name for name in names if name))

    async def _state_of(self, work: Work) -> list[str]:
        """The state by what people call it, also where it is a record of its own."""
        is_record = (await self._fields(work.to)).get(work.read, {}).get("type") == "many2one"
        return [f"{work.read}.rec_name" if is_record else work.read] if work.read else []

    async def _written(self, model: str, values: Mapping[str, Any]) -> dict[str, Any]:
        fields = await self._fields(model)
        return {name: await self._one_written(name, fields.get(name, {}), value) for name, value in values.items()}

    async def _one_written(self, name: str, field: Mapping[str, Any], value: Any) -> Any:
        if value in (None, "") or field.get("type") != "many2one" or str(value).isdecimal():
            return written(str(field.get("type")), value)
        return await self._one(field["relation"], ["rec_name", "=", str(value)], str(value))

    async def _one(self, model: str, where: list[Any], word: str) -> int:
        found = await self._found(model, [where], ["id"], limit=2)
        if not found:
            raise Refused(NO_SUCH.format(word=repr(word), model=model))
        return int(found[0]["id"])

    async def _receivable(self, code: str) -> int:
        where = [["type.receivable", "=", True], ["closed", "!=", True], *([["code", "=", code]] if code else [])]
        found = await self._found("account.account", where, ["id"], limit=1)
        if not found:
            raise Refused(NO_RECEIVABLE)
        return int(found[0]["id"])

    async def _journal(self, code: str) -> int:
        where = ["code", "=", code] if code else ["type", "=", "revenue"]
        return await self._one("account.journal", where, code or "revenue")

    async def _line(self, line: BillLine) -> dict[str, Any]:
        said: dict[str, Any] = {"type": "line", "description": line.title, "quantity": 1}
        said["unit_price"] = decimal(line.amount)
        if line.product:
            said["product"] = await self._one("product.product", ["code", "=", line.product], line.product)
        if line.account:
            said["account"] = await self._one("account.account", ["code", "=", line.account], line.account)
        if line.taxes:
            said["taxes"] = [["add", [await self._one("account.tax", ["name", "=", tax], tax) for tax in line.taxes]]]
        return said


def opened(system: System, secret: Callable[[], str]) -> Opened:
    """What makes a Tryton of each connection, all through the same door."""
    door = Door(system, secret)

    def at(lent: Connection) -> Erp:
        return Tryton(door, lent)

    return at


def _order(work: Work, row: Mapping[str, Any]) -> Order:
    state = row.get(work.read)
    if f"{work.read}." in row:
        state = (row[f"{work.read}."] or {}).get("rec_name")
    return Order(
        id=str(row["id"]),
        number=str(row.get("number") or (row["id"] if work.to == USUAL else f"{work.to},{row['id']}")),
        key=str(row.get(work.key) or ""),
        state=str(state or ""),
        version=str(row.get("_timestamp") or ""),
        changed_at=row[CHANGED],
        cost=Decimal(str(row.get(work.cost) or 0)) if work.cost else Decimal(0),
        note=str(row.get(work.note) or "") if work.note else "",
    )


def _invoice(row: Mapping[str, Any]) -> Invoice:
    state = STATES.get(str(row["state"]), "open")
    total = Decimal(row["total_amount"])
    return Invoice(
        id=str(row["id"]),
        number=str(row["number"] or row["id"]),
        key=str(row["reference"] or ""),
        reference=str(row["description"] or ""),
        state=state,
        total=total,
        left=total if state == "draft" else Decimal(row["amount_to_pay"]),
        version=str(row["_timestamp"]),
        changed_at=row[CHANGED],
    )


def _seen(model: str, record: Order | Invoice) -> dict[str, str]:
    return {f"{model},{record.id}": record.version}
