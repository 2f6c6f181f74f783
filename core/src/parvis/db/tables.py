"""The tables of the host, private to the packages that own them; nothing else reads or writes rows.

Codes, never names, are keys. Times are aware and in UTC. JSON is text, read whole and never queried inside; whatever is
queried has a column of its own. Owners stand in the first line of each table. More tables stand in the modules beside
this one; `every_table` names them all.
"""

from typing import Any, TypeAlias

from piccolo.columns import UUID, BigInt, Boolean, DoublePrecision, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

Row: TypeAlias = dict[Any, Any]
"""Values by column name, as inserts and updates take them."""


class Declaration(Table):
    """requests: the declaration of a request type, whole, as requests were made with it; its digest is its key."""

    digest = Varchar(length=64, primary_key=True)
    code = Varchar(length=60, index=True)
    version = Integer()
    plugin = Varchar(length=100)
    distribution = Varchar(length=200, default="")  # that brought the plugin; empty where it was not noted yet
    body = Text()
    made_at = Timestamptz(default=None)


class ServiceRequest(Table, tablename="service_request"):
    """requests: one service request; its current state. How it came to be so is in `entry`."""

    id = UUID(primary_key=True, default=None)
    reference = Varchar(length=12, unique=True)
    jurisdiction = Varchar(length=60)
    type = Varchar(length=60)
    theme = Varchar(length=60)
    declaration = ForeignKey(references=Declaration)
    version = Integer(default=1)  # of this row: goes up by one with every change
    language = Varchar(length=5)
    channel = Varchar(length=20)
    identity = Varchar(length=20)
    state = Varchar(length=60)
    phase = Varchar(length=20)
    unit = Varchar(length=60)
    assignee = UUID(null=True, default=None)
    zone = Varchar(length=60, default="")
    public = Boolean(default=True)
    answers = Text()
    place = Text(null=True, default=None)
    address = Varchar(length=200, default="")
    lon = DoublePrecision(null=True, default=None)
    lat = DoublePrecision(null=True, default=None)
    search_text = Text(default="")  # for the town's people; without anything personal
    personal_text = Text(default="")  # the personal answers, for those who may read them
    public_text = Text(default="")  # for everybody; empty where there is no public page
    public_lon = DoublePrecision(null=True, default=None)  # where it is for everybody, rounded where its type says so
    public_lat = DoublePrecision(null=True, default=None)
    public_zone = Varchar(length=60, default="")
    public_address = Varchar(length=200, null=True, default=None)  # from the address base; null was never looked up
    words_published = Varchar(length=64, default="")  # digest of the free words that somebody of the town made public
    words_wait = Boolean(default=False)  # free words wait for somebody of the town to read them
    hidden_at = Timestamptz(null=True, default=None)  # since when its public page is hidden by somebody of the town
    submitted_at = Timestamptz(default=None)
    updated_at = Timestamptz(default=None)
    state_since = Timestamptz(default=None)
    closed_at = Timestamptz(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)  # when it last came to a decision or to its end
    category = Varchar(length=60, default="")  # the answer by which its type is listed and counted
    settled = Varchar(length=3, null=True, default=None)  # yes or no, as the requester last said
    settled_at = Timestamptz(null=True, default=None)  # when they did
    promised_at = Timestamptz(null=True, default=None)
    promise = Varchar(length=20, default="none")  # none, running, paused, met, missed
    timer_due_at = Timestamptz(null=True, default=None, index=True)
    retention_due_at = Timestamptz(null=True, default=None, index=True)
    erased_at = Timestamptz(null=True, default=None)
    entries = Integer(default=0)
    last_hash = Varchar(length=64, default="")
    holder_since = Timestamptz(null=True, default=None)  # when its present holder received it
    holders = Integer(default=0)  # how often it was: each holder has a key of their own
    external_references = Text(default="{}")
    priority = Integer(default=0)  # the higher, the more pressing
    kept_from = Text(default="[]")  # the ids of people of the town from whom it is kept
    follow_up_at = Timestamptz(null=True, default=None)  # when somebody of the town wants to look at it again
    took = Integer(null=True, default=None)  # once closed, until the promise was kept; thousandths of business days
    allowed = Integer(null=True, default=None)  # what was promised, in the same
    first_answer_at = Timestamptz(null=True, default=None)
    answered_in = Integer(null=True, default=None)  # from reception until then, in the same
    reopened = Integer(null=True, default=None)  # how often it came back; null until its history was looked through
    reopened_at = Timestamptz(null=True, default=None)  # when it last did
    undone = Integer(null=True, default=None)  # how often that broke a promise that was kept; null like reopened
    days_promised = Integer(null=True, default=None)  # once closed: business days of the promise, 0 where it had hours
    days_needed = Integer(null=True, default=None)  # how many it would have needed to be kept
    merged_into = UUID(null=True, default=None)  # the request with which it goes on
    duplicates = Integer(default=0)  # how many go on with this one


