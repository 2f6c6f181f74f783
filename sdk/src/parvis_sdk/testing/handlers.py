"""Mistakes of a handler that receives everything that can happen, twice, each with its file and line."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from linecache import getline
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis_sdk.errors import DeclarationMistake, OutsideError
from parvis_sdk.events import Erased, Submitted
from parvis_sdk.finding import OutsideScope
from parvis_sdk.lines import where_broke_or_written, where_function_is, where_word_stands
from parvis_sdk.problems import Problems
from parvis_sdk.proposals import correction_mistakes, proposal_mistakes
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscription_mistakes import takes_what_it_is_given
from parvis_sdk.subscriptions import MOST_REMEMBERED, Outcome, Subscription, is_kept_as_json
from parvis_sdk.tasks import tasks_taken
from parvis_sdk.testing.answers import TODAY
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.happenings import UNTOUCHED, Happening, happenings
from parvis_sdk.testing.other_requests import CaseFinder, sample_cases
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.testing.watched_thread import Blocking, Tried, WatchedThread
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, move

SEEDS = (7, 8, 9)  # of the answers of requests, so that what may be left unanswered is left so by one of them
FAILS = Text(
    fr="chaque livraison de cet événement échoue, et l’exploitant la trouve en panne",
    en="each delivery of this event fails, and the operator finds it broken",
)
STOPS = Text(
    fr="rien d’autre de l’extension ne se fait pendant ce temps, et l’hôte l’arrête",
    en="nothing else of the plugin runs meanwhile, and the host stops it",
)
REFUSED = Text(fr="l’étape est refusée, la note reste", en="the step is refused, its note stays")
TWICE = Text(
    fr="un événement qui revient, après une panne, fait autre chose",
    en="an event that comes again, after a breakdown, does something else",
)
LOST = Text(fr="le changement est perdu", en="the change is lost")
RAISED = Text(fr="{event} y lève {error}", en="{event} makes it raise {error}")
EXPECT = Text(
    fr="attendez-vous à cet événement dans cet état, ou ne vous abonnez pas à lui",
    en="expect this event in this state, or do not subscribe to it",
)
WITHOUT = Text(
    fr="{event} y lève {error}, quand la fonction n’a pas entendu ce qui précède",
    en="{event} makes it raise {error}, where the handler has not heard what came before",
)
REMEMBER = Text(
    fr="gardez ce qui doit durer dans Outcome.remember\u00a0: une extension est installée un jour, redémarrée un autre",
    en="keep what must last in Outcome.remember: a plugin is installed one day and started again on another",
)
ASK_FOR_IT = Text(
    fr='la réponse {field} est personnelle\u00a0: demandez needs=("personal",), et passez-vous-en une fois effacée',
    en='the answer {field} is personal: ask for needs=("personal",), and do without it once it is erased',
)
NOT_ASKED = Text(
    fr="{type} ne demande pas {field}\u00a0: corrigez le code, ou prenez-en un parmi {known}",
    en="{type} does not ask {field}: correct the code, or use one of {known}",
)
LEFT_OUT = Text(
    fr="la réponse {field} peut manquer\u00a0: lisez-la avec answers.get()",
    en="the answer {field} may be left out: read it with answers.get()",
)
HANGS = Text(fr="{event} y attend plus de {seconds}\u00a0s", en="{event} makes it wait for more than {seconds} s")
GIVE_UP = Text(fr="donnez une limite à ce qui est attendu", en="give what is awaited a time limit")
CALLS = Text(fr="{event} y appelle {call}, qui bloque", en="{event} makes it call {call}, which blocks")
WAITS = Text(
    fr="{event} y bloque {seconds}\u00a0s sans rien attendre avec `await`",
    en="{event} makes it block for {seconds} s without awaiting anything",
)
COMPUTES = Text(
    fr="{event} y calcule {seconds}\u00a0s sans rien attendre avec `await`",
    en="{event} makes it compute for {seconds} s without awaiting anything",
)
FOR_EVER = Text(fr="{event} y bloque sans fin", en="{event} makes it block for ever")
AWAIT_IT = Text(
    fr="attendez avec `await` (asyncio, httpx.AsyncClient), ou passez par asyncio.to_thread",
    en="await it (asyncio, httpx.AsyncClient), or go through asyncio.to_thread",
)
END_IT = Text(
    fr="donnez-lui une fin, ou attendez avec `await` entre deux tours",
    en="give it an end, or await something between two turns",
)
ANSWERS = Text(
    fr="{event} y obtient {answer}, au lieu d’un Outcome ou de rien",
    en="{event} is answered {answer} instead of an Outcome or nothing",
)
AN_OUTCOME = Text(fr="répondez un Outcome, ou None", en="answer an Outcome, or None")
RUBBISH = Text(
    fr="{event} y obtient un Outcome mal fait\u00a0: {error}",
    en="{event} is answered an Outcome with rubbish in it: {error}",
)
TOO_MUCH = Text(fr="{event} fait retenir plus de {most} octets", en="{event} has more than {most} bytes remembered")
KEEP_LESS = Text(
    fr="gardez-en un numéro ou une date, et le reste dans l’autre système",
    en="keep a number or a date of it, and the rest in the other system",
)
AS_DECLARED = Text(
    fr="donnez à chaque champ le type que nomme Outcome", en="give each field the type that Outcome names"
)
NO_MOVE = Text(
    fr="{event}\u00a0: l’étape souhaitée, {move}, n’existe pas",
    en="{event}: the requested step {move} does not exist",
)
NOT_HERE = Text(
    fr="{event}\u00a0: l’étape souhaitée, {move}, n’est pas permise dans l’état {state}",
    en="{event}: the requested step {move} is not allowed in state {state}",
)
NOT_BY_SYSTEM = Text(
    fr="{event}\u00a0: l’étape souhaitée, {move}, ne se fait pas par le système",
    en="{event}: the requested step {move} cannot be made by the system",
)
NOT_GIVEN = Text(
    fr="{event}\u00a0: l’étape souhaitée, {move}, demande autre chose que ce qui est donné ({problems})",
    en="{event}: the answers given do not fit the requested step {move} ({problems})",
)
CORRECTS = Text(fr="{event}\u00a0: la correction souhaitée\u00a0: {wrong}", en="{event}: the correction: {wrong}")
ASKS = Text(fr="{event}\u00a0: la tâche\u00a0: {wrong}", en="{event}: the task: {wrong}")
NOT_ASKED_OF = Text(fr="personne n’en est chargé", en="nobody is given it")
SAY_IT_WELL = Text(
    fr="donnez une clé, un titre et un délai, et peu de tâches à la fois",
    en="give a key, a title and a term, and few tasks at once",
)
PROPOSES = Text(fr="{event}\u00a0: la proposition\u00a0: {wrong}", en="{event}: the proposal: {wrong}")
NOT_FOUND = Text(fr="elle s’adresse à {to}, que rien n’a trouvé", en="it is made to {to}, which nothing has found")
NOT_CORRECTED = Text(fr="rien n’est corrigé", en="nothing is corrected")
NOT_PROPOSED = Text(fr="rien n’est proposé", en="nothing is proposed")
AS_SCOPE = Text(
    fr="restez dans ce que la souscription déclare (finds, corrects), ou déclarez-le",
    en="stay within what the subscription declares (finds, corrects), or declare it",
)
ONE_OF = Text(fr="prenez-en une parmi {known}", en="use one of {known}")
LOOK_AT_STATE = Text(
    fr="regardez request.state d’abord\u00a0: elle part de {sources}",
    en="look at request.state first: it starts from {sources}",
)
ADD_SYSTEM = Text(fr="ajoutez «\u00a0system\u00a0» à son `by`", en="add 'system' to its `by`")
GIVE_ANSWERS = Text(
    fr="donnez dans `given` ce que demande l’étape", en="give the answers that the step asks for in `given`"
)
UNLIKE = Text(
    fr="{event}, venu deux fois, y obtient deux réponses\u00a0: {first}, puis {again}",
    en="{event}, come twice, is answered in two ways: {first}, then {again}",
)
BY_ID = Text(
    fr="prenez event.id pour clé, et ne comptez, ne datez, ne tirez rien au sort",
    en="take event.id as the key, and count, date and draw nothing",
)
MADE_AGAIN = Text(
    fr="{event}, revenu une fois la réponse gardée, refait {again} à côté de {first}",
    en="{event}, come again once its answer was kept, makes {again} beside {first}",
)
LOOK_FIRST = Text(fr="regardez request.external_references d’abord", en="look at request.external_references first")
CHANGED = Text(fr="{event} y modifie la requête montrée", en="{event} makes it change the request that it is shown")
ANSWER_IT = Text(fr="répondez ce qui doit changer dans un Outcome", en="answer what is to change in an Outcome")


class Play(Struct, frozen=True, kw_only=True):
    """One subscription with one request type, and the thread on which it runs."""

    subscription: Subscription
    request_type: RequestType
    thread: WatchedThread
    is_sample: bool = False
    others: tuple[Case, ...] = ()

    def finder(self) -> CaseFinder:
        """Its finder for one event: a few requests of each type in its scopes."""
        return CaseFinder(self.others, self.subscription.finds)

    def line(self, word: str = "") -> str:
        """The line of the handler that contains a word, or else the line of its definition."""
        handler = function_of(self.subscription)
        return where_word_stands(handler, word, module_of(handler)) or where_function_is(handler, module_of(handler))

    def mistake(self, what: Text, so_what: Text, now_what: Text, line: str = "") -> DeclarationMistake:
        """A mistake at a line of the handler."""
        where = f"{line or self.line()} · subscription {self.subscription.name!r}"
        return DeclarationMistake(where=where, what=what, so_what=so_what, now_what=now_what)


def handler_mistakes(
    subscription: Subscription, request_types: Iterable[RequestType], seconds: float
) -> list[DeclarationMistake]:
    """Every mistake when the handler receives everything, each reported once."""
    found: dict[tuple[str, str], DeclarationMistake] = {}
    if not takes_what_it_is_given(subscription):
        return []  # is told as what it is, once
    package = str(getattr(function_of(subscription), "__module__", "")).partition(".")[0]
    types = tuple(request_types)
    others = sample_cases(subscription.finds, types)
    with WatchedThread(package, seconds) as thread:
        for request_type, is_sample in heard_of(subscription, types):
            play = Play(
                subscription=subscription,
                request_type=request_type,
                thread=thread,
                is_sample=is_sample,
                others=others,
            )
            for happening, late in played(play):
                stopped = False
                for kind, mistake in mistakes_at(play, happening, late=late):
                    found.setdefault((mistake.where, kind), mistake)
                    stopped = kind == "stops"
                if stopped:
                    return list(found.values())  # each event would stop it again, and cost as much
    return list(found.values())


def heard_of(subscription: Subscription, request_types: Iterable[RequestType]) -> Iterator[tuple[RequestType, bool]]:
    """The types of its events: declared ones, or a sample for each code that it names."""
    ours = [each for each in request_types if not subscription.types or each.code in subscription.types]
    if ours:
        yield from ((each, False) for each in ours)
    else:
        yield from ((structs.replace(SAMPLE, code=code), True) for code in subscription.types or (SAMPLE.code,))


def played(play: Play) -> Iterator[tuple[Happening, bool]]:
    """Its events: those of a request older than the plugin, then complete lives with different answers."""
    subscription, code = play.subscription, play.request_type.code
    for number, seed in enumerate((SEEDS[0], *SEEDS)):
        for each in happenings(play.request_type, subscription.needs, seed=seed):
            is_first = isinstance(each.event, Submitted)
            if subscription.wants(each.event, code) and not (is_first and number == 0):
                yield each, number == 0


def mistakes_at(play: Play, happening: Happening, *, late: bool) -> Iterator[tuple[str, DeclarationMistake]]:
    """Mistakes with one event that comes twice, and again after its answer is stored; each with its kind."""
    event, request = happening.event, happening.request
    before = msgspec.json.encode(request)
    first, again = (play.thread.tries(lambda: play.subscription.told(event, request, play.finder())) for _ in range(2))
    if msgspec.json.encode(request) != before:
        changed = CHANGED.format(event=happening)
        yield "changes", play.mistake(changed, LOST, ANSWER_IT)
    stopped = stops(play, happening, first, again)
    if stopped is not None:
        yield "stops", stopped
        return
    if first.hung or again.hung:
        return  # a busy machine
    if first.error is not None and not isinstance(first.error, OutsideError):
        yield f"raises {type(first.error).__name__}", raised(play, happening, first.error, late=late)
        return
    answer = first.answer
    if answer is not None and not isinstance(answer, Outcome):
        what = ANSWERS.format(event=happening, answer=repr(answer)[:80])
        yield "answers", play.mistake(what, FAILS, AN_OUTCOME)
        return
    if isinstance(answer, Outcome):
        yield from outcome_mistakes(play, happening, answer)
    if said(first) != said(again):
        what = UNLIKE.format(event=happening, first=said(first), again=said(again))
        yield "twice", play.mistake(what, TWICE, BY_ID)
    elif isinstance(answer, Outcome) and answer.external_reference:
        yield from kept_mistakes(play, happening, answer)


def stops(play: Play, happening: Happening, first: Tried, again: Tried) -> DeclarationMistake | None:
    """Whether it blocks or hangs; a single delay is ignored, as it comes from a busy machine or a first import."""
    blocking = first.blocking
    if blocking is not None and (blocking.call or not blocking.over or again.blocking is not None):
        now_what = AWAIT_IT if blocking.over else END_IT
        return play.mistake(blocked(blocking, happening), STOPS, now_what, blocking.where)
    if first.hung and again.hung:
        what = HANGS.format(event=happening, seconds=f"{play.thread.seconds:g}")
        return play.mistake(what, FAILS, GIVE_UP, first.where)
    return None


def blocked(blocking: Blocking, happening: Happening) -> Text:
    """A message that says how it blocked."""
    if blocking.call:
        return CALLS.format(event=happening, call=blocking.call)
    if not blocking.over:
        return FOR_EVER.format(event=happening)
    what = COMPUTES if blocking.way == "computes" else WAITS
    return what.format(event=happening, seconds=f"{blocking.seconds:.1f}")


def raised(play: Play, happening: Happening, error: BaseException, *, late: bool) -> DeclarationMistake:
    """The exception it raised, with a solution, for instance for a missing personal answer or a lost variable."""
    handler = function_of(play.subscription)
    line = where_broke_or_written(error, handler, module_of(handler))
    shown = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    missing = str(error.args[0]) if isinstance(error, KeyError) and error.args else ""
    if isinstance(error, OutsideScope):
        return play.mistake(RAISED.format(event=happening, error=shown), FAILS, AS_SCOPE, line)
    if missing and error_reads_answers(error):
        return play.mistake(RAISED.format(event=happening, error=shown), FAILS, of_answer(play, missing), line)
    if late and Submitted in play.subscription.events and missing == happening.request.reference:
        return play.mistake(WITHOUT.format(event=happening, error=shown), FAILS, REMEMBER, line)
    return play.mistake(RAISED.format(event=happening, error=shown), FAILS, EXPECT, line)


def error_reads_answers(error: BaseException) -> bool:
    """Whether the line that raised an error reads the answers of a request."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and "answers" in getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno)


