"""What kept libraries get wrong that we do ourselves: where one of these tests fails, the library may be taken.

`docs/adr/0077-what-of-kept-libraries-is-taken.md` says what was weighed; our own code is judged by its own tests.
"""

from struct import pack

import httpx
import pytest
from limits import RateLimitItemPerHour
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import SCHEMES
from litestar import Litestar, get, post
from litestar.config.csrf import CSRFConfig
from mailparser_reply import EmailReplyParser
from tnefparse import TNEF

from parvis_mail_intake.folding_quotes import fold_quotes
from parvis_mail_intake.tnef import opened

WORDS = "Bonjour, le trou est toujours là. Merci!"
QUOTED = "> Nous avons bien reçu votre requête."
pytestmark = pytest.mark.filterwarnings("ignore:'count' is passed as positional argument:DeprecationWarning")
READERS = EmailReplyParser(languages=["fr", "en"], default_language="fr")


@pytest.mark.parametrize(
    "mail",
    [
        f"{WORDS}\n\nLe mer. 25 nov. 2026 à 10:12, Ville <a@b.example> a écrit\u00a0:\n\n{QUOTED}",
        f"{WORDS}\n\nLe mer. 25 nov. 2026 à 10:12, Ville de Saint-Quelque-Chose\n<a@b.example> a écrit :\n{QUOTED}",
        f"{WORDS}\n\n-----Message d’origine-----\nDe : Ville\n\nNous avons bien reçu votre requête.",
        f"Le 25 nov. 2026 à 10:12, Ville <a@b.example> a écrit :\n{QUOTED}\n\n{WORDS}",
        f"{WORDS}\n\n{QUOTED}\n>> Bonjour\n>>> Salut",
    ],
    ids=["Gmail", "wrapped", "old Outlook", "answered below", "without a word before"],
)
def test_mail_parser_reply_takes_the_quotes_of_french_programs_for_words(mail):
    assert fold_quotes(mail).words == WORDS
    assert READERS.parse_reply(mail) != WORDS


def test_mail_parser_reply_loses_what_somebody_passes_on_without_a_word():
    mail = "---------- Forwarded message ---------\nDe : Luc <luc@x.example>\nDate: mardi\nTo: Zoé\n\nIl y a un trou."
    assert "Il y a un trou." in fold_quotes(mail).words
    assert "Il y a un trou." not in READERS.parse_reply(mail)


def envelope(*attributes: tuple[int, int, int, bytes]) -> bytes:
    """An envelope of Outlook with these attributes: level, tag, type and value of each."""
    held = b"".join(
        pack("<BHHI", level, tag, kind, len(value)) + value + pack("<H", sum(value) & 0xFFFF)
        for level, tag, kind, value in attributes
    )
    return pack("<IH", 0x223E9F78, 1) + held


def test_tnefparse_cannot_read_a_file_with_a_french_name():
    code_page = (1, 0x9007, 6, pack("<II", 1252, 0))
    file = ((2, 0x9002, 6, b"\0" * 14), (2, 0x8010, 1, "été.pdf".encode("cp1252") + b"\0"), (2, 0x800F, 6, b"%PDF-1.4"))
    sent = envelope(code_page, *file)
    packed = opened(sent)
    assert packed is not None
    assert packed.files == (("été.pdf", b"%PDF-1.4"),)
    with pytest.raises(UnicodeDecodeError):
        _ = TNEF(sent).attachments[0].name


@pytest.mark.parametrize(
    ("sent", "raised"),
    [
        (envelope((2, 0x800F, 6, b"a file before its own beginning")), UnboundLocalError),
        (envelope((1, 0x8004, 1, "Objet é".encode("cp1252") + b"\0")), TypeError),
        (envelope((1, 0x9007, 6, pack("<II", 64_000, 0)), (1, 0x8004, 1, b"Objet\0")), LookupError),
    ],
    ids=["order", "no code page", "code page that is none"],
)
def test_tnefparse_raises_what_no_caller_can_name(sent, raised):
    assert opened(sent) is not None
    with pytest.raises(raised):
        TNEF(sent)


async def test_limits_counts_in_the_database_of_no_town():
    assert not {scheme for scheme in SCHEMES if "sql" in scheme or "postgres" in scheme}
    one_try, admitted = RateLimitItemPerHour(1), 0
    for _process in range(2):  # without a server of its own it counts within each process
        limiter = FixedWindowRateLimiter(MemoryStorage())
        admitted += await limiter.hit(one_try, "somebody")
    assert admitted == 2


@get("/page")
async def page() -> str:
    return "page"


@post("/change")
async def change() -> str:
    return "changed"


async def test_the_forms_of_the_framework_are_bound_to_no_session_and_come_from_anywhere():
    app = Litestar([page, change], csrf_config=CSRFConfig(secret="a secret of more than thirty-two characters"))
    wire = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=wire, base_url="http://town.example") as stranger:
        await stranger.get("/page")
        planted = stranger.cookies["csrftoken"]
        await stranger.get("/page")
        assert stranger.cookies["csrftoken"] == planted  # what a page shows is the same each time, to be guessed from
    theirs = {"csrftoken": planted, "session": "of somebody else"}
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site", "x-csrftoken": planted}
    async with httpx.AsyncClient(transport=wire, base_url="http://town.example", cookies=theirs) as victim:
        assert (await victim.post("/change", headers=elsewhere)).status_code == 201
