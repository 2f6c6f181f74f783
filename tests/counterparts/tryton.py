"""A real Tryton: an ERP with a ledger and work orders, and the people of the municipality who work with it.

    with tryton() as ledger:
        ...                              # a connector speaks to ledger.url as ledger.login
        ledger.post(invoice)             # the accountant
        ledger.pay(invoice)
        ledger.finish(work, hours=2, note="Réparé", photo=jpeg)      # the crew

The environment and the books are made once, below `.tryton`, and copied for each start.
"""

import base64
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock

from parvis_testing.ports import free_port

from .installing import environment_with, named_after
from .line import Line, line_to
from .running import running

HERE = Path(__file__).parent
MADE = HERE / ".tryton"
REQUIREMENTS, BOOKS = HERE / "tryton-requirements.txt", HERE / "tryton_books.py"
DATABASE = "ville"
MODULES = ("ir", "res", "party", "account", "account_invoice", "project", "project_revenue")
PASSWORDS = {
    "admin": "asphalte-froid-admin-7421",
    "api": "asphalte-froid-api-7421",
    "accountant": "asphalte-froid-accountant-7421",
    "crew": "asphalte-froid-crew-7421",
}
EVERYONE_IN = {"company": 1, "companies": [1], "language": "fr"}
"""The context that ends every call: in which company, in which language."""


class Refused(Exception):
    """What Tryton says in an answer with status 200: a name of an error, or of what is missing, and details."""


class Tryton:
    login, password = "api", PASSWORDS["api"]

    def __init__(self, direct: str, line: Line) -> None:
        self.line = line
        self.url = f"{line.url}/{DATABASE}/"
        self._direct = f"{direct}/{DATABASE}/rpc/"
        self._people = httpx.Client(timeout=30)
        self._sessions: dict[str, str] = {}

    def ask(self, method: str, *params: Any, as_: str = "accountant", **context: Any) -> Any:
        """One call as a person of the municipality, past the line."""
        asked = {"id": 1, "method": method, "params": [*params, EVERYONE_IN | context]}
        answer = self._people.post(self._direct, json=asked, headers=self.session(as_)).raise_for_status().json()
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    def session(self, person: str) -> dict[str, str]:
        """The header of somebody who signed in: a password in each call takes ten times as long."""
        if person not in self._sessions:
            self._sessions[person] = self._sign_in(person)
        return {"Authorization": self._sessions[person]}

    def _sign_in(self, person: str) -> str:
        asked = {"id": 1, "method": "common.db.login", "params": [person, {"password": PASSWORDS[person]}, "fr"]}
        user, session, *_ = self._people.post(self._direct, json=asked).raise_for_status().json()["result"]
        said = base64.b64encode(f"{person}:{user}:{session}".encode()).decode()
        return f"Session {said}"

    def read(self, model: str, record: int, *fields: str) -> dict[str, Any]:
        found: dict[str, Any] = plain(self.ask(f"model.{model}.read", [record], list(fields), as_="admin")[0])
        return found

    def find(self, model: str, *where: list[Any], fields: tuple[str, ...] = ("rec_name",)) -> list[dict[str, Any]]:
        """Records for which all of `where` holds, oldest first: `find("party.party", ["name", "=", "Marie"])`."""
        order = [["id", "ASC"]]
        found = self.ask(f"model.{model}.search_read", list(where), 0, None, order, list(fields), as_="admin")
        return list(plain(found))

    def invoice(self, invoice: int) -> dict[str, Any]:
        return self.read("account.invoice", invoice, "number", "state", "reference", "total_amount", "amount_to_pay")

    def post(self, invoice: int) -> str:
        """The accountant checks an invoice and sends it out; its number."""
        self.ask("model.account.invoice.validate_invoice", [invoice])
        self.ask("model.account.invoice.post", [invoice])
        return str(self.invoice(invoice)["number"])

    def pay(self, invoice: int, amount: Decimal | None = None) -> None:
        """The accountant records money received at the counter: all that is due, or a part."""
        wizard, *_ = self.ask("wizard.account.invoice.pay.create")
        around = {"active_model": "account.invoice", "active_id": invoice, "active_ids": [invoice]}
        proposed = self.ask("wizard.account.invoice.pay.execute", wizard, {}, "start", **around)["view"]["defaults"]
        names = ("payee", "payees", "company", "currency", "amount", "invoice_account", "date")
        given = {name: proposed[name] for name in names}
        given["payment_method"] = self.find("account.invoice.payment.method")[0]["id"]
        if amount is not None:
            given["amount"] = decimal(amount)
        said = self.ask("wizard.account.invoice.pay.execute", wizard, {"start": given}, "choice", **around)
        if "view" in said:
            asked = said["view"]["defaults"]
            names = ("amount", "currency", "company", "invoice", "lines_to_pay", "lines", "payment_lines")
            part = {name: asked[name] for name in names if name in asked} | {"type": "partial"}
            states = {"start": given, "ask": part}
            self.ask("wizard.account.invoice.pay.execute", wizard, states, "pay", **around)
        self.ask("wizard.account.invoice.pay.delete", wizard)

    def work(self, work: int) -> dict[str, Any]:
        fields = ("number", "name", "comment", "status.name", "progress", "cost")
        return self.read("project.work", work, *fields)

    def finish(self, work: int, *, hours: float = 1, note: str = "", photo: bytes = b"") -> None:
        """The crew books its hours, which is the cost, says what was done, shows it, and closes the work order."""
        self.ask("model.project.work.write", [work], {"timesheet_available": True}, as_="crew")
        resource, today = f"project.work,{work}", self.ask("model.ir.date.today", as_="crew")
        spent = {
            "company": EVERYONE_IN["company"],
            "employee": self.find("company.employee")[0]["id"],
            "date": today,
            "duration": {"__class__": "timedelta", "seconds": hours * 3600},
            "work": self.read("project.work", work, "timesheet_works")["timesheet_works"][0],
        }
        self.ask("model.timesheet.line.create", [spent], as_="crew")
        if note:
            self.ask("model.ir.note.create", [{"message": note, "resource": resource}], as_="crew")
        if photo:
            data = {"__class__": "bytes", "base64": base64.b64encode(photo).decode()}
            attachment = {"name": "apres.jpg", "type": "data", "resource": resource, "data": data}
            self.ask("model.ir.attachment.create", [attachment], as_="crew")
        done = self.find("project.work.status", ["progress", "=", 1])[0]["id"]
        self.ask("model.project.work.write", [work], {"status": done, "progress": 1.0}, as_="crew")

    def close(self) -> None:
        self._people.close()


