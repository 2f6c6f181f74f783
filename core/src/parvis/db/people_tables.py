"""Tables of sign-in, of changes of rights, of who takes over from whom; private to the packages that own them."""

from piccolo.columns import UUID, BigInt, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Agent(Table):
    """people: somebody who works for a town, at the desk or with the installation."""

    id = UUID(primary_key=True, default=None)
    email = Varchar(length=254, unique=True)
    name = Varchar(length=120)
    password = Text()
    one_time_secret = Text(default="")
    one_time_last = BigInt(default=0)
    language = Varchar(length=5, default="fr")
    shortcuts = Boolean(default=True)
    queue_roomy = Boolean(default=None, null=True)  # rows of lists as high as their words need
    queue_columns = Text(default=None, null=True)  # the columns of the queue, from left to right
    active = Boolean(default=True)
    made_at = Timestamptz(default=None)


class Grant(Table):
    """people: one role of one agent in one jurisdiction, over one unit and those below it ("" is the whole town)."""

    id = UUID(primary_key=True, default=None)
    agent = ForeignKey(references=Agent)
    role = Varchar(length=40)
    jurisdiction = Varchar(length=60)
    unit = Varchar(length=60, default="")
    zones = Text(default="[]")  # only over what lies in one of these; none is everywhere
    source = Varchar(length=63, default="")  # the provider whose groups gave it; empty where a person did


class Session(Table):
    """people: a sign-in; the cookie holds a token whose digest is the key."""

    token_digest = Varchar(length=64, primary_key=True)
    agent = ForeignKey(references=Agent)
    made_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None, index=True)
    device = Varchar(length=200, default="")
    door = Varchar(length=63, default="")  # the provider by which it was begun; empty is a password
    outside = Varchar(length=64, default="")  # the digest of what the provider calls this session
    proved = Boolean(default=False)  # whether a second factor was shown
    finishing_at = Timestamptz(null=True, default=None)  # when it began to finish its forms, a second factor being due


class OneTimeLink(Table, tablename="one_time_link"):
    """people: a link that was sent on demand and opens something once; by the digest of its token."""

    token_digest = Varchar(length=64, primary_key=True)
    kind = Varchar(length=10)  # request: one request; others are of modules
    jurisdiction = Varchar(length=60)
    sent_to = Varchar(length=254)
    language = Varchar(length=5)
    request = UUID(null=True, default=None)
    ends_at = Timestamptz(default=None, index=True)


class Attempt(Table):
    """people: counted tries of one kind by one caller within a window: sign-ins, tracking codes, submissions."""

    key = Varchar(length=200, primary_key=True)
    count = Integer(default=0)  # type: ignore[assignment]  # hides Table.count, which nobody asks of attempts
    window_ends_at = Timestamptz(default=None, index=True)


class Token(Table):
    """people: a key for a machine, with scopes, of its own token or of the one that it is `key_of`; only its digest is
    kept. `limits` are units and types as JSON."""

    digest = Varchar(length=64, primary_key=True)
    name = Varchar(length=120)
    jurisdiction = Varchar(length=60)
    unit = Varchar(length=60, default="")
    scopes = Text()
    made_at = Timestamptz(default=None)
    ends_at = Timestamptz(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)
    revoked = Boolean(default=False)
    limits = Text(null=True, default=None)
    key_of = Varchar(length=64, null=True, default=None)


class Delegation(Table, tablename="delegation"):
    """delegations: for some time, what would be an agent’s goes to `deputy`, or to nobody; it is told by its writer."""

    id = UUID(primary_key=True, default=None)  # of what it comes from, where that is a row too
    agent = UUID(index=True, default=None)
    deputy = UUID(null=True, default=None)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None, index=True)
    lends = Boolean(default=False)  # whether the deputy has their roles as well


DELEGATION_TABLES: tuple[type[Table], ...] = (Delegation,)


class SignInLogEntry(Table, tablename="door_entry"):
    """people: one line of the sign-in log: who came in, who was refused, what sign-in gave and took."""

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


DOOR_TABLES: tuple[type[Table], ...] = (SignInLogEntry, RecoveryCode)


class GrantChange(Table):
    """people: a role that was given to an account, taken from it or lent by it; kept as long as the account."""

    id = UUID(primary_key=True, default=None)
    agent = UUID(index=True, default=None)
    did = Varchar(length=8)  # given, taken; of all roles at once: lent, ended
    role = Varchar(length=40)
    jurisdiction = Varchar(length=60)
    unit = Varchar(length=60, default="")
    zones = Text(default="[]")
    deputy = UUID(null=True, default=None)  # to whom they are lent, and until when
    until = Timestamptz(null=True, default=None)
    by = Varchar(length=120)  # the name of who did it
    at = Timestamptz(default=None)


class EndedDevice(Table, tablename="ended_device"):
    """requests: the mark of a browser's key that was ended before its time; nothing about a request or a person."""

    mark = Varchar(length=64, primary_key=True)
    ends_at = Timestamptz(default=None, index=True)  # of the key itself, at the latest


ACCESS_TABLES: tuple[type[Table], ...] = (GrantChange, EndedDevice)
