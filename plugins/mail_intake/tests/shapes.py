"""Mails as they come from the programs and servers of the world: each made here, with what must become of it."""
# ruff: noqa: E501  # a list: one mail a line reads better

import base64
import quopri
from collections.abc import Callable, Iterator
from struct import pack

from msgspec import Struct

TOWN = "requetes@ville.example"
MARK = "0123456789abcdef01234567"
ANSWER = f"requetes+7k3m9qxt4.{MARK}@ville.example"
PERSON = "Zoé Tremblay <zoe@exemple.example>"
WORDS = "Bonjour, le trou est toujours là. Merci!"
OURS = "Nous avons bien reçu votre requête."
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FRENCH = "Été à Québec: œuvre, « ça », 12 €"


class Shape(Struct, frozen=True, kw_only=True):
    """One mail: what it shows, its bytes, its fate, and what must be read of it."""

    group: str
    name: str
    raw: bytes
    fate: str
    words: str | None = None
    files: tuple[str, ...] | None = None
    subject: str | None = None
    sender: str | None = None
    quoted: str = ""
    from_junk: bool = False
    trouble: str = ""


def shapes() -> Iterator[Shape]:
    """All of them."""
    for group, makes in GROUPS:
        for made in makes():
            yield Shape(group=group, **made)


def mail(body: bytes = b"", to: str = ANSWER, **given: str | None) -> bytes:
    """A mail with the headers that every one has, unless `given` says otherwise; None leaves one out."""
    said: dict[str, str | None] = {
        "Return_Path": "<zoe@exemple.example>",
        "Received": "from mx.exemple.example by mx.ville.example; Wed, 25 Nov 2026 10:00:00 -0500",
        "From": PERSON,
        "To": to,
        "Subject": "Re: Nid-de-poule",
        "Date": "Wed, 25 Nov 2026 10:00:00 -0500",
        "Message_ID": "<one@exemple.example>",
        "MIME_Version": "1.0",
        **given,
    }
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in said.items() if value is not None)
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + body


def plain(words: str = WORDS, to: str = ANSWER, **given: str | None) -> bytes:
    return mail(words.replace("\n", "\r\n").encode(), to, Content_Type="text/plain; charset=utf-8", **given)


def html(source: str, to: str = ANSWER) -> bytes:
    return mail(source.encode(), to, Content_Type="text/html; charset=utf-8")


def part(kind: str, body: bytes, *, name: str = "", more: str = "") -> bytes:
    held = f'Content-Disposition: attachment; filename="{name}"\r\n' if name else ""
    coded = base64.encodebytes(body).replace(b"\n", b"\r\n")
    return f"Content-Type: {kind}\r\n{held}{more}Content-Transfer-Encoding: base64\r\n\r\n".encode() + coded


def several(kind: str, *parts: bytes, edge: str = "edge", to: str = ANSWER, **given: str | None) -> bytes:
    return mail(joined(edge, *parts), to, Content_Type=f'multipart/{kind}; boundary="{edge}"', **given)


def inner(kind: str, *parts: bytes, edge: str = "inner") -> bytes:
    return f'Content-Type: multipart/{kind}; boundary="{edge}"\r\n\r\n'.encode() + joined(edge, *parts)


def joined(edge: str, *parts: bytes) -> bytes:
    return b"".join(f"--{edge}\r\n".encode() + each + b"\r\n" for each in parts) + f"--{edge}--\r\n".encode()


def text_part(words: str = WORDS) -> bytes:
    return part("text/plain; charset=utf-8", words.encode())


def html_part(words: str = f"<p>{WORDS}</p>") -> bytes:
    return part("text/html; charset=utf-8", words.encode())


Made = dict[str, object]