@contextmanager
def tryton() -> Iterator[Tryton]:
    """A clean ERP on a free port, with a line to it that can go wrong."""
    (programs, books), port = installed(), free_port()
    with tempfile.TemporaryDirectory(prefix="parvis-tryton-") as folder:
        shutil.copyfile(books, f"{folder}/{DATABASE}.sqlite")
        command = [programs / "trytond", "-c", _settings(Path(folder), port), "-d", DATABASE]
        with running(command, port, Path(folder) / "trytond.log"), line_to(f"http://127.0.0.1:{port}") as line:
            ledger = Tryton(f"http://127.0.0.1:{port}", line)
            try:
                yield ledger
            finally:
                ledger.close()


def installed() -> tuple[Path, Path]:
    """The programs of Tryton's own environment, and the books in it; the first caller installs them."""
    environment = environment_with(REQUIREMENTS, MADE, "Tryton on PyPI")
    books = environment / f"books-{named_after(BOOKS.read_bytes(), Path(__file__).read_bytes())}.sqlite"
    with FileLock(MADE / ".installing.lock"):
        if not books.exists():
            _open_books(environment / "bin", books)
    return environment / "bin", books


def _open_books(programs: Path, books: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="parvis-tryton-") as folder:
        made, secret = Path(folder) / f"{DATABASE}.sqlite", Path(folder) / "secret"
        made.touch()
        secret.write_text(PASSWORDS["admin"])
        settings = _settings(Path(folder), free_port())
        modules = ["-u", *MODULES, "--activate-dependencies", "--email", "admin@parvis.test"]
        subprocess.run(
            [programs / "trytond-admin", "-c", settings, "-d", DATABASE, *modules],
            check=True,
            env={"TRYTONPASSFILE": str(secret), "PATH": ""},
        )
        given = [f"{login}={password}" for login, password in PASSWORDS.items()]
        subprocess.run([programs / "python", BOOKS, settings, DATABASE, *given], check=True)
        fresh = books.with_suffix(".fresh")
        shutil.copyfile(made, fresh)
        fresh.rename(books)


def _settings(folder: Path, port: int) -> Path:
    """One wrong password more than `max_attempt` is 429; before that each is answered later than the one before."""
    path = folder / "trytond.conf"
    web, database = f"[web]\nlisten = 127.0.0.1:{port}\n", f"[database]\nuri = sqlite://\npath = {folder}\n"
    path.write_text(f"{database}{web}[session]\nmax_attempt = 1\n")
    return path


def decimal(amount: Decimal) -> dict[str, str]:
    return {"__class__": "Decimal", "decimal": str(amount)}


def plain(value: Any) -> Any:
    """Tryton's JSON as Python; what has no plain form stays as it came."""
    match value:
        case {"__class__": "Decimal", "decimal": amount}:
            return Decimal(amount)
        case {"__class__": "bytes", "base64": data}:
            return base64.b64decode(data)
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case list():
            return [plain(one) for one in value]
    return value