class Contact(Table):
    """requests: who asked and how to reach them; apart, so that it can go while the request stays."""

    request = UUID(primary_key=True, default=None)
    name = Varchar(length=120, default="")
    email = Varchar(length=254, default="")  # found by its small letters: `contact_email_lower`
    phone = Varchar(length=20, default="", index=True)
    postal_address = Varchar(length=400, default="")  # the lines below the name on an envelope
    preferred_channel = Varchar(length=10, default="")
    stopped = Boolean(default=False)
    search_text = Text(default="")
    sounded = Boolean(null=True, default=None)  # None: written before names were found by their sound
    returned_at = Timestamptz(null=True, default=None)  # since when mail comes back from this address
    returned_why = Varchar(length=300, default="")  # as its mail server put it


class Entry(Table):
    """requests: one line of the append-only, hash-chained history of a request."""

    id = UUID(primary_key=True, default=None)
    request = UUID(default=None)
    number = Integer()
    at = Timestamptz(default=None)
    kind = Varchar(length=20)
    actor_kind = Varchar(length=20)
    actor_id = Varchar(length=60, default="")
    actor_name = Varchar(length=120, default="")
    audience = Varchar(length=20)  # public, requester, internal, restricted
    body = Text()
    personal = Text(null=True, default=None)  # what erasure removes; the hash covers only its digest
    personal_digest = Varchar(length=64, default="")
    previous_hash = Varchar(length=64, default="")  # of older entries; now only the preceding one has it
    hash = Varchar(length=64)


class Clock(Table):
    """requests: one promise in time of one request; `allowance` is the declared service level as JSON."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    code = Varchar(length=60)
    state = Varchar(length=20)  # running, paused, met, missed
    shown = Boolean(default=False)  # the promise told to the resident
    until = Varchar(length=20)
    allowance = Text()
    started_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    paused_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    because = Text(default="{}")  # which line of the town's levels gave it its allowance
    rests = Text(default="[]")  # the times in which its present run rested
    step = Integer(default=0)  # how far it was raised: 1 warned, 2 and more escalated
    next_at = Timestamptz(null=True, default=None)  # when it is raised further


class Attachment(Table):
    """requests: a file received, kept under the digest of its content; without a request it waits in a draft."""

    id = UUID(primary_key=True, default=None)
    request = UUID(null=True, default=None, index=True)
    holder = Varchar(length=64, default="", index=True)  # digest of the draft's token while it waits
    field = Varchar(length=130, default="")
    name = Varchar(length=200)
    kind = Varchar(length=100)
    size = BigInt()
    digest = Varchar(length=64, index=True)
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    audience = Varchar(length=20, default="requester")
    received_at = Timestamptz(default=None)
    small = Varchar(length=64, default="", index=True)  # the digest of a picture's small copy
    scan = Varchar(length=10, default="")  # "" was never asked, held, clean, infected
    scan_due_at = Timestamptz(null=True, default=None, index=True)
    scan_tries = Integer(default=0)
    scan_said = Text(default="")  # what keeps it held, or the virus


class Follower(Table):
    """requests: somebody told of the steps of a request that another person made."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    email = Varchar(length=254)
    language = Varchar(length=5)
    state = Varchar(length=10)  # asked, active, stopped
    since = Timestamptz(default=None)


class Wish(Table):
    """requests: how the person of an address wants to be written to, whatever the request."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    email = Varchar(length=254)
    language = Varchar(length=5)
    questions = Boolean(default=True)  # whether they may be asked how it went
    changed_at = Timestamptz(default=None)


class Draft(Table):
    """requests: answers on their way, found again by a token whose digest is the key."""

    token_digest = Varchar(length=64, primary_key=True)
    jurisdiction = Varchar(length=60)
    type = Varchar(length=60)
    language = Varchar(length=5)
    raw = Text()  # type: ignore[assignment]  # hides Table.raw, which nobody asks of drafts
    updated_at = Timestamptz(default=None, index=True)
    sent_as = Varchar(length=12, default="")
    begun_at = Timestamptz(null=True, default=None)
    form = Varchar(length=64, default="")  # digest of the declaration that the answers were last typed for
    version = Integer(default=1)  # counts the writings, so that two at once are noticed


class DraftKey(Table, tablename="draft_key"):
    """requests: a further key of a draft, for an address that its link was mailed to; goes with the draft."""

    token_digest = Varchar(length=64, primary_key=True)
    draft = Varchar(length=64, index=True)
    email = Varchar(length=254, index=True)  # empty once the draft was sent


class IdempotencyKey(Table, tablename="once"):
    """requests: what was answered to a submission with an idempotency key, so that a repeat gets the same answer.

    Those of an import are `lasting`: its file may be brought in again after years.
    """

    key = Varchar(length=64, primary_key=True)
    digest = Varchar(length=64)
    reference = Varchar(length=12)
    at = Timestamptz(default=None, index=True)
    lasting = Boolean(default=False)


class Deflection(Table, tablename="told"):
    """requests: how often an answer was given in place of a request, by town, type, answer and day; of nobody."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    type = Varchar(length=60)
    answer = Varchar(length=130)
    day = Varchar(length=10)  # of the town
    told = Integer(default=0)
    settled = Integer(default=0)  # the person said that it answered their question
    insisted = Integer(default=0)  # the person filed all the same