def encodings() -> Iterator[Made]:
    """Charsets right, wrong and missing; the three ways of writing bytes."""
    for charset in ("utf-8", "iso-8859-15", "windows-1252", "utf-16", "utf-16le", "utf-7", "cp850", "mac-roman"):
        words = FRENCH if charset not in ("cp850",) else "Été à Québec: ça"
        body = base64.encodebytes(words.encode(charset))
        raw = mail(body, Content_Type=f"text/plain; charset={charset}", Content_Transfer_Encoding="base64")
        yield {"name": f"charset {charset}", "raw": raw, "fate": "reply", "words": words}
    for charset, words in (
        ("koi8-r", "Здравствуйте"),
        ("gb2312", "您好"),
        ("iso-2022-jp", "こんにちは"),
        ("windows-1256", "مرحبا"),
    ):
        body = base64.encodebytes(words.encode(charset))
        raw = mail(body, Content_Type=f"text/plain; charset={charset}", Content_Transfer_Encoding="base64")
        yield {"name": f"charset {charset}", "raw": raw, "fate": "reply", "words": words}
    for said in ("x-unknown", "utf8mb4", "", "hex", "rot13", "punycode", "unicode-escape", "us-ascii", "iso-8859-1"):
        raw = mail(FRENCH.encode("cp1252"), Content_Type=f"text/plain; charset={said}")
        yield {"name": f"bytes of Windows said to be “{said}”", "raw": raw, "fate": "reply", "words": FRENCH}
    raw = mail(FRENCH.encode(), Content_Type="text/plain")
    yield {"name": "UTF-8 without a charset", "raw": raw, "fate": "reply", "words": FRENCH}
    raw = mail(b"Bonjour+2AA-", Content_Type="text/plain; charset=utf-7", Subject="=?utf-7?Q?Trou+2AA-?=")
    yield {"name": "half a character", "raw": raw, "fate": "reply", "words": "Bonjour", "subject": "Trou"}
    yield {"name": "no Content-Type at all", "raw": mail(FRENCH.encode()), "fate": "reply", "words": FRENCH}
    raw = mail(b"\xef\xbb\xbf" + FRENCH.encode(), Content_Type="text/plain; charset=utf-8")
    yield {"name": "a byte order mark", "raw": raw, "fate": "reply", "words": FRENCH}
    printable = {"Content_Type": "text/plain; charset=utf-8", "Content_Transfer_Encoding": "quoted-printable"}
    yield {
        "name": "quoted-printable",
        "raw": mail(quopri.encodestring(FRENCH.encode()), **printable),
        "fate": "reply",
        "words": FRENCH,
    }
    yield {
        "name": "quoted-printable with a broken escape",
        "raw": mail(b"Total =ZZ ici =", **printable),
        "fate": "reply",
    }
    broken = {"Content_Type": "text/plain; charset=utf-8", "Content_Transfer_Encoding": "base64"}
    yield {"name": "base64 cut off", "raw": mail(base64.b64encode(WORDS.encode())[:-3], **broken), "fate": "reply"}
    yield {"name": "base64 that is none", "raw": mail("Bonjour à tous!".encode(), **broken), "fate": "reply"}
    raw = mail(WORDS.encode(), Content_Type="text/plain; charset=utf-8", Content_Transfer_Encoding="x-odd")
    yield {"name": "an unknown transfer encoding", "raw": raw, "fate": "reply", "words": WORDS}
    raw = mail(
        b"begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n", Content_Type="text/plain", Content_Transfer_Encoding="x-uuencode"
    )
    yield {"name": "uuencoded", "raw": raw, "fate": "reply", "words": "Cat"}
    flowed = "Une longue ligne \r\nque le programme a coupée.\r\nUne autre."
    raw = mail(flowed.encode(), Content_Type="text/plain; charset=utf-8; format=flowed")
    yield {
        "name": "format=flowed",
        "raw": raw,
        "fate": "reply",
        "words": "Une longue ligne que le programme a coupée.\nUne autre.",
    }
    raw = mail(b"An\x00nie\x07", Content_Type="text/plain")
    yield {"name": "bytes that steer a terminal", "raw": raw, "fate": "reply", "words": "Annie"}
    yield {
        "name": "lines that end in LF alone",
        "raw": plain("Un\nDeux").replace(b"\r\n", b"\n"),
        "fate": "reply",
        "words": "Un\nDeux",
    }
    yield {
        "name": "lines that end in CR alone",
        "raw": mail(b"Un\rDeux", Content_Type="text/plain"),
        "fate": "reply",
        "words": "Un\nDeux",
    }


