"""The two shapes that are served over OData: the sets, properties and manners of Business Central and of Dataverse."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

KINDS = {
    "guid": "Edm.Guid",
    "text": "Edm.String",
    "whole": "Edm.Int32",
    "money": "Edm.Decimal",
    "number": "Edm.Double",
    "date": "Edm.Date",
    "time": "Edm.DateTimeOffset",
    "yes": "Edm.Boolean",
}


class Lookup(NamedTuple):
    """A record that is named by `nav@odata.bind` and read as a plain column."""

    column: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Records:
    """A set of records; `fixed` are the properties that only the system writes."""

    type: str
    key: str
    properties: dict[str, str]
    fixed: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    first: dict[str, object] = field(default_factory=dict)
    alternate: tuple[str, ...] = ()
    lookups: dict[str, Lookup] = field(default_factory=dict)
    children: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Navigation to a set of parts, and the property of a part that names the whole."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    namespace: str
    mount: str
    sets: dict[str, Records]
    codes: dict[int, str]
    changed: int
    """Status for whoever wrote after somebody else."""
    without_etag: int | None
    """Status for a change that says no ETag; None where such a change is taken."""
    upserts: bool = False
    says_nothing: bool = False
    """Whether a creation is answered with 204 unless the caller prefers the representation."""
    changed_on: str = "lastModifiedDateTime"
    company: str = ""


def _of(**kinds: str) -> dict[str, str]:
    """`_of(text="title description", whole="statecode")`."""
    return {name: KINDS[kind] for kind, names in kinds.items() for name in re.split(r"\s+", names.strip())}


BUSINESS_CENTRAL = Shape(
    namespace="Microsoft.NAV",
    mount="/v2.0/production/api/v2.0",
    company="5f7b3c1e-0c6e-4f5a-9d5e-7a1d0b6c2e11",
    changed=409,
    without_etag=400,
    codes={
        400: "BadRequest",
        404: "BadRequest_ResourceNotFound",
        405: "BadRequest_MethodNotAllowed",
        409: "Internal_EntityWithSameKeyExists",
        501: "BadRequest_MethodNotImplemented",
    },
    sets={
        "companies": Records(
            type="company", key="id", properties=_of(guid="id", text="name displayName"), fixed=("id", "name")
        ),
        "customers": Records(
            type="customer",
            key="id",
            properties=_of(
                guid="id",
                text="number displayName type addressLine1 city state postalCode country email phoneNumber",
                money="balanceDue",
                time="lastModifiedDateTime",
            ),
            fixed=("balanceDue", "lastModifiedDateTime"),
            required=("displayName",),
            first={"type": "Company", "balanceDue": 0},
        ),
        "accounts": Records(
            type="account",
            key="id",
            properties=_of(guid="id", text="number displayName category", time="lastModifiedDateTime"),
            fixed=("number", "displayName", "category", "lastModifiedDateTime"),
        ),
        "salesInvoices": Records(
            type="salesInvoice",
            key="id",
            properties=_of(
                guid="id customerId",
                text="number externalDocumentNumber customerPurchaseOrderReference customerNumber customerName"
                " currencyCode status",
                date="invoiceDate postingDate dueDate",
                money="totalAmountExcludingTax totalTaxAmount totalAmountIncludingTax remainingAmount",
                time="lastModifiedDateTime",
            ),
            fixed=(
                *("status", "customerName", "totalAmountExcludingTax", "totalTaxAmount", "totalAmountIncludingTax"),
                *("remainingAmount", "lastModifiedDateTime"),
            ),
            first={"status": "Draft", "currencyCode": "CAD"},
            children={"salesInvoiceLines": ("salesInvoiceLines", "documentId")},
        ),
        "salesInvoiceLines": Records(
            type="salesInvoiceLine",
            key="id",
            properties=_of(
                guid="id documentId",
                whole="sequence",
                text="lineType lineObjectNumber description",
                money="quantity unitPrice amountExcludingTax totalTaxAmount amountIncludingTax",
            ),
            fixed=("amountExcludingTax", "totalTaxAmount", "amountIncludingTax"),
            first={"lineType": "Account", "quantity": 1},
        ),
        "serviceOrders": Records(
            type="serviceOrder",
            key="id",
            properties=_of(
                guid="id customerId",
                text="number externalDocumentNumber description workDescription status priority address city note",
                number="latitude longitude",
                money="actualCost",
                date="orderDate finishingDate",
                time="lastModifiedDateTime",
            ),
            fixed=("actualCost", "finishingDate", "lastModifiedDateTime"),
            required=("description",),
            first={"status": "Pending", "priority": "Medium", "actualCost": 0},
        ),
        "documentAttachments": Records(
            type="documentAttachment",
            key="id",
            properties=_of(
                guid="id parentId", text="parentType fileName", whole="byteSize", time="lastModifiedDateTime"
            ),
            fixed=("byteSize", "lastModifiedDateTime"),
            required=("fileName", "parentId"),
            first={"byteSize": 0},
        ),
    },
)

BY_THE_SYSTEM = ("createdon", "modifiedon", "_createdby_value", "_modifiedby_value")
CONTACT_OR_ACCOUNT = {
    "customerid_contact": Lookup("_customerid_value", "contacts"),
    "customerid_account": Lookup("_customerid_value", "accounts"),
}
DATAVERSE = Shape(
    namespace="Microsoft.Dynamics.CRM",
    mount="/api/data/v9.2",
    changed=412,
    without_etag=None,
    upserts=True,
    says_nothing=True,
    changed_on="modifiedon",
    codes={400: "0x80048d19", 404: "0x80040217", 409: "0x80040237", 412: "0x80060882"},
    sets={
        "contacts": Records(
            type="contact",
            key="contactid",
            properties=_of(
                guid="contactid _parentcustomerid_value _createdby_value _modifiedby_value",
                text="firstname lastname fullname emailaddress1 telephone1 mobilephone"
                " address1_line1 address1_city address1_postalcode new_parvisid",
                whole="statecode statuscode preferredcontactmethodcode",
                yes="donotemail donotphone donotbulkemail",
                time="createdon modifiedon",
            ),
            fixed=("fullname", "_parentcustomerid_value", *BY_THE_SYSTEM),
            first={"statecode": 0, "statuscode": 1, "donotemail": False, "donotphone": False, "donotbulkemail": False},
            alternate=("new_parvisid", "emailaddress1"),
            lookups={"parentcustomerid_account": Lookup("_parentcustomerid_value", "accounts")},
        ),
        "accounts": Records(
            type="account",
            key="accountid",
            properties=_of(
                guid="accountid _primarycontactid_value",
                text="name accountnumber emailaddress1 telephone1 address1_line1 address1_city address1_postalcode",
                whole="statecode statuscode",
                time="createdon modifiedon",
            ),
            fixed=("createdon", "modifiedon", "_primarycontactid_value"),
            first={"statecode": 0, "statuscode": 1},
            alternate=("accountnumber",),
            lookups={"primarycontactid": Lookup("_primarycontactid_value", "contacts")},
        ),
        "incidents": Records(
            type="incident",
            key="incidentid",
            properties=_of(
                guid="incidentid _customerid_value _createdby_value _modifiedby_value",
                text="ticketnumber title description new_parvisreference new_address",
                whole="caseorigincode casetypecode prioritycode statecode statuscode",
                number="new_latitude new_longitude",
                time="createdon modifiedon",
            ),
            fixed=("_customerid_value", *BY_THE_SYSTEM),
            required=("_customerid_value",),
            first={"statecode": 0, "statuscode": 1, "prioritycode": 2},
            alternate=("new_parvisreference", "ticketnumber"),
            lookups=CONTACT_OR_ACCOUNT,
        ),
        "annotations": Records(
            type="annotation",
            key="annotationid",
            properties=_of(
                guid="annotationid _objectid_value _createdby_value _modifiedby_value",
                text="subject notetext filename mimetype documentbody",
                whole="filesize",
                yes="isdocument",
                time="createdon modifiedon",
            ),
            fixed=("filesize", "_objectid_value", *BY_THE_SYSTEM),
            first={"isdocument": False},
            lookups={
                "objectid_incident": Lookup("_objectid_value", "incidents"),
                "objectid_contact": Lookup("_objectid_value", "contacts"),
                "objectid_account": Lookup("_objectid_value", "accounts"),
            },
        ),
        "phonecalls": Records(
            type="phonecall",
            key="activityid",
            properties=_of(
                guid="activityid _regardingobjectid_value",
                text="subject description phonenumber",
                yes="directioncode",
                whole="statecode statuscode",
                time="createdon modifiedon",
            ),
            fixed=("createdon", "modifiedon", "_regardingobjectid_value"),
            first={"statecode": 0, "statuscode": 1},
            lookups={"regardingobjectid_incident": Lookup("_regardingobjectid_value", "incidents")},
        ),
        "incidentresolutions": Records(
            type="incidentresolution",
            key="activityid",
            properties=_of(
                guid="activityid _incidentid_value", text="subject description", time="createdon modifiedon"
            ),
            fixed=("createdon", "modifiedon", "_incidentid_value"),
            lookups={"incidentid": Lookup("_incidentid_value", "incidents")},
        ),
    },
)
SHAPES = {"business_central": BUSINESS_CENTRAL, "dataverse": DATAVERSE}
