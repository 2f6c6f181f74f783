"""What a town charges and how it is paid: its own tariffs in place of an author's, its tax numbers, its counter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from parvis.jurisdictions import Jurisdiction, JurisdictionMistake
from parvis.jurisdictions.reading import Table, not_installed
from parvis.jurisdictions.town_files import Offer, Surroundings, TownFile
from parvis_sdk.errors import said
from parvis_sdk.fees import Fee
from parvis_sdk.request_types import RequestType
from parvis_sdk.tariff_mistakes import asked_mistakes, tariffs_mistakes
from parvis_sdk.tariffs import Dated, Tariff
from parvis_sdk.text import Text

FILE = "tariffs.toml"


class TownFee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The town's own tariffs for one fee of one type; without `dated` the author's rule stays."""

    tariffs: tuple[Tariff, ...]
    dated: Dated | None = None


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """How a town is paid: by which provider online, and what it says of its counter and of itself on receipts."""

    provider: str = ""
    gst_number: str = ""
    qst_number: str = ""
    counter: Text = Text(fr="")


Fees = Mapping[tuple[str, str], TownFee]
"""By the codes of the type and of the fee."""


def read_tariffs(table: Table, around: Surroundings) -> Fees:
    """`tariffs.toml`: `[<type>.<fee>]` with `[[<type>.<fee>.tariffs]]`."""
    found: dict[tuple[str, str], TownFee] = {}
    for kind, fees in table.named_tables():
        for code, entry in fees.named_tables():
            if (fee := _read_fee(entry)) is not None:
                found[kind, code] = fee
        fees.close()
    return found


def _read_fee(entry: Table) -> TownFee | None:
    entry.asked.update(entry.values)
    try:
        fee = msgspec.convert(_plain(entry.values), TownFee)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        entry.wrong(place.strip("`."), what[:1].lower() + what[1:], "correct it as docs/towns.md shows")
        return None
    for place in _unknown(entry.values, fee):
        entry.wrong(place, "is no setting of a tariff", "correct its name as docs/towns.md shows, or take it out")
    for mistake in tariffs_mistakes(fee.tariffs):
        entry.wrong(mistake.where, said(mistake.what), said(mistake.now_what))
    return fee


def _unknown(written: Any, read: Any, place: str = "") -> Iterator[str]:
    """Where something was written that nobody read: a misspelt setting would charge as if it were not there."""
    if isinstance(read, msgspec.Struct) and isinstance(written, Mapping):
        tag = read.__struct_config__.tag_field
        for name, value in written.items():
            within = f"{place}.{name}".strip(".")
            if name in read.__struct_fields__:
                yield from _unknown(value, getattr(read, name), within)
            elif name != tag:
                yield within
    elif isinstance(written, list) and isinstance(read, Sequence):
        for number, (value, item) in enumerate(zip(written, read, strict=True)):
            yield from _unknown(value, item, f"{place}[{number}]")


def _plain(value: Any) -> Any:
    """The same with amounts as words, so that 12.5 is twelve and a half exactly."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def read_payment(table: Table, around: Surroundings) -> Payment:
    """`[payment]` of `jurisdiction.toml`."""
    payment = Payment(
        provider=table.string("provider"),
        gst_number=table.string("gst_number"),
        qst_number=table.string("qst_number"),
        counter=table.text("counter"),
    )
    table.close()
    return payment


def tariff_mistakes(town: str, fees: Fees, types: Mapping[str, RequestType]) -> Iterator[JurisdictionMistake]:
    """Tariffs for fees that no installed type has, or that look at questions that their form does not ask."""
    for (code, fee), ours in fees.items():
        request_type, key = types.get(code), f"{code}.{fee}"
        if request_type is None or fee not in {each.code for each in request_type.of(Fee)}:
            what, todo = f"'{key}' is no fee of an installed type", "install its plugin or correct the name"
            yield JurisdictionMistake(file=f"{town}/{FILE}", key=key, what=what, todo=todo)
            continue
        for mistake in asked_mistakes(ours.tariffs, request_type.form.fields()):
            what = f"{mistake.where}: {said(mistake.what)}"
            yield JurisdictionMistake(file=f"{town}/{FILE}", key=key, what=what, todo=said(mistake.now_what))


def _loose_tariffs(town: Jurisdiction, fees: Fees, offer: Offer) -> Iterator[JurisdictionMistake]:
    return tariff_mistakes(town.code, fees, offer.types)


def _strange_provider(town: Jurisdiction, payment: Payment, offer: Offer) -> Iterator[JurisdictionMistake]:
    if payment.provider and payment.provider not in offer.payments:
        file = f"{town.code}/jurisdiction.toml"
        yield not_installed(file, "payment", payment.provider, "payment provider", offer.payments)


NO_FEES: Fees = {}
TARIFFS: TownFile[Fees] = TownFile(name=FILE, read=read_tariffs, usual=NO_FEES, loose_ends=_loose_tariffs)
PAYMENT: TownFile[Payment] = TownFile(
    name="[payment]", read=read_payment, usual=Payment(), loose_ends=_strange_provider
)
TOWN_FILES = (TARIFFS, PAYMENT)