class Delivery(Table):
    """outbox: one event for one subscriber, from the commit that caused it until it is done or given up."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    reference = Varchar(length=12)
    subscriber = Varchar(length=120)  # plugin.subscription, or channel:name for a message
    lane = Varchar(length=200)  # keeps its order within the request: the subscriber; of a message, with its receiver
    event_id = Varchar(length=40)
    event = Text()
    state = Varchar(length=12)  # waiting, claimed, postponed, done, dead, skipped
    attempts = Integer(default=0)
    blocked = Integer(null=True, default=None)  # tries in which the plugin blocked the worker, or ended it
    made_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    claimed_by = Varchar(length=60, default="")
    done_at = Timestamptz(null=True, default=None)
    trouble = Text(default="")
    external_reference = Varchar(length=200, default="")


class Circuit(Table):
    """outbox: how one subscriber has been doing, shared by all workers."""

    subscriber = Varchar(length=120, primary_key=True)
    failures = Integer(default=0)
    open_until = Timestamptz(null=True, default=None)
    last_trouble = Text(default="")
    changed_at = Timestamptz(default=None)
    failing_since = Timestamptz(null=True, default=None)
    paused_since = Timestamptz(null=True, default=None)
    paused_why = Text(default="")


class Memory(Table):
    """outbox: what the host remembers for plugins, which have no tables of their own."""

    id = UUID(primary_key=True, default=None)
    plugin = Varchar(length=100)
    request = Varchar(length=40, default="")
    key = Varchar(length=200)
    value = Text()
    changed_at = Timestamptz(default=None)


class Letter(Table):
    """outbox: a message in the mailbox of a demonstration, in place of a mail server."""

    id = Varchar(length=80, primary_key=True)
    channel = Varchar(length=20)
    to = Varchar(length=254)
    subject = Text()
    text = Text()
    html = Text(default="")
    headers = Text(default="{}")
    language = Varchar(length=5)
    reference = Varchar(length=12, default="", index=True)
    at = Timestamptz(default=None, index=True)


class Chore(Table):
    """worker: when a recurring task last ran and who holds it now."""

    name = Varchar(length=60, primary_key=True)
    held_by = Varchar(length=60, default="")
    held_until = Timestamptz(null=True, default=None)
    ran_at = Timestamptz(null=True, default=None)
    said = Text(default="")


class SearchableWords(Table, tablename="said"):
    """requests: the text of one note or message, folded, for the town's staff; erased with them."""

    id = UUID(primary_key=True, default=None)  # of the entry
    request = UUID(index=True, default=None)
    text = Text()


FINDING_TABLES: tuple[type[Table], ...] = (SearchableWords,)


class Tie(Table):
    """requests: what one request is to another; nobody is in it."""

    id = UUID(primary_key=True, default=None)
    one = UUID(default=None)
    kind = Varchar(length=20)  # what `one` is: duplicate_of, child_of, about
    other = UUID(default=None, index=True)
    moved = Text(default="[]")  # of a duplicate: the followers who went over to the other
    since = Timestamptz(default=None)


TIE_TABLES: tuple[type[Table], ...] = (Tie,)


class ModuleSwitch(Table, tablename="module_switch"):
    """switches: one decision about one module; the last one counts, none is ever changed."""

    id = UUID(primary_key=True, default=None)
    number = Integer(unique=True)  # one after the other: times go by clocks, and a clock may have been wrong
    jurisdiction = Varchar(length=60)  # * is every town that nothing is said of
    module = Varchar(length=40)
    state = Varchar(length=10)  # on, closing, off
    by = Varchar(length=254)
    why = Text(default="")
    at = Timestamptz(default=None)


class ModulePlan(Table, tablename="module_plan"):
    """requests: how to erase, archive and call what a module wrote, as it said when it was last here."""

    module = Varchar(length=40, primary_key=True)
    plan = Text(default="")
    at = Timestamptz(default=None)