def headers() -> Iterator[Made]:
    """Names, subjects and addresses as they are written against the rules."""
    for name, said, read in (
        ("subject in base64", "=?utf-8?B?w4l0w6kgw6AgUXXDqWJlYw==?=", "Été à Québec"),
        ("subject in quoted-printable", "=?iso-8859-1?Q?=C9t=E9_=E0_Qu=E9bec?=", "Été à Québec"),
        ("subject in two words", "=?utf-8?Q?=C3=89t=C3=A9?= =?utf-8?Q?_fini?=", "Été fini"),
        ("subject in bare UTF-8", "Été à Québec", "Été à Québec"),
        ("subject folded", "Re:\r\n Nid-de-poule", "Re: Nid-de-poule"),
        ("subject empty", "", ""),
        ("subject missing", None, ""),
        ("subject with a broken encoding", "=?utf-8?B?w4l0w6k", "=?utf-8?B?w4l0w6k"),
        ("subject in an unknown charset", "=?x-odd?Q?=C9t=E9?=", "Été"),
        ("subject that steers a terminal", "=?utf-8?Q?Rue=1B[31m?=", "Rue[31m"),
        ("subject of 5000 letters", "x" * 5000, "x" * 300),
    ):
        yield {"name": name, "raw": plain(Subject=said), "fate": "reply", "subject": read}
    raw = plain().replace(b"Re: Nid-de-poule", "Été".encode("cp1252"))
    yield {"name": "subject in bare Windows bytes", "raw": raw, "fate": "reply", "subject": "Été"}
    for name, said, read in (
        ("sender without a name", "zoe@exemple.example", "zoe@exemple.example"),
        ("sender with a comma in the name", '"Tremblay, Zoé" <zoe@exemple.example>', "zoe@exemple.example"),
        ("sender encoded", "=?utf-8?Q?Zo=C3=A9?= <zoe@exemple.example>", "zoe@exemple.example"),
        ("two senders", "zoe@exemple.example, luc@exemple.example", "zoe@exemple.example"),
        ("no sender but a return path", None, "zoe@exemple.example"),
        ("a sender who hides another", '"maire@ville.example" <zoe@exemple.example>', "zoe@exemple.example"),
    ):
        yield {"name": name, "raw": plain(From=said), "fate": "reply", "sender": read}
    yield {"name": "no sender anywhere", "raw": plain(From=None, Return_Path=None), "fate": "reply", "sender": ""}
    yield {
        "name": "a sender that is no address",
        "raw": plain(From="moi", Return_Path=None),
        "fate": "reply",
        "sender": "",
    }
    yield {"name": "no Message-ID", "raw": plain(Message_ID=None), "fate": "reply"}
    yield {"name": "a Message-ID of a thousand letters", "raw": plain(Message_ID=f"<{'a' * 1000}@x>"), "fate": "reply"}
    yield {"name": "a date that is none", "raw": plain(Date="hier"), "fate": "reply"}
    yield {"name": "a header line without a colon", "raw": b"Pas un en-tete\r\n" + plain(), "fate": "new"}
    yield {
        "name": "a From line of a mailbox before it",
        "raw": b"From zoe@x Wed Nov 25 2026\r\n" + plain(),
        "fate": "reply",
        "words": WORDS,
    }
    yield {"name": "blind copy, the mark in Delivered-To", "raw": plain(to=TOWN, Delivered_To=ANSWER), "fate": "reply"}
    yield {"name": "the mark in Cc", "raw": plain(to=TOWN, Cc=f"Ville <{ANSWER}>"), "fate": "reply"}
    yield {"name": "the mark in capitals", "raw": plain(to=ANSWER.upper()), "fate": "reply"}
    yield {
        "name": "the mark among twenty receivers",
        "raw": plain(to=", ".join([*(f"a{n}@x.example" for n in range(20)), ANSWER])),
        "fate": "reply",
    }


def placed() -> Iterator[Made]:
    """A mail without a mark is a new one, whatever its sender."""
    yield {"name": "to the town’s plain address", "raw": plain(to=TOWN), "fate": "new", "words": WORDS}
    yield {
        "name": "the reference in the subject alone",
        "raw": plain(to=TOWN, Subject="Re: 7K3M-9QXT-4"),
        "fate": "new",
    }
    guess = "<request-7K3M-9QXT-4@ville.example>"
    yield {
        "name": "an answer by its thread alone",
        "raw": plain(to=TOWN, In_Reply_To=guess, References=guess),
        "fate": "new",
    }
    yield {"name": "the reference without its mark", "raw": plain(to="requetes+7k3m9qxt4@ville.example"), "fate": "new"}
    yield {"name": "a mark that is too short", "raw": plain(to="requetes+7k3m9qxt4.abc@ville.example"), "fate": "new"}
    yield {"name": "the mark in the words alone", "raw": plain(f"Voir {ANSWER}", to=TOWN), "fate": "new"}
    yield {"name": "no receiver at all", "raw": plain(To=None), "fate": "new"}
    yield {"name": "receivers undisclosed", "raw": plain(to="undisclosed-recipients:;"), "fate": "new"}
    yield {
        "name": "a spoofed sender without the mark",
        "raw": plain(to=TOWN, Authentication_Results="mx; dmarc=fail"),
        "fate": "new",
    }


