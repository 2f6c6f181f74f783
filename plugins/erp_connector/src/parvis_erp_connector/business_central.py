"""Business Central over OData V4: `serviceOrders` or a page of the town's own for work orders, `salesInvoices`.

A change names the ETag that it was read with; a stale one is answered 409, by other services 412. There is no
idempotency key: `externalDocumentNumber` is searched before anything is created.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx
import msgspec

from parvis_erp_connector.fitting import with_id
from parvis_erp_connector.metadata import described_in
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
    Stale,
    Work,
)
from parvis_erp_connector.settings import System
from parvis_erp_connector.troubles import AN_ERROR, ELSEWHERE, NO, NO_LIST, NOT_ALLOWED, UNREADABLE
from parvis_sdk.calling import called
from parvis_sdk.connectors import UNLOGGED, Connection
from parvis_sdk.errors import Foreign, Later, Refused, must_fit
from parvis_sdk.mapping import Described
from parvis_sdk.oauth import ClientCredentials, SignInRefused

PAGE = 100
IN_A_BATCH = 50
LONGEST = 100  # characters of a line's description
READ = msgspec.json.Decoder(float_hook=Decimal)
WRITE = msgspec.json.Encoder(decimal_format="number")
STATES: dict[str, InvoiceState] = {"Draft": "draft", "In Review": "draft", "Paid": "paid", "Canceled": "cancelled"}
OF_INVOICE = (
    "id,number,externalDocumentNumber,customerPurchaseOrderReference,status,totalAmountIncludingTax,remainingAmount,"
    "lastModifiedDateTime"
)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class BusinessCentral:
    """Business Central during one call of the host."""

    ledger: tuple[str, ...] = ("salesInvoices", "salesInvoiceLines", "customers")

    def __init__(self, system: System, access: ClientCredentials, lent: Connection) -> None:
        self.address, self.access, self.lent = f"{system.address.rstrip('/')}/", access, lent
        self.company = f"companies({system.company})"

    async def reach(self) -> None:
        await called(self.lent.http, "GET", self.address, now=self.lent.now)

    async def allowed(self, tables: Sequence[str]) -> tuple[str, ...]:
        missing = []
        for table in tables:
            try:
                await self._page(f"{table}?$top=1&$select=id")
            except (SignInRefused, Refused) as error:
                missing.append(f"read {table} ({error})")
        return tuple(missing)

    async def greet(self) -> str:
        said = await self._read("")
        return f"Business Central · {said.get('displayName') or said.get('name')}"

    async def described(self, table: str) -> Mapping[str, Described]:
        answer = await self._sent("GET", urljoin(self.address, "$metadata"), headers={"accept": "application/xml"})
        return described_in(answer.content, table)

    async def orders(self, work: Work, key: str) -> list[Order]:
        test = f"startswith({work.key},{_quoted(key)})" if work.begins else f"{work.key} eq {_quoted(key)}"
        rows = await self._all(f"{work.to}?$filter={quote(test)}")
        orders = [_order(work, row) for row in rows]
        of_another_time = f"{key}/"
        return [each for each in orders if not each.key.startswith(of_another_time)]

    async def order(self, work: Work, id: str) -> Order | None:
        row = await self._maybe(f"{work.to}({id})")
        return _order(work, row) if row else None

    async def make_order(self, work: Work, values: Mapping[str, Any]) -> Order:
        return _order(
            work, await self._made(work.to, {name: value for name, value in values.items() if value is not None})
        )

    async def change_order(self, work: Work, order: Order, values: Mapping[str, Any]) -> Order | None:
        answer = await self._call("PATCH", f"{work.to}({order.id})", dict(values), etag=order.version)
        return _order(work, _said(answer)) if answer.content else None

    async def orders_since(self, work: Work, since: datetime, past: datetime) -> tuple[list[Order], bool]:
        rows, more = await self._since(work.to, "", since, past)
        return [_order(work, row) for row in rows], more

    async def proofs(self, work: Work, orders: Sequence[Order]) -> list[Proof]:
        asked = [f"documentAttachments?$filter={quote(f'parentId eq {order.id}')}" for order in orders]
        found = [row for page in await self._many(asked) for row in page]
        files = (Proof(id=row["id"], order=row["parentId"], name=row["fileName"]) for row in found)
        return [each for each in files if not each.name.startswith(OURS)]

    async def content(self, proof: Proof) -> bytes:
        path = f"documentAttachments({proof.id})/attachmentContent"
        return (await self._sent("GET", self._url(path), headers={"accept": "*/*"})).content

    async def attach(self, work: Work, order: Order, name: str, kind: str, content: bytes) -> None:
        await self._file(order.id, "Service Order", name, content)

    async def remark_order(self, work: Work, order: Order, words: str, mark: str) -> None:
        await self._file(order.id, "Service Order", f"{OURS}{mark}.txt", f"{SAID}{words}".encode())

    async def parties(self, person: Person) -> list[Party]:
        way, value = ("email", person.email) if person.email else ("phoneNumber", person.phone)
        tests = " or ".join(f"{way} eq {_quoted(each)}" for each in dict.fromkeys((value, value.lower())))
        columns = "$select=id,number,displayName&$orderby=number"
        rows = await self._all(f"customers?$filter={quote(tests)}&{columns}", silent=True)
        return [Party(id=row["id"], name=row["displayName"]) for row in rows]

    async def party(self, code: str) -> Party | None:
        test = quote(f"number eq {_quoted(code)}")
        rows = await self._all(f"customers?$filter={test}&$select=id,number,displayName", silent=True)
        rows = [row for row in rows if str(row.get("number", code)) == code]
        return Party(id=rows[0]["id"], name=rows[0]["displayName"]) if rows else None

    async def make_party(self, person: Person) -> Party:
        told = {"email": person.email, "phoneNumber": person.phone, "addressLine1": person.address[:LONGEST]}
        wanted = {"displayName": person.name[:LONGEST], "type": "Person"} | {
            name: each for name, each in told.items() if each
        }
        made = await self._made("customers", wanted)
        return Party(id=_id_of(made, person.name), name=str(made.get("displayName") or ""))

    async def drop_party(self, party: Party) -> None:
        await self._acted("DELETE", f"customers({party.id})", party.id, etag="*")

    async def invoices(self, key: str) -> list[Invoice]:
        test = quote(f"externalDocumentNumber eq {_quoted(key.upper())}")
        return [_invoice(row) for row in await self._all(f"salesInvoices?$filter={test}&$select={OF_INVOICE}")]

    async def invoice(self, id: str) -> Invoice:
        return with_id(id, _invoice(await self._read(f"salesInvoices({id})?$select={OF_INVOICE}")))

    async def make_invoice(self, bill: Bill) -> Invoice:
        wanted = {
            "customerId": bill.party,
            "externalDocumentNumber": bill.key.upper(),  # as it is kept there anyway
            "customerPurchaseOrderReference": bill.reference,
            "salesInvoiceLines": [_line(line) for line in bill.lines],
        }
        made = await self._made("salesInvoices", wanted)
        return await self.invoice(_id_of(made, bill.key))

    async def post_invoice(self, invoice: Invoice) -> Invoice:
        path = f"salesInvoices({invoice.id})/Microsoft.NAV.post"
        await self._acted("POST", path, invoice.id, etag=invoice.version)
        return await self.invoice(invoice.id)

    async def cancel_invoice(self, invoice: Invoice) -> None:
        path = f"salesInvoices({invoice.id})"
        if invoice.state == "draft":
            await self._acted("DELETE", path, invoice.id, etag=invoice.version)
        else:
            await self._acted("POST", f"{path}/Microsoft.NAV.cancel", invoice.id, etag=invoice.version)

    async def remark(self, invoice: Invoice, words: str) -> None:
        await self._file(invoice.id, "Sales Invoice", f"{OURS}{invoice.key[:8]}.txt", words.encode())

    async def invoices_since(self, since: datetime, past: datetime) -> tuple[list[Invoice], bool]:
        rows, more = await self._since("salesInvoices", f"&$select={OF_INVOICE}", since, past)
        return [_invoice(row) for row in rows], more

    async def missing(self, line: BillLine) -> tuple[str, ...]:
        looked_for = [("accounts", "number", line.account)] if line.account else []
        looked_for += [("items", "number", line.product)] if line.product else []
        looked_for += [("taxGroups", "code", tax) for tax in line.taxes]
        lost = []
        for records, name, word in looked_for:
            if not await self._all(f"{records}?$filter={quote(f'{name} eq {_quoted(word)}')}&$select=id"):
                lost.append(word)
        return tuple(lost)

    async def _file(self, parent: str, kind: str, name: str, content: bytes) -> None:
        """A file beside a record, once: one that was made and not filled is filled."""
        there = await self._all(f"documentAttachments?$filter={quote(f'parentId eq {parent}')}")
        found = next((row for row in there if row["fileName"] == name), None)
        if found is None:
            found = await self._made("documentAttachments", {"fileName": name, "parentId": parent, "parentType": kind})
        must_fit(parent.lower(), str(found.get("parentId") or "").lower(), str(found.get("fileName") or ""))
        if not found.get("byteSize"):
            headers = {"if-match": found["@odata.etag"], "content-type": "application/octet-stream"}
            url = self._url(f"documentAttachments({_id_of(found, parent)})/attachmentContent")
            _taken(await self._sent("PATCH", url, headers=headers, content=content))

    async def _since(
        self, records: str, more: str, since: datetime, past: datetime
    ) -> tuple[list[dict[str, Any]], bool]:
        test = quote(f"lastModifiedDateTime ge {_moment(since)}")
        url: str | None = self._url(f"{records}?$filter={test}&$orderby=lastModifiedDateTime{more}")
        rows: list[dict[str, Any]] = []
        while url:
            page, url = await self._next(url)
            rows += page
            if url and len(rows) >= PAGE and _when(rows[-1]) > past:
                return rows, True
        return rows, False

    async def _all(self, path: str, *, silent: bool = False) -> list[dict[str, Any]]:
        url: str | None = self._url(path)
        rows: list[dict[str, Any]] = []
        while url:
            page, url = await self._next(url, silent=silent)
            rows += page
        return rows

    async def _page(self, path: str) -> list[dict[str, Any]]:
        return (await self._next(self._url(path)))[0]

    async def _next(self, url: str, *, silent: bool = False) -> tuple[list[dict[str, Any]], str | None]:
        """A page of records, and where the next one is: there, and nowhere else, for our token goes with it."""
        said = _said(await self._sent("GET", url, silent=silent, headers={"prefer": f"odata.maxpagesize={PAGE}"}))
        rows, after = said.get("value"), said.get("@odata.nextLink")
        if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
            raise Later(NO_LIST)
        following = urljoin(url, after) if after else None
        if following and urlsplit(following)[:2] != urlsplit(self.address)[:2]:
            raise Refused(ELSEWHERE)
        return rows, following

    async def _many(self, paths: Sequence[str]) -> list[list[dict[str, Any]]]:
        """Several lists at once, in a $batch; what was cut off there is read on."""
        found: list[list[dict[str, Any]]] = []
        for start in range(0, len(paths), IN_A_BATCH):
            part = paths[start : start + IN_A_BATCH]
            asked = [
                {"id": str(number), "method": "GET", "url": f"{self.company}/{path}", "headers": {}}
                for number, path in enumerate(part)
            ]
            said = _said(await self._sent("POST", f"{self.address}$batch", content=WRITE.encode({"requests": asked})))
            answers = {str(each["id"]): each for each in said.get("responses", ())}
            for number, path in enumerate(part):
                answer = answers.get(str(number), {"status": 0})
                body = answer.get("body") or {}
                whole = answer["status"] == 200 and "@odata.nextLink" not in body
                found.append(body["value"] if whole else await self._all(path))
        return found

    async def _maybe(self, path: str) -> dict[str, Any] | None:
        answer = await self._sent("GET", self._url(path))
        return None if answer.status_code == 404 else _said(answer)

    async def _read(self, path: str) -> dict[str, Any]:
        return _said(await self._sent("GET", self._url(path)))

    async def _made(self, records: str, values: Mapping[str, Any]) -> dict[str, Any]:
        return _said(await self._call("POST", records, values))

    async def _acted(self, method: str, path: str, id: str, etag: str) -> None:
        """A change of the record with this id, whose answer, where it has one, is about that record."""
        answer = await self._call(method, path, etag=etag)
        if answer.content:
            row = _said(answer)
            must_fit(id.lower(), str(row.get("id", id)).lower(), str(row.get("number") or ""))

    async def _call(
        self, method: str, path: str, values: Mapping[str, Any] | None = None, etag: str = ""
    ) -> httpx.Response:
        headers = {"if-match": etag} if etag else {}
        body: dict[str, Any] = {} if values is None else {"content": WRITE.encode(values)}
        return _taken(await self._sent(method, self._url(path), headers=headers, **body))

    async def _sent(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, silent: bool = False, **body: Any
    ) -> httpx.Response:
        said = {
            "accept": "application/json",
            **({"content-type": "application/json"} if body else {}),
            **(headers or {}),
        }
        more: dict[str, Any] = {"extensions": dict(UNLOGGED)} if silent else {}
        answer = await self.access.called(self.lent.http, method, url, now=self.lent.now, headers=said, **body, **more)
        if answer.status_code == 403:
            raise SignInRefused(NOT_ALLOWED.format(why=_why(answer)))
        return answer

    def _url(self, path: str) -> str:
        return f"{self.address}{self.company}/{path}".rstrip("/")


def opened(system: System, secret: Callable[[], str]) -> Opened:
    """What makes a Business Central of each connection, all with the same token."""
    access = ClientCredentials(system.token_address, system.login, secret, system.scope)

    def at(lent: Connection) -> Erp:
        return BusinessCentral(system, access, lent)

    return at


def _taken(answer: httpx.Response) -> httpx.Response:
    """The answer to a change, unless it was none."""
    if answer.status_code in (409, 412):
        raise Stale
    if not answer.is_success:
        raise Refused(NO.format(status=answer.status_code, why=_why(answer)))
    return answer


def _said(answer: httpx.Response) -> dict[str, Any]:
    """The record, or list of them, in an answer."""
    if not answer.is_success:
        raise Refused(NO.format(status=answer.status_code, why=_why(answer)))
    try:
        said = READ.decode(answer.content)
    except msgspec.MsgspecError as error:
        raise Later(UNREADABLE) from error
    if not isinstance(said, dict) or "error" in said:
        raise Later(AN_ERROR.format(why=_why(answer)))
    return said


def _why(answer: httpx.Response) -> str:
    try:
        told = msgspec.json.decode(answer.content)
    except msgspec.MsgspecError:
        return "without a reason"
    error = told.get("error") if isinstance(told, dict) else None
    return (
        f"{error.get('code', '')} {error.get('message', '')}".strip()[:300]
        if isinstance(error, dict)
        else "without a reason"
    )


def _id_of(row: Mapping[str, Any], key: str) -> str:
    """The id of a record that was asked for under a key of ours."""
    if not row.get("id"):
        raise Foreign(key, number=str(row.get("number") or ""))
    return str(row["id"])


def _order(work: Work, row: Mapping[str, Any]) -> Order:
    id = str(row.get("id") or "")
    return Order(
        id=id,
        number=str(row.get("number") or id),
        key=str(row.get(work.key) or ""),
        state=str(row.get(work.read) or ""),
        version=str(row.get("@odata.etag") or ""),
        changed_at=_when(row),
        cost=Decimal(row.get(work.cost) or 0) if work.cost else Decimal(0),
        note=str(row.get(work.note) or "") if work.note else "",
    )


def _invoice(row: Mapping[str, Any]) -> Invoice:
    id = str(row.get("id") or "")
    return Invoice(
        id=id,
        number=str(row.get("number") or id),
        key=str(row.get("externalDocumentNumber") or "").lower(),
        reference=str(row.get("customerPurchaseOrderReference") or ""),
        state=STATES.get(str(row.get("status")), "open"),
        total=Decimal(row.get("totalAmountIncludingTax") or 0),
        left=Decimal(row.get("remainingAmount") or 0),
        version=str(row.get("@odata.etag") or ""),
        changed_at=_when(row),
    )


def _line(line: BillLine) -> dict[str, Any]:
    kind, number = ("Item", line.product) if line.product else ("Account", line.account)
    said: dict[str, Any] = {"lineType": kind, "lineObjectNumber": number, "description": line.title[:LONGEST]}
    said |= {"quantity": 1, "unitPrice": line.amount}
    return said | ({"taxCode": line.taxes[0]} if line.taxes else {})


def _when(row: Mapping[str, Any]) -> datetime:
    said = str(row.get("lastModifiedDateTime") or "")
    return datetime.fromisoformat(said.replace("Z", "+00:00")) if said else NEVER


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