def of_answer(play: Play, code: str) -> Text:
    """The solution for a missing answer: not asked, not shown to this handler, or left out."""
    field = play.request_type.form.field(code)
    if field is None:
        known = ", ".join(each.code for each in play.request_type.form.fields())
        return NOT_ASKED.format(type=repr(play.request_type.code), field=repr(code), known=known or "—")
    if field.privacy.sensitivity not in UNTOUCHED:
        return ASK_FOR_IT.format(field=repr(code))
    return LEFT_OUT.format(field=repr(code))


def outcome_mistakes(play: Play, happening: Happening, outcome: Outcome) -> Iterator[tuple[str, DeclarationMistake]]:
    """What the host cannot use in an outcome: values of the wrong type, an impossible transition."""
    try:
        whole = msgspec.json.decode(msgspec.json.encode(outcome), type=Outcome)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        name = str(error).rpartition("$.")[2].partition(".")[0].strip("`")
        what = RUBBISH.format(event=happening, error=error)
        yield "rubbish", play.mistake(what, FAILS, AS_DECLARED, play.line(f"{name}="))
        return
    if not is_kept_as_json(whole.remember):
        what = TOO_MUCH.format(event=happening, most=MOST_REMEMBERED)
        yield "too much", play.mistake(what, FAILS, KEEP_LESS, play.line("remember="))
    if whole.move and not play.is_sample:
        yield from move_mistakes(play, happening, whole)
    yield from wish_mistakes(play, happening, whole)