def answers() -> Iterator[Made]:
    """How programs quote: what is read is what the person wrote."""
    quote = f"> {OURS}"
    heads = {
        "Gmail in French": f"Le mer. 25 nov. 2026 à 10:12, Ville <a@b.example> a écrit :\n\n{quote}",
        "Gmail in French, wrapped": f"Le mer. 25 nov. 2026 à 10:12, Ville de Saint-Quelque-Chose\n<requetes@ville.example> a écrit :\n{quote}",
        "Gmail in English": f"On Wed, Nov 25, 2026 at 10:12 AM Town <a@b.example> wrote:\n\n{quote}",
        "Apple Mail in French": f"Le 25 nov. 2026 à 10:12, Ville <a@b.example> a écrit :\n\n{quote}",
        "Apple Mail in English": f"On Nov 25, 2026, at 10:12 AM, Town <a@b.example> wrote:\n\n{quote}",
        "Thunderbird in French": f"Le 2026-11-25 à 10 h 12, Ville a écrit :\n{quote}",
        "Thunderbird in English": f"On 2026-11-25 10:12 a.m., Town wrote:\n{quote}",
        "Outlook in French": f"De : Ville <a@b.example>\nEnvoyé : 25 novembre 2026 10:12\nÀ : Zoé\nObjet : Nid-de-poule\n\n{OURS}",
        "Outlook in English": f"From: Town <a@b.example>\nSent: Wednesday, November 25, 2026 10:12 AM\nTo: Zoé\nSubject: Pothole\n\n{OURS}",
        "Outlook with a rule": f"________________________________\nDe : Ville <a@b.example>\nEnvoyé : 25 novembre\nÀ : Zoé\nObjet : Nid\n\n{OURS}",
        "Outlook in bold": f"*De :* Ville <a@b.example>\n*Envoyé :* 25 novembre 2026\n*À :* Zoé\n*Objet :* Nid\n\n{OURS}",
        "old Outlook in English": f"-----Original Message-----\nFrom: Town\nSent: today\n\n{OURS}",
        "old Outlook in French": f"-----Message d’origine-----\nDe : Ville\n\n{OURS}",
        "Yahoo in French": f"Le mercredi 25 novembre 2026 à 10:12:13 UTC−5, Ville <a@b.example> a écrit :\n\n{OURS}",
        "quotes without a word before": quote,
        "quotes of quotes": f"> {OURS}\n>> Bonjour\n>>> Salut",
    }
    for name, below in heads.items():
        yield {
            "name": f"answered above: {name}",
            "raw": plain(f"{WORDS}\n\n{below}\n"),
            "fate": "reply",
            "words": WORDS,
            "quoted": OURS,
        }
    above = f"Le 25 nov. 2026 à 10:12, Ville <a@b.example> a écrit :\n{quote}\n"
    yield {
        "name": "answered below the quote",
        "raw": plain(f"{above}\n{WORDS}\n"),
        "fate": "reply",
        "words": WORDS,
        "quoted": OURS,
    }
    among = "> Quelle taille?\nGrand.\n> Quelle rue?\nRue Un."
    yield {"name": "answered between quotes", "raw": plain(among), "fate": "reply", "words": among}
    yield {"name": "nothing but the quote", "raw": plain(above), "fate": "reply", "words": above.strip()}
    for end in (
        "-- \nZoé Tremblay\n450 555-0199",
        "Envoyé de mon iPhone",
        "Sent from my iPhone",
        "Envoyé depuis mon appareil Galaxy",
        "Obtenir Outlook pour iOS",
        "Sent via Yahoo Mail",
        "AVIS DE CONFIDENTIALITÉ : ce courriel est privé.\nMerci.",
        "This e-mail may be confidential.",
    ):
        first = end.split("\n")[0].strip()
        yield {
            "name": f"ends with “{first}”",
            "raw": plain(f"{WORDS}\n\n{end}\n\n{above}"),
            "fate": "reply",
            "words": WORDS,
            "quoted": OURS,
        }
    yield {
        "name": "a line that only looks like a signature",
        "raw": plain("--\nBonjour"),
        "fate": "reply",
        "words": "--\nBonjour",
    }
    said = "De : la rue Un\nà la rue Deux"
    yield {"name": "words that only look like headers", "raw": plain(said), "fate": "reply", "words": said}
    said = "Le 25 novembre j’ai écrit à la Ville."
    yield {"name": "words that only look like a quote’s first line", "raw": plain(said), "fate": "reply", "words": said}
    forwarded = "---------- Forwarded message ---------\nDe : Luc <luc@x.example>\nDate: mardi\nSubject: Trou\nTo: Zoé\n\nIl y a un trou."
    yield {"name": "forwarded without a word", "raw": plain(forwarded, to=TOWN), "fate": "new", "words": forwarded}
    yield {"name": "no words at all", "raw": plain(""), "fate": "reply", "words": ""}
    long = "mot " * 20_000
    yield {"name": "eighty thousand letters", "raw": plain(long), "fate": "reply", "words": long.strip()}
    marks = ">" * 100_000
    yield {
        "name": "a hundred thousand marks of quoting",
        "raw": plain(f"{WORDS}\n{marks}"),
        "fate": "reply",
        "words": WORDS,
    }
    yield {"name": "ten thousand first lines of quotes", "raw": plain("Le 1 " * 10_000), "fate": "reply"}


