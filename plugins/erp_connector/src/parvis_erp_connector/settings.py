"""The settings of `erp_connector`: the systems, which requests become work orders where, which fees invoices where."""

from datetime import time
from typing import Annotated, Literal

from msgspec import Meta, Struct

from parvis_erp_connector.port import Work
from parvis_sdk.calling import is_address
from parvis_sdk.settings import Exit, Secret

Kind = Literal["tryton", "business_central"]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Days = Annotated[int, Meta(ge=1, le=60)]
Seconds = Annotated[int, Meta(ge=1, le=86_400)]


class System(Struct, frozen=True, kw_only=True):
    """One ERP: its dialect, where it is, and as whom we sign in there.

    `login` is the user in Tryton, the client id in Business Central; the password or client secret stands in
    `secrets` of the plugin under the system's name, or in the file `secret_file`, which is read anew whenever we sign
    in. `company` is the number of the company in Tryton, its id in Business Central.
    """

    kind: Kind
    address: Exit
    login: str
    company: str
    secret_file: str = ""
    token_address: Exit = ""
    scope: str = "https://api.businesscentral.dynamics.com/.default"
    language: str = "fr"

    def __post_init__(self) -> None:
        for name in ("address", "token_address") if self.kind == "business_central" else ("address",):
            if not is_address(getattr(self, name), safe=True):
                raise ValueError(f"{name} is no address of https")


class WorkOrders(Struct, frozen=True, kw_only=True):
    """One connector that makes work orders. Its `name` stays: what it made is remembered under it.

    `compare_at` is the hour of the town at which what stands there is compared with what is known here, of the last
    `compare_days`; without it only people compare. `personal` says that answers that are personal may go there;
    `photos` that photos of the request go with it; `shown_to_requester` that the requester reads the number of the
    order on the page of their request.
    """

    name: Name
    system: str
    mappings: tuple[Work, ...]
    towns: tuple[str, ...] = ()
    every: Seconds = 60
    compare_at: time | None = None
    compare_days: Days = 3
    per_second: float = 0.0
    at_once: int = 4
    personal: bool = False
    photos: bool = False
    shown_to_requester: bool = True


class ItemBooking(Struct, frozen=True, kw_only=True):
    """Where one item of a fee is booked: on an account or as a product, with these taxes added there.

    `by_tax` marks an item that is itself such a tax: it is not sent, for it comes about there.
    """

    account: str = ""
    product: str = ""
    taxes: tuple[str, ...] = ()
    by_tax: bool = False

    def __post_init__(self) -> None:
        if self.by_tax == bool(self.account or self.product):
            raise ValueError("an item is booked on an account or as a product, or comes about by a tax")


class Invoices(Struct, frozen=True, kw_only=True):
    """One connector that makes customer invoices of fees. Its `name` stays.

    `lines` says where items are booked: by "<fee>.<item>", "<item>", or "*" for all others. `post` sends an invoice
    out at once; otherwise the accountant does. `paid_here` is what becomes of an invoice whose charge was paid here:
    "remark" leaves words beside it, "cancel" credits it. `party` is the code of the collective customer for those whom
    nobody could find again. `options` are the dialect's own: `journal`, `receivable` and `payment_term` in Tryton.
    """

    name: Name
    system: str
    lines: dict[str, ItemBooking]
    types: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    fees: tuple[str, ...] = ()
    post: bool = False
    paid_here: Literal["remark", "cancel"] = "remark"
    party: str = ""
    every: Seconds = 300
    compare_at: time | None = None
    compare_days: Days = 3
    per_second: float = 0.0
    at_once: int = 4
    options: dict[str, str] = {}


class Settings(Struct, frozen=True, kw_only=True):
    """`systems` by a name of the town's choice; `secrets` by the same names, from `PARVIS_ERP_CONNECTOR_SECRETS` or the
    file that `PARVIS_ERP_CONNECTOR_SECRETS_FILE` names, as JSON. `call_secrets` by the name of a connector
    and the code of a town, `orders@ville`, are those with which the ERP signs its calls there (`whsec_` and base64;
    two, with a space between, while one is changed). Without connectors nothing is done.
    """

    systems: dict[str, System] = {}
    secrets: dict[str, Secret] = {}
    call_secrets: dict[str, Secret] = {}
    work_orders: tuple[WorkOrders, ...] = ()
    invoices: tuple[Invoices, ...] = ()

    def __post_init__(self) -> None:
        connectors: tuple[WorkOrders | Invoices, ...] = (*self.work_orders, *self.invoices)
        names = [each.name for each in connectors]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two connectors are called {name!r}")
        for name in self.call_secrets:
            if "@" not in name or name.partition("@")[0] not in names:
                raise ValueError(f"call_secrets: {name!r} is no connector and town, such as 'orders@ville'")
        for each in connectors:
            system = self.systems.get(each.system)
            if system is None:
                raise ValueError(f"{each.name}: there is no system {each.system!r} in `systems`")
            if not system.secret_file and not self.secrets.get(each.system):
                raise ValueError(f"{each.name}: neither `secrets` nor `secret_file` has the secret of {each.system!r}")
