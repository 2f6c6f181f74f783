"""The page of the stand-in: what is to be paid, three buttons, and how its call-back is to travel."""

from html import escape

from parvis_hosted_payments.stand_in.ledger import LedgerSession

WORDS = {
    "fr": {
        "title": "Page de paiement de démonstration",
        "warning": "Aucun argent ne change de mains ici\u00a0: cette page tient lieu de prestataire de paiement.",
        "amount": "Montant à payer",
        "pay": "Payer",
        "decline": "Faire refuser la carte",
        "cancel": "Annuler et revenir",
        "calls": "Comment l’avis de paiement doit voyager",
        "at_once": "tout de suite, avant votre retour",
        "twice": "deux fois",
        "late": "en retard, après votre retour",
        "lost": "perdu en route",
        "over": "Ce paiement est terminé.",
        "back": "Revenir au site de la Ville",
    },
    "en": {
        "title": "Demonstration payment page",
        "warning": "No money changes hands here: this page stands in for a payment provider.",
        "amount": "Amount to pay",
        "pay": "Pay",
        "decline": "Have the card declined",
        "cancel": "Cancel and go back",
        "calls": "How the notice of payment is to travel",
        "at_once": "at once, before you are back",
        "twice": "twice",
        "late": "late, after you are back",
        "lost": "lost on its way",
        "over": "This payment is over.",
        "back": "Back to the town’s site",
    },
}
STYLE = """
body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;background:#eef1f4;color:#1b1f23}
main{max-width:30rem;margin:2rem auto;padding:1.5rem;background:#fff;border:1px solid #8a949e;border-radius:.5rem}
h1{font-size:1.4rem;margin-top:0}.amount{font-size:2rem;font-weight:700;margin:.25rem 0 1rem}
.warning{background:#fff4ce;border-left:.3rem solid #8a5a00;padding:.5rem .75rem}
button{font:inherit;padding:.6rem 1.2rem;margin:.25rem .5rem .25rem 0;border-radius:.3rem;border:2px solid #0b5c3b}
button[value=paid]{background:#0b5c3b;color:#fff}button:not([value=paid]){background:#fff;color:#1b1f23}
fieldset{border:1px solid #8a949e;margin:1rem 0}label{display:block;padding:.2rem 0}
:focus-visible{outline:3px solid #1a5fb4;outline-offset:2px}
"""
WAYS = ("at_once", "twice", "late", "lost")


def page(held: LedgerSession, mode: str) -> bytes:
    """The page of one session, in the language of its payer."""
    language = "fr" if held.locale.startswith("fr") else "en"
    words = WORDS[language]
    body = _over(held, words) if held.status in ("paid", "refunded", "expired") else _form(words, mode)
    text = f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{words["title"]}</title><style>{STYLE}</style></head><body><main>
<h1>{words["title"]}</h1><p class="warning">{words["warning"]}</p>
<p>{escape(held.description)}</p><p>{words["amount"]}</p><p class="amount">{_amount(held, language)}</p>
{body}</main></body></html>"""
    return text.encode()


def _form(words: dict[str, str], mode: str) -> str:
    ticked = {way: " checked" if way == mode else "" for way in WAYS}
    ways = "".join(
        f'<label><input type="radio" name="calls" value="{way}"{ticked[way]}> {words[way]}</label>' for way in WAYS
    )
    return f"""<form method="post"><fieldset><legend>{words["calls"]}</legend>{ways}</fieldset>
<button name="do" value="paid">{words["pay"]}</button>
<button name="do" value="declined">{words["decline"]}</button>
<button name="do" value="cancelled">{words["cancel"]}</button></form>"""


def _over(held: LedgerSession, words: dict[str, str]) -> str:
    return f'<p>{words["over"]}</p><p><a href="{escape(held.return_url)}">{words["back"]}</a></p>'


def _amount(held: LedgerSession, language: str) -> str:
    dollars, cents = divmod(held.amount, 100)
    if language == "fr":
        return f"{dollars:,}".replace(",", "\u00a0") + f",{cents:02}\u00a0$"
    return f"${dollars:,}.{cents:02}"
