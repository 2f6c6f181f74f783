"""Tables of sign-in by a provider and of the book of the doors; private to their room."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table


class OutsideAccount(Table, tablename="outside_account"):
    """people: the account of an agent at a provider; its key is the digest of issuer and subject."""

    key = Varchar(length=64, primary_key=True)
    agent = UUID(index=True, default=None)
    provider = Varchar(length=63)
    issuer = Varchar(length=300)
    subject = Varchar(length=255)
    made_at = Timestamptz(default=None)
    used_at = Timestamptz(default=None)


class SignInBegun(Table, tablename="sign_in_begun"):
    """people: a sign-in that waits for its provider's answer, which is taken once; by the digest of its state."""

    key = Varchar(length=64, primary_key=True)
    browser = Varchar(length=64)  # the digest of the cookie that it belongs to
    provider = Varchar(length=63)
    jurisdiction = Varchar(length=60)
    nonce = Varchar(length=64)
    verifier = Varchar(length=64)
    redirect = Varchar(length=300)
    onward = Text(default="")
    ends_at = Timestamptz(default=None, index=True)


class SignInLogEntry(Table, tablename="door_entry"):
    """people: one line of the book of the doors: who came in, who was refused, what sign-in gave and took."""

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None, index=True)
    kind = Varchar(length=20)
    agent = UUID(null=True, default=None, index=True)
    door = Varchar(length=63, default="")  # a provider; empty is a password
    about = Text(default="")
    by = UUID(null=True, default=None)  # the operator who did it


class RecoveryCode(Table, tablename="recovery_code"):
    """people: what replaces a code of the telephone once; by its keyed digest, gone when used."""

    key = Varchar(length=64, primary_key=True)
    agent = UUID(index=True, default=None)
    made_at = Timestamptz(default=None)


DOOR_TABLES: tuple[type[Table], ...] = (OutsideAccount, SignInBegun, SignInLogEntry, RecoveryCode)