MODULE_TABLES: tuple[type[Table], ...] = (ModuleSwitch, ModulePlan)


class Party(Table):
    """requests: somebody beside the requester on a file, with a key of their own."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    role = Varchar(length=60)
    name = Varchar(length=120, default="")
    email = Varchar(length=254, default="", index=True)
    language = Varchar(length=5)
    mandate = Varchar(length=40, default="")  # the file that says so, where their role demands one
    let_in_at = Timestamptz(default=None)
    until = Timestamptz(default=None)  # when their link ends by itself
    ended_at = Timestamptz(null=True, default=None)


PART_TABLES: tuple[type[Table], ...] = (Party,)


class AccessLogEntry(Table, tablename="looked"):
    """requests: who of the town, which machine or who speaks for a resident learned of one thing within one hour."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60, default="")
    hour = Timestamptz(default=None, index=True)  # in which it was looked at
    kind = Varchar(length=20, default="")  # agent, token, mandatary
    who = Varchar(length=60, default="")
    name = Varchar(length=120, default="")  # as it was then
    what = Varchar(length=20, default="")
    subject = UUID(default=None)  # the request; of what was taken away, an id of its own
    about = Varchar(length=160, default="")  # its reference, or the name of the file that was taken away
    units = Varchar(length=200, default="")  # of the person in that town then, codes with commas; "*" the whole town
    times = Integer(default=0)  # how often; of lists, how many rows


LOOKING_TABLES: tuple[type[Table], ...] = (AccessLogEntry,)


class PluginClaim(Table, tablename="plugin_claim"):
    """requests: to which distribution a name belongs (plugin, request type, connector ...) since it was first seen.

    `decisions` is every takeover as JSON, oldest first; `away_since` when its type was last found without its plugin;
    `declared` the texts of a theme, which outlive the plugin that has it.
    """

    key = Varchar(length=200, primary_key=True)  # kind and name
    kind = Varchar(length=20)
    name = Varchar(length=100)
    plugin = Varchar(length=100)
    distribution = Varchar(length=200, default="")  # empty where it was never known
    version = Varchar(length=60, default="")
    addresses = Text(default="[]")
    since = Timestamptz(default=None)
    decisions = Text(default="[]")
    away_since = Timestamptz(null=True, default=None)
    declared = Text(null=True, default=None)


CLAIM_TABLES: tuple[type[Table], ...] = (PluginClaim,)


class SavedView(Table, tablename="saved_view"):
    """requests: a list of the queue that an agent keeps under a name, for themselves or for a unit."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    agent = Varchar(length=60, index=True)
    name = Varchar(length=60)
    query = Text()  # of the address; without words that were looked for
    unit = Varchar(length=60, default="", index=True)  # with whom it is shared
    made_at = Timestamptz(default=None)


class WriterPresence(Table, tablename="writing"):
    """requests: somebody of the town who is writing on a request; over within minutes, whatever becomes of it."""

    id = UUID(primary_key=True, default=None)
    reference = Varchar(length=12)
    agent = Varchar(length=60)
    name = Varchar(length=120, default="")
    said_at = Timestamptz(default=None)  # of two processes that say something of one person, the later holds
    until = Timestamptz(default=None, index=True)


DESK_TABLES: tuple[type[Table], ...] = (SavedView, WriterPresence)


class Mention(Table):
    """requests: that a note names a colleague, until they have seen it; without a word of the note."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    reference = Varchar(length=12)
    agent = UUID(index=True, default=None)
    by = Varchar(length=120)  # who wrote the note
    entry = Integer()
    at = Timestamptz(default=None)


WRITING_TABLES: tuple[type[Table], ...] = (Mention,)


class OwedContact(Table, tablename="owed_contact"):
    """requests: what a requester is to be told by telephone or by letter, until somebody has told them or gives up."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    delivery = UUID(unique=True, default=None)  # the step that is to be told, once for each
    way = Varchar(length=10)  # phone, letter
    about = Text()  # in a few words, in every language of the interface; gone once it is told
    say = Text()
    state = Varchar(length=10)  # owed, told, unreached
    made_at = Timestamptz(default=None)
    from_at = Timestamptz(default=None)  # when it is tried next
    due_at = Timestamptz(default=None)
    tries = Integer(default=0)
    ended_at = Timestamptz(null=True, default=None)
    urgency = Varchar(length=10, null=True, default=None)  # emergency; nothing: as usual
    anyway = Boolean(null=True, default=None)  # also to people who unsubscribed since: it corrects what they were told


CALLING_TABLES: tuple[type[Table], ...] = (OwedContact,)