def pages() -> Iterator[Made]:
    """HTML alone, as phones and Outlook send it."""
    sources = {
        "a paragraph": (f"<html><body><p>{WORDS}</p></body></html>", WORDS),
        "line breaks": ("Un<br>Deux<br/>Trois", "Un\nDeux\nTrois"),
        "blocks": ("<div>Un</div><div>Deux</div>", "Un\nDeux"),
        "a list": ("<ul><li>Un</li><li>Deux</li></ul>", "- Un\n- Deux"),
        "entities": ("<p>D&eacute;j&agrave; &lt;vu&gt; &#233;&nbsp;?</p>", "Déjà <vu> é\u00a0?"),
        "a style sheet and a script": (f"<style>p{{}}</style><script>alert(1)</script><p>{WORDS}</p>", WORDS),
        "hidden words": (f'<div style="display:none">Caché</div><p>{WORDS}</p>', WORDS),
        "never closed": (f"<div><p>{WORDS}", WORDS),
        "closed twice": (f"<p>{WORDS}</p></div></p>", WORDS),
        "a thousand deep": ("<div>" * 1000 + WORDS + "</div>" * 1000, WORDS),
        "Word’s own tags": (f"<o:p></o:p><p class=MsoNormal>{WORDS}<o:p>&nbsp;</o:p></p>", WORDS),
        "nothing but a picture": ('<img src="cid:a">', ""),
        "sections of no kind": (f"<p>{WORDS}</p><![fin]><![ x[ y ]]><p>Merci</p>", f"{WORDS}\n\nMerci"),
        "comments of Outlook": (f"<!--[if gte mso 9]><xml>x</xml><![endif]--><p>{WORDS}</p>", WORDS),
    }
    for name, (source, words) in sources.items():
        yield {"name": f"HTML: {name}", "raw": html(source), "fate": "reply", "words": words}
    gmail = f'<div dir="ltr">{WORDS}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Le mer. 25 nov. 2026 à 10:12, Ville &lt;a@b.example&gt; a écrit :<br></div><blockquote>{OURS}</blockquote></div>'
    yield {"name": "HTML: Gmail’s quote", "raw": html(gmail), "fate": "reply", "words": WORDS, "quoted": OURS}
    apple = f"{WORDS}<br><blockquote type=cite><div>Le 25 nov. 2026 à 10:12, Ville a écrit :</div><div>{OURS}</div></blockquote>"
    yield {"name": "HTML: Apple’s quote", "raw": html(apple), "fate": "reply", "words": WORDS, "quoted": OURS}
    outlook = f'<p>{WORDS}</p><div id="divRplyFwdMsg"><b>De :</b> Ville<br><b>Envoyé :</b> 25 novembre<br><b>À :</b> Zoé<br><b>Objet :</b> Nid</div><p>{OURS}</p>'
    yield {"name": "HTML: Outlook’s headers", "raw": html(outlook), "fate": "reply", "words": WORDS, "quoted": OURS}
    empty_text = several("alternative", text_part(""), html_part())
    yield {"name": "an empty text beside HTML", "raw": empty_text, "fate": "reply", "words": WORDS}


