"""The tour through the doors and the desk."""

from datetime import timedelta

import pyotp

from parvis import clock

from .desk import write
from .known import ONE_WORD
from .people import AGENTS
from .tour import Stops, Walk, way
from .tour_portal import OUTREMONT
from .walking import press


@way
async def the_door(walk: Walk) -> Stops:
    await walk.page.goto(f"/connexion?langue={walk.language}")
    yield "door"
    await walk.page.locator("input[name=email]").fill("personne@parvis.example")
    await walk.page.locator("input[name=password]").fill("x")
    await walk.on("main button[type=submit]")
    yield "refused"
    agent = AGENTS[f"codes-{walk.language}"]
    await walk.page.locator("input[name=email]").fill(agent.email)
    await walk.page.locator("input[name=password]").fill(agent.password)
    await walk.on("main button[type=submit]")
    yield "code"
    await walk.fill(code="000000")
    await walk.on("main button[type=submit]")
    yield "code wrong"
    await walk.page.goto(f"/connexion?langue={walk.language}")
    agent = AGENTS[f"strict-{walk.language}"]
    await walk.page.locator("input[name=email]").fill(agent.email)
    await walk.page.locator("input[name=password]").fill(agent.password)
    await walk.on("main button[type=submit]")
    yield "codes demanded"
    await walk.fill(code="000000")
    await walk.on("main button[type=submit]")
    yield "codes demanded, one wrong"
    secret = await walk.page.locator("input[name=secret]").get_attribute("value")
    await walk.fill(code=pyotp.TOTP(secret).at(clock.now()))
    await walk.on("main button[type=submit]")
    yield "recovery codes"
    await walk.page.goto("/bureau/compte")
    yield "account with codes"
    await walk.on("form[action$='/codes-de-secours'] button[type=submit]")
    yield "new recovery codes, without a password"
    await walk.fill(anew_current=agent.password)
    await walk.on("form[action$='/codes-de-secours'] button[type=submit]")
    yield "new recovery codes"


