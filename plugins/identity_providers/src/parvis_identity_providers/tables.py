"""The tables of sign-in by identity providers."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class OutsideAccount(Table, tablename="outside_account"):
    """The account of an agent at a provider; its key is the digest of issuer and subject."""

    key = Varchar(length=64, primary_key=True)
    agent = UUID(index=True, default=None)
    provider = Varchar(length=63)
    issuer = Varchar(length=300)
    subject = Varchar(length=255)
    made_at = Timestamptz(default=None)
    used_at = Timestamptz(default=None)


class SignInBegun(Table, tablename="sign_in_begun"):
    """A sign-in that waits for its provider's answer, which is taken once; by the digest of its state."""

    key = Varchar(length=64, primary_key=True)
    browser = Varchar(length=64)  # the digest of the cookie that it belongs to
    provider = Varchar(length=63)
    jurisdiction = Varchar(length=60)
    nonce = Varchar(length=64)
    verifier = Varchar(length=64)
    redirect = Varchar(length=300)
    onward = Text(default="")
    ends_at = Timestamptz(default=None, index=True)


TABLES = (OutsideAccount, SignInBegun)

TOWN_ROWS = (TownRows(table="sign_in_begun", why="a sign-in under way lasts minutes"),)