def several_parts() -> Iterator[Made]:
    """Parts within parts, and the files that they hold."""
    both = (text_part(), html_part())
    photo = part("image/png", PNG, name="trou.png")
    yield {"name": "text and HTML", "raw": several("alternative", *both), "fate": "reply", "words": WORDS, "files": ()}
    yield {
        "name": "a text and a picture",
        "raw": several("mixed", text_part(), photo),
        "fate": "reply",
        "words": WORDS,
        "files": ("trou.png",),
    }
    deep = several(
        "mixed",
        inner("related", inner("alternative", *both, edge="c"), part("image/png", PNG, more="Content-ID: <a>\r\n")),
        photo,
    )
    yield {
        "name": "alternative in related in mixed",
        "raw": deep,
        "fate": "reply",
        "words": WORDS,
        "files": ("file-1.png", "trou.png"),
    }
    apple = several("alternative", text_part(), inner("mixed", html_part(), photo, html_part("")))
    yield {
        "name": "Apple’s picture inside the alternative",
        "raw": apple,
        "fate": "reply",
        "words": WORDS,
        "files": ("trou.png",),
    }
    yield {
        "name": "two texts around a picture",
        "raw": several("mixed", text_part("Un"), photo, text_part("Deux")),
        "fate": "reply",
        "words": "Un\n\nDeux",
    }
    yield {
        "name": "no text part, a picture alone",
        "raw": several("mixed", photo),
        "fate": "reply",
        "words": "",
        "files": ("trou.png",),
    }
    alone = mail(
        base64.encodebytes(PDF), Content_Type='application/pdf; name="plan.pdf"', Content_Transfer_Encoding="base64"
    )
    yield {"name": "the mail itself is a PDF", "raw": alone, "fate": "reply", "words": "", "files": ("plan.pdf",)}
    for name, more, read in (
        ("a file name in RFC 2231", "Content-Disposition: attachment; filename*=utf-8''t%C3%A9.png\r\n", "té.png"),
        (
            "a file name in RFC 2047",
            'Content-Disposition: attachment; filename="=?utf-8?Q?t=C3=A9.png?="\r\n',
            "té.png",
        ),
        ("a file name in pieces", 'Content-Disposition: attachment; filename*0="a"; filename*1="b.png"\r\n', "ab.png"),
        ("a file name in bare UTF-8", 'Content-Disposition: attachment; filename="té.png"\r\n', "té.png"),
        (
            "a file name that climbs",
            'Content-Disposition: attachment; filename="../../etc/passwd"\r\n',
            "../../etc/passwd",
        ),
        ("no file name", "Content-Disposition: attachment\r\n", "file-1.png"),
        ("inline with a name", 'Content-Disposition: inline; filename="a.png"\r\n', "a.png"),
    ):
        yield {
            "name": name,
            "raw": several("mixed", text_part(), part("image/png", PNG, more=more)),
            "fate": "reply",
            "files": (read,),
        }
    attached = several("mixed", text_part(), part("text/plain", b"liste", name="liste.txt"))
    yield {"name": "a text that is a file", "raw": attached, "fate": "reply", "words": WORDS, "files": ("liste.txt",)}
    many = several("mixed", text_part(), *(part("image/png", PNG, name=f"{n}.png") for n in range(45)))
    yield {"name": "forty-five pictures", "raw": many, "fate": "reply", "trouble": "too many files"}
    other = b"Content-Type: message/rfc822\r\n\r\n" + plain("Ancien", Subject="Autre")
    yield {
        "name": "another mail enclosed",
        "raw": several("mixed", text_part(), other),
        "fate": "reply",
        "words": WORDS,
        "files": ("Autre.eml",),
    }
    yield {
        "name": "another mail enclosed, no word of one’s own",
        "raw": several("mixed", other, to=TOWN),
        "fate": "new",
        "words": "Ancien",
        "files": ("Autre.eml",),
    }
    digest = several("digest", b"\r\n" + plain("Un", Subject="A"), b"\r\n" + plain("Deux", Subject="B"), to=TOWN)
    yield {"name": "a digest of two mails", "raw": digest, "fate": "new", "files": ("A.eml", "B.eml")}
    yield {
        "name": "signed with S/MIME",
        "raw": several("signed", text_part(), part("application/pkcs7-signature", b"x", name="smime.p7s")),
        "fate": "reply",
        "words": WORDS,
    }
    yield {
        "name": "signed with PGP",
        "raw": several("signed", text_part(), part("application/pgp-signature", b"x", name="signature.asc")),
        "fate": "reply",
        "words": WORDS,
    }
    pgp = several(
        "encrypted",
        part("application/pgp-encrypted", b"Version: 1"),
        part("application/octet-stream", b"x", name="encrypted.asc"),
    )
    yield {
        "name": "encrypted with PGP",
        "raw": pgp,
        "fate": "reply",
        "words": "",
        "files": ("file-1.pgp-encryp", "encrypted.asc"),
    }
    edge = plain().replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=none")
    yield {"name": "a boundary that never comes", "raw": edge, "fate": "reply", "words": WORDS}
    yield {
        "name": "no boundary named",
        "raw": mail(WORDS.encode(), Content_Type="multipart/mixed"),
        "fate": "reply",
        "words": WORDS,
    }
    yield {
        "name": "never closed",
        "raw": several("mixed", text_part(), photo).replace(b"--edge--\r\n", b""),
        "fate": "reply",
        "words": WORDS,
        "files": ("trou.png",),
    }
    yield {
        "name": "a preamble and an epilogue",
        "raw": several("mixed", text_part()).replace(b"--edge\r\n", b"This is MIME.\r\n--edge\r\n", 1) + b"fin",
        "fate": "reply",
        "words": WORDS,
    }
    yield {"name": "no parts inside", "raw": several("mixed"), "fate": "reply", "words": ""}
    nest = WORDS.encode()
    for depth in range(40):
        nest = f'Content-Type: multipart/mixed; boundary="n{depth}"\r\n\r\n'.encode() + joined(
            f"n{depth}", b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + nest if depth == 0 else nest
        )
    yield {"name": "forty parts deep", "raw": several("mixed", nest), "fate": "reply", "words": WORDS}
    for depth in range(40, 400):
        nest = f'Content-Type: multipart/mixed; boundary="n{depth}"\r\n\r\n'.encode() + joined(f"n{depth}", nest)
    yield {
        "name": "four hundred parts deep",
        "raw": several("mixed", nest),
        "fate": "reply",
        "words": "",
        "files": ("message.eml",),
        "trouble": "taken apart",
    }
    invitation = several(
        "mixed", text_part(), part("text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", name="visite.ics")
    )
    yield {
        "name": "a calendar file without a method",
        "raw": invitation,
        "fate": "reply",
        "words": WORDS,
        "files": ("visite.ics",),
    }


def winmail() -> Iterator[Made]:
    """Outlook’s own envelope."""

    def envelope(*attributes: tuple[int, bytes]) -> bytes:
        held = b"".join(pack("<BHHI", 2, tag, 6, len(value)) + value + b"\0\0" for tag, value in attributes)
        return pack("<IH", 0x223E9F78, 1) + held

    both = envelope(
        (0x800C, "Bonjour à tous".encode("cp1252") + b"\0"),
        (0x9002, b"\0" * 14),
        (0x8010, b"plan.pdf\0"),
        (0x800F, PDF),
    )
    yield {
        "name": "winmail.dat with a file and words",
        "raw": several("mixed", part("application/ms-tnef", both, name="winmail.dat")),
        "fate": "reply",
        "words": "Bonjour à tous",
        "files": ("plan.pdf",),
    }
    yield {
        "name": "winmail.dat beside the text",
        "raw": several("mixed", text_part(), part("application/ms-tnef", both, name="winmail.dat")),
        "fate": "reply",
        "words": WORDS,
        "files": ("plan.pdf",),
    }
    yield {
        "name": "winmail.dat cut off",
        "raw": several("mixed", text_part(), part("application/ms-tnef", both[:-40], name="winmail.dat")),
        "fate": "reply",
        "words": WORDS,
        "files": ("winmail.dat",),
        "trouble": "could not be opened",
    }
    yield {
        "name": "winmail.dat that is none",
        "raw": several("mixed", text_part(), part("application/octet-stream", b"no", name="winmail.dat")),
        "fate": "reply",
        "files": ("winmail.dat",),
        "trouble": "could not be opened",
    }
    named = several("mixed", text_part(), part("application/octet-stream", both, name="WINMAIL.DAT"))
    yield {
        "name": "winmail.dat under another kind",
        "raw": named,
        "fate": "reply",
        "words": WORDS,
        "files": ("plan.pdf",),
    }