@way
async def the_queue(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau")
    yield "full"
    await walk.at_desk("manager", f"/bureau?apercu={walk.known['received'].reference}")
    yield "with a preview"
    await walk.at_desk("manager", "/bureau?ouvertes=toutes&type=pothole&tri=newest&depuis=2026-01-01")
    await walk.unfold_all()
    yield "filtered"
    await walk.at_desk("manager", f"/bureau?q={ONE_WORD[:60]}")
    yield "empty"
    await walk.at_desk("manager", "/bureau?ouvertes=toutes&q=trotoir")
    yield "close"
    await walk.at_desk("manager", "/bureau?ouvertes=toutes&col=canal&col=priorite&col=modifiee")
    await walk.unfold_all()
    yield "other columns"


@way
async def left_lying(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/ce-qui-traine")
    yield "something"
    await walk.at_desk("roads", "/bureau/ce-qui-traine")
    yield "another role"


@way
async def many_at_once(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/plusieurs")
    yield "none"
    references = [walk.known[name].reference for name in ("received", "anonymous", "long", "noise")]
    await walk.at_desk("manager", "/bureau/plusieurs?" + "&".join(f"r={each}" for each in references))
    await walk.unfold_all()
    yield "ticked"
    await walk.page.locator("select[name=priority]").select_option("2" if walk.language == "fr" else "1")
    await walk.on("main button[name=_do][value=priority]")
    yield "how it would go"
    await walk.on("main button[name=_sure]")
    yield "done"


@way
async def many_joined(walk: Walk) -> Stops:
    kept, *others = [walk.known[f"{which} of three-{walk.language}"].reference for which in ("one", "other", "third")]
    others.append(walk.known["resolved"].reference)  # which is over, and said to be
    await walk.at_desk("manager", "/bureau/plusieurs?" + "&".join(f"r={each}" for each in others))
    await walk.page.locator("input[name=other]").fill("0000-0000-0")
    await walk.on("main button[name=_do][value=merge]")
    yield "no such number"
    await walk.page.locator("input[name=other]").fill(kept)
    await walk.on("main button[name=_do][value=merge]")
    yield "how it would go"
    await walk.on("main button[name=_sure]")
    yield "done"
    await walk.on("main form[action$='/annuler'] button")
    yield "taken back"


@way
async def cases(walk: Walk) -> Stops:
    await walk.case("manager", "received")
    yield "received"
    if await walk.page.locator("section.panel button[name=_begin]").count():  # nor by the tour in the other language
        await walk.unfold("/liste")  # an empty one waits for nobody
        await walk.on("section.panel button[name=_begin]")
    await walk.page.locator("input[name=done]").first.check()
    await walk.on("section.panel button[name=_keep]:not([aria-hidden])")
    yield "a checklist begun"
    await walk.unfold("/etape/plan")
    await walk.on("form[action$='/etape/plan'] button[type=submit]:not([name])")
    yield "step wrong"
    await walk.case("manager", "received")
    await walk.unfold("/etape/triage")
    await walk.on("form[action$='/etape/triage'] button[name=_preview]")
    yield "step previewed"
    await walk.page.goto("/bureau/requete/7K3M-9QXT-4")
    yield "not there"
    await walk.case("manager", "anonymous")
    await somebody_else_writes(walk)
    await walk.unfold("/etape/start")
    await walk.on("form[action$='/etape/start'] button[type=submit]:not([name])")
    yield "changed by somebody else"


@way
async def two_reports(walk: Walk) -> Stops:
    one, other = walk.known["received"].reference, walk.known["anonymous"].reference
    await walk.at_desk("manager", f"/bureau/requete/{one}/liens?genre=duplicate_of&avec={other}")
    yield "side by side"
    await walk.at_desk("manager", f"/bureau/requete/{one}/liens?genre=about&avec=7K3M-9QXT-4")
    yield "no such"
    await walk.at_desk("manager", f"/bureau/requete/{one}/liens?genre=child_of&avec={walk.known['lights'].reference}")
    yield "a part of a whole"
    await walk.at_desk("manager", f"/bureau/requete/{one}/partage")
    yield "a part"
    await walk.fill(words="")
    await walk.on("main form button[type=submit]")
    yield "a part of nothing"


async def somebody_else_writes(walk: Walk) -> None:
    """A note on the same request, from another window."""
    other = await walk.page.context.new_page()
    await other.goto(walk.page.url)
    await write(other, "/note", "Je m’en occupe.")
    await other.close()


@way
async def two_at_once(walk: Walk) -> Stops:
    await walk.case("manager", "received", "coordonnees")
    other = await walk.page.context.new_page()
    await other.goto(walk.page.url)
    for page, phone, name in ((other, "450 555-0111", "Zoé Côté"), (walk.page, "450 555-0122", "Zoé Roy")):
        await page.locator("input[name=phone]").fill(phone)
        await page.locator("input[name=name]").fill(name)
    await press(other, other.locator("form[action$='/coordonnees'] .buttons button[type=submit]"))
    await other.close()
    await walk.on("form[action$='/coordonnees'] button[type=submit]")
    yield "side by side"


@way
async def for_me(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/pour-moi")
    yield "what colleagues want of me"


@way
async def rules_of_routing(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/regles")
    yield "in force"
    await walk.at_desk("manager", "/bureau/regles/brouillon/regle/nouvelle")
    await walk.on("main form button[type=submit]:not([name])")
    yield "rule wrong"
    await walk.page.locator("input[name=types][value=pothole]").check()
    await walk.on("button[name=_questions]")
    await walk.page.locator("select[name=target]").select_option("unit:cleanliness")
    await walk.unfold_all()
    yield "rule"
    await walk.on("main form button[type=submit]:not([name])")
    await walk.on("form[action$='/publication'] button[type=submit]")
    await walk.unfold_all()
    yield "without a word why"
    await walk.at_desk("manager", "/bureau/regles/brouillon/essai")
    yield "tried"
    await walk.at_desk("manager", "/bureau/regles/brouillon")
    await walk.on("form[action$='/abandon'] button[type=submit]")
    yield "thrown away"


@way
async def service_levels(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/delais")
    await walk.unfold_all()
    yield "levels in force"
    await walk.at_desk("manager", "/bureau/delais/brouillon/ligne/nouvelle")
    await walk.on("main form button[type=submit]:not([name])")
    yield "line wrong"
    await walk.page.locator("select[name=type]").select_option("graffiti")
    await walk.on("button[name=_levels]")
    await walk.page.locator("input[name=amount]").fill("12")
    yield "line"
    await walk.on("main form button[type=submit]:not([name])")
    await walk.page.locator("input[name=warn_hours]").fill("huit")
    await walk.on("form[action$='/avertissements'] button[type=submit]")
    yield "warnings wrong"
    await walk.on("form[action$='/publication'] button[type=submit]")
    await walk.unfold_all()
    yield "levels without a word why"
    await walk.at_desk("manager", "/bureau/delais/brouillon/essai")
    yield "levels tried"
    await walk.at_desk("manager", "/bureau/delais/brouillon")
    await walk.on("form[action$='/abandon'] button[type=submit]")
    yield "levels thrown away"


@way
async def ready_texts(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/textes/nouveau-a-moi")
    await walk.page.locator("input[name=code]").fill("rappel")
    await walk.page.locator("input[name=title_fr]").fill("Je vous rappelle")
    await walk.page.locator("textarea[name=text_fr]").fill("Bonjour {name},\n\nJe vous rappelle demain.")
    await walk.on("main form button[type=submit]:not([name])")
    await walk.unfold_all()
    yield "list"
    await walk.at_desk("manager", "/bureau/textes/nouveau")
    await walk.page.locator("textarea[name=text_fr]").fill("Bonjour {nom}")
    await walk.on("main form button[type=submit]:not([name])")
    await walk.unfold_all()
    yield "text wrong"
    await walk.at_desk("manager", "/bureau/textes/ville/delay")
    await walk.on("button[name=_preview]")
    yield "as it will be read"
    other = await walk.page.context.new_page()
    await other.goto(walk.page.url)
    for page, words in ((other, "Bientôt."), (walk.page, "Bonjour {name},\n\nBientôt.")):
        await page.locator("textarea[name=text_fr]").fill(words)
    await press(other, other.locator("main form button[type=submit]:not([name])"))
    await other.close()
    await walk.on("main form button[type=submit]:not([name])")
    yield "two at once"
    await walk.on("main form button[type=submit]:not([name])")
    await walk.at_desk("manager", "/bureau/textes/ville/delay/versions")
    yield "versions"


@way
async def absences(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/absences")
    yield "nobody"
    await walk.on("main form[action$='/absences'] button[type=submit]")
    yield "wrong"
    for name in ("first", "last"):
        await walk.page.locator(f"input[name={name}]").fill(in_two_weeks())
    await walk.on("main form[action$='/absences'] button[type=submit]")
    yield "noted"


def in_two_weeks() -> str:
    return (clock.now() + timedelta(days=14)).date().isoformat()


@way
async def public_pages(walk: Walk) -> Stops:
    for page in (f"/fr/requete/{walk.known['received'].reference}", "/fr/requetes"):
        await walk.page.goto(f"/fr/signaler-cette-page?page={page}")
        await walk.check(why="insult")
        await walk.fill(words=ONE_WORD[:60])
        await walk.on()
    await walk.at_desk("manager", "/bureau/pages-publiques")
    yield "reported"
    await walk.on("main form[action*='/pages-publiques/'] button[type=submit]")
    yield "reason missing"
    await walk.case("manager", "received")
    await walk.unfold_all()
    yield "what everybody sees"
    await walk.on("form[action$='/page-publique']:has(input[value=hide]) button[type=submit]")
    yield "hidden without a reason"


@way
async def conflicts_of_interest(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/conflits")
    yield "none"
    await walk.on("main form[action$='/conflits'] button[type=submit]")
    yield "wrong"
    await walk.page.locator("select[name=kind]").select_option("organisation")
    await walk.fill(words=f"{ONE_WORD[:60]} {walk.language}", reason="Ma coopérative / My co-operative")
    await walk.on("main form[action$='/conflits'] button[type=submit]")
    yield "declared"
    await walk.at_desk("privacy", "/bureau/conflits")
    yield "all of them"


@way
async def what_was_revealed(walk: Walk) -> Stops:
    await walk.at_desk("privacy", "/bureau/renseignements-consultes")
    yield "revealed"


@way
async def unfolded_cases(walk: Walk) -> Stops:
    for name in ("long", "noise", "resolved", "scanned"):
        await walk.case("manager", name)
        await walk.unfold_all()
        yield name
    await walk.case("manager", "noise", "dossier")
    await walk.unfold_all()
    yield "the whole file"
    await walk.case("manager", "long", "correction")
    yield "correction"
    await walk.case("manager", "received", "promesse")
    await walk.on("form[action$='/promesse'] button[type=submit]")
    yield "promise wrong"
    await walk.at_desk("manager", "/bureau/tableau/essai?jours=8")
    yield "other levels tried"
    await walk.case("manager", "received", "pause")
    await walk.on("form[action$='/pause'] button[type=submit]")
    yield "pause without a reason"
    await walk.case("manager", "received", "acces")
    yield "access"
    await walk.on("form[action$='/acces'] button[type=submit]")
    yield "access wrong"
    await walk.case("manager", "received", "consultations")
    yield "who has looked"


@way
async def entry_for_a_caller(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/nouvelle")
    yield "blank"
    await walk.fill(who_box="Zoé Côté", what_box="trou dans la rue", place="4563, rue Saint-Urbain")
    await walk.on("main p.buttons button[name=_find]")
    yield "found"
    await walk.on("#found-types button[value=pothole]")
    await walk.page.locator("#requester-postal_address").fill("4563, rue Saint-Urb")
    # Until then the place of the request is offered, which nobody has typed.
    await walk.page.locator("#found-postal .pick:not(:has(strong))").first.wait_for()
    yield "a postal address found"
    await walk.page.locator("#requester-postal_address").fill("C. P. 5, Magog (Québec) D1A 1A1")
    await walk.on("button[name=_send]")
    yield "questions wrong"
    await walk.page.goto("/bureau/nouvelle?informe=phone")
    yield "information given"
    await walk.at_desk("manager", "/bureau/nouvelle")
    await walk.pin(*OUTREMONT)
    await walk.unfold_all()
    await walk.on("details button[value=snowy_sidewalk]")
    yield "an operation to tell of"


@way
async def calls_to_make(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/appels")
    yield "who is to be called today"
    await walk.case("manager", f"to call-{walk.language}")
    yield "beside the request"
    await walk.case("manager", f"to call-{walk.language}", "lettre")
    yield "a letter to print"
    await walk.case("manager", f"to call-{walk.language}")
    await walk.on("section.panel button[value=again]")
    yield "tried, to be tried again"
    await walk.at_desk("manager", "/bureau/appels?quand=plus-tard")
    yield "put off"
    await walk.at_desk("manager", "/bureau/appels?unite=animals")
    yield "nobody"
    await walk.at_desk("manager", "/bureau/non-remis")
    yield "the same where nobody calls"


@way
async def mail_came_back(walk: Walk) -> Stops:
    await walk.case("manager", "returned")
    await walk.unfold_all()
    yield "beside the request"
    await walk.case("manager", "returned", "coordonnees")
    yield "to be corrected"
    await walk.on("button[name=_postal]")
    yield "at the address of the place"


@way
async def mail_to_sort(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/courriels")
    yield "waiting"
    await walk.on("main tbody a")
    await walk.unfold_all()
    yield "one mail"
    await walk.fill(reference="7K3M")
    await walk.on("form[action$='/rattachement'] button[type=submit]")
    yield "no such request"
    await walk.at_desk("manager", "/bureau/courriels")
    await walk.on("main tbody a")
    await walk.on("section[aria-labelledby=new] a")
    yield "made a request"
    await walk.at_desk("manager", "/bureau/courriels?liste=machines")
    yield "by machines"
    await walk.at_desk("manager", "/bureau/courriels?liste=traites")
    yield "none settled"


@way
async def figures_and_account(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/tableau")
    yield "figures"
    await walk.at_desk("manager", "/bureau/supervision")
    yield "supervision board"
    await walk.at_desk("manager", "/bureau/supervision?mur=oui")
    yield "supervision board on a wall"
    await walk.at_desk("manager", "/bureau/tableau/qualite")
    yield "quality samples"
    await walk.at_desk("manager", "/bureau/tableau/decisions")
    yield "decisions"
    await walk.at_desk("manager", "/bureau/tableau/carte")
    yield "figures on a map"
    await walk.at_desk("manager", "/bureau/tableau/rapports")
    yield "reports by mail"
    await walk.at_desk("manager", "/bureau/tableau/verification")
    yield "auditor’s pack"
    await walk.at_desk("manager", "/bureau/carte?unite=public_works")
    yield "the queue on a map"
    await walk.at_desk("manager", "/bureau/codes")
    yield "codes to scan"
    await walk.at_desk("manager", "/bureau/codes?service=park_equipment&actif=equipment/003-0058")
    yield "a code to print"
    await walk.at_desk("manager", "/bureau/codes?service=rien&lieu=zzz&actif=disparu")
    yield "a code of which nothing is known"
    await walk.at_desk("manager", "/bureau/compte")
    yield "account"
    await walk.at_desk("manager", "/bureau/compte/code")
    yield "one-time codes"
    await walk.at_desk("manager", "/bureau/requete/7K3M-9QXT-4")
    yield "no such request"
    await walk.at_desk("roads", "/bureau/tableau")
    yield "not allowed"


@way
async def an_incident(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/incidents")
    yield "one under way"
    await walk.on("main tbody a")
    await walk.unfold_all()
    yield "an incident"
    await walk.on("form[action$='/message'] button[type=submit]")
    yield "a message missing"
    for language in ("fr", "en"):
        await walk.page.locator(f"textarea[name=words_{language}]").fill(ONE_WORD[:60])
    await walk.on("form[action$='/message'] button[type=submit]")
    yield "a message before it is sent"
    await walk.at_desk("manager", "/bureau/incidents/nouveau?what=storm")
    await walk.unfold_all()
    yield "declaring one"
    await walk.on("main form .buttons button[type=submit]")
    yield "what it matches"
    await walk.at_desk("manager", "/bureau/incidents/nouveau")
    await walk.on("main form .buttons button[type=submit]")
    yield "nothing chosen"
    await walk.at_desk("manager", "/bureau/incidents")
    await walk.on("main tbody a")
    await walk.on("main .tiles a[href$='/registre']")
    await walk.unfold_all()
    yield "who was told"


@way
async def notices(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/avis")
    yield "those that stand"
    await walk.at_desk("manager", "/bureau/avis/nouveau")
    yield "writing one"
    await walk.on("main form .buttons button[type=submit]")
    yield "what is missing"
    for name in ("title_fr", "title_en"):
        await walk.page.locator(f"input[name='answers.{name}']").fill("Fermé l’hiver / Closed in winter")
    await walk.page.locator("input[name='answers.kind'][value=inform]").check()
    await walk.page.locator("input[name='answers.every_year'][value=yes]").check()
    await walk.on("main form .buttons button[type=submit]")
    yield "every year, on no days"
