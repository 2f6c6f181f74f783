"""Opens the books of a municipality in an empty Tryton; run once, by the Python of Tryton's own environment."""

import datetime
import sys
from decimal import Decimal

from proteus import Model, Wizard, config
from trytond.modules.account.tests.tools import create_chart, get_accounts
from trytond.modules.account_invoice.tests.tools import create_payment_term, set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company
from trytond.modules.currency.tests.tools import get_currency

OPENED, CLOSED = datetime.date(2020, 1, 1), datetime.date(2039, 12, 31)
"""One long fiscal year, so that the books stay good whatever today is."""
GROUPS = {
    "api": ("Accounting", "Project Administration"),
    "accountant": ("Accounting", "Accounting Administration"),
    "crew": ("Project Administration", "Timesheet Administration"),
}
HOURLY = Decimal("64.50")


def open_books(passwords):
    company = _company()
    _accounts(company)
    crew = _crew(company)
    for login, groups in GROUPS.items():
        _user(login, passwords[login], groups, company, crew if login == "crew" else None)


def _company():
    dollar = get_currency("CAD")
    dollar.name, dollar.symbol = "Dollar canadien", "$"
    dollar.save()
    create_company(party=_saved("party.party", name="Ville de Parvis"), currency=dollar)
    return Model.get("company.company").find()[0]


def _accounts(company):
    create_chart(company)
    accounts = get_accounts(company)
    year = Model.get("account.fiscalyear")(
        name="2020-2039", start_date=OPENED, end_date=CLOSED, company=company, move_sequence=_moves(company)
    )
    year = set_fiscalyear_invoice_sequences(year)
    year.save()
    periods = Wizard("account.fiscalyear.create_periods", [year])
    periods.form.frequency = "other"
    periods.form.interval = 12
    periods.execute("create_periods")
    create_payment_term().save()
    cash = Model.get("account.journal").find([("type", "=", "cash")])[0]
    _saved(
        "account.invoice.payment.method",
        company=company,
        name="Comptoir",
        journal=cash,
        credit_account=accounts["cash"],
        debit_account=accounts["cash"],
    )


def _moves(company):
    kind = Model.get("ir.sequence.type").find([("name", "=", "Account Move")])[0]
    return _saved("ir.sequence.strict", name="2020-2039", sequence_type=kind, company=company)


def _crew(company):
    """The public works crew: what an hour of it costs is what a work order costs."""
    crew = _saved("company.employee", party=_saved("party.party", name="Travaux publics"), company=company)
    _saved("company.employee_cost_price", employee=crew, date=OPENED, cost_price=HOURLY)
    return crew


def _user(login, password, groups, company, employee):
    user = Model.get("res.user")(login=login, name=login.capitalize(), password=password)
    user.groups.extend(Model.get("res.group").find([("name", "in", groups)]))
    user.companies.append(Model.get("company.company")(company.id))
    user.company = company
    if employee is not None:
        user.employees.append(Model.get("company.employee")(employee.id))
        user.employee = employee
    user.save()


def _saved(model, **values):
    record = Model.get(model)(**values)
    record.save()
    return record


if __name__ == "__main__":
    settings, database, *given = sys.argv[1:]
    config.set_trytond(database=database, config_file=settings)
    open_books(dict(pair.split("=", 1) for pair in given))