def machines() -> Iterator[Made]:
    """What machines answer: nobody is bothered with it."""
    for name, given in {
        "Auto-Submitted: auto-replied": {"Auto_Submitted": "auto-replied"},
        "Auto-Submitted with a reason": {"Auto_Submitted": 'auto-replied; owner-email="z@x"'},
        "Auto-Submitted: auto-generated": {"Auto_Submitted": "auto-generated"},
        "X-Autoreply": {"X_Autoreply": "yes"},
        "X-Autorespond": {"X_Autorespond": "Absent"},
        "X-Auto-Reply-From": {"X_Auto_Reply_From": "z@x.example"},
        "Precedence: auto_reply": {"Precedence": "auto_reply"},
        "Exchange in English": {"Subject": "Automatic reply: Nid-de-poule"},
        "Exchange in French": {"Subject": "Réponse automatique : Nid-de-poule"},
        "out of office": {"Subject": "Out of Office: back Monday"},
        "absent, in French": {"Subject": "Absence du bureau : Nid-de-poule"},
        "absent, encoded": {"Subject": "=?utf-8?Q?R=C3=A9ponse_automatique?="},
        "an empty return path": {"Return_Path": "<>"},
    }.items():
        yield {"name": f"vacation note: {name}", "raw": plain(**given), "fate": "auto-reply"}
    yield {
        "name": "vacation note to the plain address",
        "raw": plain(to=TOWN, Auto_Submitted="auto-replied"),
        "fate": "auto-reply",
    }
    yield {"name": "Auto-Submitted: no", "raw": plain(Auto_Submitted="no"), "fate": "reply"}
    yield {
        "name": "a person who writes about an absence",
        "raw": plain(Subject="Je serai absent du bureau mardi"),
        "fate": "reply",
    }
    read = several(
        "report; report-type=disposition-notification",
        text_part("Lu"),
        part("message/disposition-notification", b"Disposition: x"),
    )
    yield {"name": "a receipt of reading", "raw": read, "fate": "auto-reply"}
    abuse = several(
        "report; report-type=feedback-report",
        text_part("Abuse"),
        part("message/feedback-report", b"Feedback-Type: abuse"),
    )
    yield {"name": "a report of abuse", "raw": abuse, "fate": "auto-reply"}
    for method in ("REQUEST", "REPLY", "CANCEL", "COUNTER"):
        body = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR".encode()
        yield {
            "name": f"a calendar’s {method}",
            "raw": several("alternative", text_part("Accepté"), part(f"text/calendar; method={method}", body)),
            "fate": "calendar",
        }
    body = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR"
    yield {
        "name": "a calendar’s method only inside",
        "raw": several("alternative", text_part("Oui"), part("text/calendar", body)),
        "fate": "calendar",
    }
    yield {
        "name": "a calendar alone",
        "raw": mail(body, Content_Type="text/calendar; method=REPLY"),
        "fate": "calendar",
    }


def bounces() -> Iterator[Made]:
    """What mail servers say when ours did not arrive."""

    def report(action: str, *, status: str = "5.1.1", receiver: str = "rfc822; zoe@exemple.example") -> bytes:
        status_part = f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: {receiver}\r\nAction: {action}\r\nStatus: {status}\r\n".encode()
        return several(
            "report; report-type=delivery-status",
            text_part("Failed"),
            status_part,
            From="MAILER-DAEMON@mx.example",
            Return_Path="<>",
        )

    for action in ("failed", "delayed", "relayed"):
        yield {"name": f"a report of delivery: {action}", "raw": report(action), "fate": "bounce"}
    yield {"name": "a report: mailbox full", "raw": report("failed", status="5.2.2"), "fate": "bounce"}
    yield {
        "name": "a report whose receiver is written oddly",
        "raw": report("failed", receiver="rfc822;<zoe@exemple.example>"),
        "fate": "bounce",
    }
    yield {
        "name": "a report without a status part",
        "raw": several("report; report-type=delivery-status", text_part("x")),
        "fate": "bounce",
    }
    for name, given in {
        "Exim": {
            "X_Failed_Recipients": "zoe@exemple.example",
            "From": "Mail Delivery System <Mailer-Daemon@mx.example>",
            "Return_Path": "<>",
        },
        "qmail": {"From": "MAILER-DAEMON@mx.example", "Subject": "failure notice", "Return_Path": "<>"},
        "Postfix, bare": {"From": "MAILER-DAEMON@mx.example", "Subject": "Undelivered Mail Returned to Sender"},
        "Exchange in French": {"From": "postmaster@x.example", "Subject": "Non remis : Nid-de-poule"},
        "Exchange in English": {
            "From": "postmaster@x.example",
            "Subject": "Undeliverable: Pothole",
            "Return_Path": "<>",
        },
        "no sender known": {"From": "systeme@x.example", "Subject": "Échec de remise", "Return_Path": "<>"},
        "a bounces address": {"From": "bounces+12@x.example", "Return_Path": "<>"},
    }.items():
        yield {"name": f"an old bounce: {name}", "raw": plain("Failed", **given), "fate": "bounce"}
    yield {"name": "a postmaster who writes himself", "raw": plain(From="postmaster@x.example"), "fate": "reply"}
    yield {
        "name": "a person who forwards a failure",
        "raw": plain(to=TOWN, Subject="Undeliverable: mon courriel"),
        "fate": "new",
    }