def wish_mistakes(play: Play, happening: Happening, outcome: Outcome) -> Iterator[tuple[str, DeclarationMistake]]:
    """Corrections, tasks and proposals that the host would refuse."""
    subscription = play.subscription
    if outcome.correct is not None and not play.is_sample:
        corrects, needs = subscription.corrects, subscription.needs
        for wrong in correction_mistakes(
            outcome.correct, corrects, play.request_type, needs=needs, event=happening.event
        ):
            what = CORRECTS.format(event=happening, wrong=wrong)
            yield f"corrects {wrong.en}", play.mistake(what, NOT_CORRECTED, AS_SCOPE, play.line("correct="))
    for wrong in tasks_taken(outcome.tasks, TODAY)[1]:
        what = ASKS.format(event=happening, wrong=wrong)
        yield f"asks {wrong.en}", play.mistake(what, NOT_ASKED_OF, SAY_IT_WELL, play.line("Task("))
    types = {each.reference: each.request_type.code for each in play.others}
    for each in outcome.proposals:
        type = types.get(each.to, "")
        wrongs = proposal_mistakes(each, subscription.finds, type, of=happening.request.reference)
        for wrong in wrongs if type else (NOT_FOUND.format(to=repr(each.to)),):
            what = PROPOSES.format(event=happening, wrong=wrong)
            yield f"proposes {wrong.en}", play.mistake(what, NOT_PROPOSED, AS_SCOPE, play.line("Proposal("))