def circles() -> Iterator[Made]:
    """Our own mails, come back."""
    yield {"name": "from our own address", "raw": plain(From=f"Ville <{TOWN}>"), "fate": "loop"}
    yield {"name": "from our own address in capitals", "raw": plain(From=TOWN.upper()), "fate": "loop"}
    yield {
        "name": "our own message sent back",
        "raw": plain(From=TOWN, Auto_Submitted="auto-generated"),
        "fate": "loop",
    }
    hops = "\r\nReceived: ".join(f"from a{n} by b{n}" for n in range(60))
    yield {"name": "sixty servers on the way", "raw": plain(Received=hops), "fate": "loop"}
    yield {
        "name": "our own message, forwarded by a machine",
        "raw": plain(Auto_Submitted="auto-generated"),
        "fate": "auto-reply",
    }


def junk() -> Iterator[Made]:
    """What a filter or its sender calls bulk; an answer with its mark is an answer even there."""
    yield {"name": "found among junk", "raw": plain(to=TOWN), "fate": "junk", "from_junk": True}
    yield {"name": "found among junk, with its mark", "raw": plain(), "fate": "reply", "from_junk": True}
    yield {"name": "marked by a filter", "raw": plain(to=TOWN, X_Spam_Flag="YES"), "fate": "junk"}
    yield {"name": "marked by a filter, with its mark", "raw": plain(X_Spam_Flag="YES"), "fate": "reply"}
    yield {"name": "a filter that found nothing", "raw": plain(to=TOWN, X_Spam_Flag="NO"), "fate": "new"}
    yield {"name": "bulk", "raw": plain(to=TOWN, Precedence="bulk"), "fate": "junk"}
    yield {
        "name": "a newsletter",
        "raw": plain(to=TOWN, List_Id="<a.example>", List_Unsubscribe="<https://a.example>"),
        "fate": "junk",
    }
    yield {
        "name": "somebody on a list of neighbours",
        "raw": plain(to=TOWN, List_Id="<quartier.example>"),
        "fate": "new",
    }


def wrecks() -> Iterator[Made]:
    """What is hardly a mail, and what is very large."""
    yield {"name": "nothing", "raw": b"", "fate": "new", "words": ""}
    yield {"name": "a newline", "raw": b"\r\n", "fate": "new"}
    yield {"name": "headers alone", "raw": mail(b"").rstrip(), "fate": "reply", "words": ""}
    yield {"name": "words alone", "raw": b"\r\nBonjour", "fate": "new", "words": "Bonjour"}
    yield {"name": "bytes of every value", "raw": bytes(range(256)) * 10, "fate": "new"}
    yield {
        "name": "a kind that is none",
        "raw": mail(WORDS.encode(), Content_Type="texte"),
        "fate": "reply",
        "words": WORDS,
    }
    yield {
        "name": "a kind without its half",
        "raw": mail(WORDS.encode(), Content_Type="text/"),
        "fate": "reply",
        "words": WORDS,
    }
    yield {
        "name": "two kinds",
        "raw": mail(WORDS.encode(), Content_Type="text/plain\r\nContent-Type: text/html"),
        "fate": "reply",
        "words": WORDS,
    }
    yield {
        "name": "a broken parameter",
        "raw": mail(WORDS.encode(), Content_Type='text/plain; charset="utf-8; x'),
        "fate": "reply",
    }
    yield {
        "name": "twice the same part of a name",
        "raw": several(
            "mixed", part("image/png", PNG, more="Content-Disposition: attachment; filename*0*=x'y; filename*0=z\r\n")
        ),
        "fate": "reply",
    }
    large = several("mixed", text_part(), part("application/pdf", PDF + b"x" * 15_000_000, name="plan.pdf"))
    yield {"name": "twenty megabytes", "raw": large, "fate": "reply", "words": WORDS, "files": ("plan.pdf",)}
    yield {"name": "twenty megabytes of lines", "raw": plain("x\n" * 7_000_000), "fate": "reply"}


GROUPS: tuple[tuple[str, Callable[[], Iterator[Made]]], ...] = (
    ("Encodings", encodings),
    ("Headers", headers),
    ("With and without the mark", placed),
    ("Answers and what they quote", answers),
    ("HTML", pages),
    ("Parts and files", several_parts),
    ("winmail.dat", winmail),
    ("Machines", machines),
    ("Bounces", bounces),
    ("Circles", circles),
    ("Junk", junk),
    ("Wrecks and giants", wrecks),
)