def move_mistakes(play: Play, happening: Happening, outcome: Outcome) -> Iterator[tuple[str, DeclarationMistake]]:
    """Why the host would refuse the transition that an outcome requests."""
    flow, state, wished = play.request_type.workflow, happening.request.state, outcome.move
    named: Mapping[str, Any] = {"event": happening, "move": repr(wished)}
    made = move(flow, state, wished, "system", outcome.given, attachments=None, today=TODAY)
    if isinstance(made, Problems):
        problems = "; ".join(f"{each.path}: {each.code}" for each in made.found)
        what, now_what = NOT_GIVEN.format(problems=problems, **named), GIVE_ANSWERS
    elif not isinstance(made, Denied):
        return
    elif (wanted := flow.transition(wished)) is None:
        known = ", ".join(each.code for each in flow.transitions)
        what, now_what = NO_MOVE.format(**named), ONE_OF.format(known=known)
    elif "system" not in wanted.by:
        what, now_what = NOT_BY_SYSTEM.format(**named), ADD_SYSTEM
    else:
        what = NOT_HERE.format(state=repr(state), **named)
        now_what = LOOK_AT_STATE.format(sources=", ".join(wanted.sources))
    kind = f"wishes {getattr(made, 'code', 'given')}"
    yield kind, play.mistake(what, REFUSED, now_what, play.line(wished))


def kept_mistakes(play: Play, happening: Happening, outcome: Outcome) -> Iterator[tuple[str, DeclarationMistake]]:
    """Whether a repeated event creates a second record although the number of the first is stored."""
    event, request = happening.event, as_kept(happening.request, play, outcome)
    if isinstance(event, Erased):
        return
    again = play.thread.tries(lambda: play.subscription.told(event, request, play.finder())).answer
    if isinstance(again, Outcome) and again.external_reference not in ("", outcome.external_reference):
        what = MADE_AGAIN.format(event=happening, first=outcome.external_reference, again=again.external_reference)
        yield "again", play.mistake(what, TWICE, LOOK_FIRST)


def as_kept(request: ServiceRequest, play: Play, outcome: Outcome) -> ServiceRequest:
    """The request after an answer was stored."""
    package = str(getattr(function_of(play.subscription), "__module__", "")).partition(".")[0]
    names = (package, package.removeprefix("parvis_"), "plugin")
    return structs.replace(
        request,
        external_references=request.external_references | dict.fromkeys(names, outcome.external_reference),
        remembered=request.remembered | outcome.remember,
    )


def said(tried: Tried) -> str:
    """Its answer as text, to compare and show."""
    return repr(tried.error) if tried.error is not None else repr(tried.answer)


def function_of(subscription: Subscription) -> Any:
    """The function behind a wrapped or partial handler."""
    handler: Any = subscription.handler
    handler = getattr(handler, "func", handler)
    return getattr(handler, "__wrapped__", handler)


def module_of(function: Any) -> Any:
    """The module in which a function is written."""
    return sys.modules.get(getattr(function, "__module__", ""))
