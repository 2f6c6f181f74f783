"""From what a person says is going on to the request types it may be: for the portal, the desk and the API alike."""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from msgspec import Struct, structs
from rapidfuzz import fuzz, process

from parvis.requests.host import Host
from parvis_sdk.fields import OneOf, SeveralOf
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold, words_of

MOST_WORDS = 40
FAINT = 0.4  # what a word says that names only where or when
TOKEN = re.compile(r"[^\W_]+")

SILENT = frozenset(
    words_of(
        # French: little words, spoken ones, greetings, and what people do when they write to a town
        "le la les un une des du de et ou en au aux dans sur sous par pour avec sans ce cet ces cette ca cela mon "
        "ma mes ton ta tes son sa ses notre nos votre vos leur leurs il elle on nous vous ils elles je tu me te se "
        "moi toi lui y a ya est es sont ai ont as avez avons etait etaient ete etre sera avoir eu fait faire fais "
        "font faut pas ne ni non oui plus que qui quoi quel quelle quand comment combien pourquoi parce car si tres "
        "trop bien tout tous toute toutes peu beaucoup encore deja depuis pendant jusqu jusque entre vers chez "
        "comme aussi alors donc mais meme autre autres ici la bas su sua pis chu jme jsuis ki ke ça c d j l m n s t "
        "qu lorsque dont rien personne quelqu quelque quelques chaque apres avant afin peut peux pouvez pourriez "
        "voudrais veux veut vouloir aimerais aller va vais vont vient viens venez venir viennent voir vu met mettre "
        "mis prendre dois doit devrait devoir dire dit savoir sais svp stp merci bonjour bonsoir allo salut madame "
        "monsieur mesdames messieurs signaler allez signale signalement probleme besoin demande demander demandes "
        "souhaite vraiment toujours souvent jamais environ presque maintenant aussitot juste cause travers "
        # English
        "the an of in on at to and or but my our your his her its their is are was were be been being am it he she "
        "they we you i me him us them there here this that these those with without from by for as if so not no yes "
        "do does did done doing don doesn didn wasn isn aren won can could couldn cannot would should will shall "
        "have has hasn haven had get gets getting got go goes going went who what when where why how which some any "
        "all every very too just also again still already since until while because about into over under than then "
        "them out up off down please hello hi thanks thank want need like ve re ll im ive theres thats someone "
        "somebody something anyone keep keeps keeping make makes made report reporting problem issue "
    )
)
"""Words that stand in any sentence, about whatever."""

SETTING = frozenset(
    words_of(
        "rue rues chemin boulevard avenue route coin bord bout trottoir trottoirs quartier ville arrondissement "
        "maison appartement immeuble batiment ecole hopital eglise garderie face devant derriere cote pres proche "
        "haut milieu jour jours journee nuit soir soiree matin midi minuit heure heures semaine semaines mois annee "
        "an ans hier aujourd hui demain lundi mardi mercredi jeudi vendredi samedi dimanche temps fois gros grosse "
        "petit petite grand grande vieux vieille deux trois quatre cinq gens monde enfant enfants mere pere fille "
        "fils mari femme auto autos char voiture voitures camion citoyen jeune jeunes place endroit lieu street "
        "streets road sidewalk sidewalks corner block side town city borough neighbourhood neighborhood house home "
        "apartment building school church front behind near next door beside around middle end day days night "
        "nights evening morning noon midnight hour hours week weeks month months year years yesterday today "
        "tomorrow monday tuesday wednesday thursday friday saturday sunday time times big huge small old large two "
        "three four five people kid kids child children mother father husband wife car cars truck place last whole "
        "brise brisee casse cassee endommage defectueux marche fonctionne broken damaged working piste cyclable "
        "sentier bike path trail lane full plein pleine "
    )
)
"""Words that name where, when and who in any story, or that it is broken: they decide where nothing else does."""


class SearchWord(Struct, frozen=True, kw_only=True):
    """A word as it was typed and as it is looked up; `weight` is what it says at most."""

    word: str
    typed: str
    weight: float = 1.0


def hear(sentence: str) -> tuple[SearchWord, ...]:
    """The words that say something; where none does, the little ones are all there is."""
    words: dict[str, SearchWord] = {}
    for token in TOKEN.findall(sentence):
        for word in words_of(token):
            if len(word) > 1 or word.isdigit():
                words.setdefault(word, SearchWord(word=word, typed=token, weight=FAINT if word in SETTING else 1.0))
    telling = [heard for word, heard in words.items() if word not in SILENT and not word.isdigit()]
    return tuple((telling or list(words.values()))[:MOST_WORDS])


def said(text: str) -> tuple[str, ...]:
    """The telling words of a declared text, in their order."""
    return tuple(word for word in words_of(text) if len(word) > 1 and word not in SILENT)


@lru_cache(maxsize=20_000)
def forms(word: str, language: str = "") -> frozenset[str]:
    """The stems that a word may have in its language, or in either: words that share one are the same word."""
    if len(word) < 4:
        return frozenset((word, word.removesuffix("s"))) if len(word) == 3 else frozenset((word,))
    found = {word}
    if language != "fr":
        found.add(stemmer("english").stemWord(word))
    if language != "en":
        found.add(stem := stemmer("french").stemWord(word))
        if stem != word:  # without its accent "tombée" first becomes "tombe"
            found.add(stemmer("french").stemWord(stem))
    return frozenset(form for form in found if len(form) > 3)


@cache
def stemmer(language: str) -> Any:
    """Cuts words of a language to their stems; its library holds thirty of them and is loaded for the first search."""
    import snowballstemmer

    return snowballstemmer.stemmer(language)


SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"eaux?|aux?", "o"),
        (r"ph", "f"),
        (r"qu|ck|k|c(?=[aourlt])", "k"),
        (r"c(?=[eiy])|ss|z", "s"),
        (r"g(?=[eiy])", "j"),
        (r"ge(?=[ao])", "j"),
        (r"ai|ei|ay|ey", "e"),
        (r"e[mn](?=[^aeiouy]|$)|a[mn](?=[^aeiouy]|$)", "an"),
        (r"y", "i"),
        (r"h", ""),
        (r"(.)\1", r"\1"),
        (r"(?:er|ez|et|ee|es|s|x|t|d|p|e)$", ""),
    )
)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Roughly how a word sounds in French: `lampadère` and `lampadaire`, `poto` and `poteau` sound the same."""
    heard = fold(word)
    for pattern, becomes in SOUNDS:
        heard = pattern.sub(becomes, heard)
    return heard


TITLE, KEYWORD, THEME, SUMMARY, ANSWER = 1.0, 0.95, 0.5, 0.45, 0.35
SAME, BEGINNING, SOUND, SPELLING = 0.95, 0.8, 0.75, 0.72  # how sure one is of a word that stands there otherwise
LIKE = 80  # likeness in percent from which one word may be another misspelt


class Shelf(Struct, frozen=True, kw_only=True):
    """What one request type answers to: words with their weight, phrases, and phrases that mean something else."""

    request_type: RequestType
    words: dict[str, float]
    forms: dict[str, frozenset[str]]
    phrases: tuple[tuple[str, ...], ...]
    unlike: tuple[tuple[str, ...], ...]


def shelf_of(request_type: RequestType) -> Shelf:
    words: dict[str, float] = {}
    known: dict[str, frozenset[str]] = {}
    for weight, text in texts_of(request_type):
        for language, spoken in (("fr", text.fr), ("en", text.en)):
            for word in said(spoken):
                words[word] = max(words.get(word, 0.0), weight * (FAINT if word in SETTING else 1.0))
                known[word] = known.get(word, frozenset()) | forms(word, language)
    phrases = dict.fromkeys(
        phrase for text in (request_type.title, *request_type.keywords) for phrase in phrases_of(text)
    )
    unlike = dict.fromkeys(phrase for text in request_type.unlike for phrase in phrases_of(text))
    known |= {word: forms(word) for phrase in unlike for word in phrase if word not in known}
    told = tuple(one for one in phrases if len(one) > 1)
    return Shelf(request_type=request_type, words=words, forms=known, phrases=told, unlike=tuple(unlike))


def texts_of(request_type: RequestType) -> Iterator[tuple[float, Text]]:
    yield TITLE, request_type.title
    for keywords in request_type.keywords:
        yield KEYWORD, keywords
    yield THEME, request_type.theme.title
    yield SUMMARY, request_type.summary
    for field in request_type.form.fields():
        if isinstance(field, OneOf | SeveralOf):
            for option in field.options:
                yield ANSWER, option.label


def phrases_of(text: Text) -> Iterator[tuple[str, ...]]:
    """What stands between commas belongs together: all of it said in one sentence says more than its words."""
    for language in (text.fr, text.en):
        for part in language.split(","):
            if phrase := tuple(dict.fromkeys(said(part))):
                yield phrase


class Vocabulary:
    """All words of all shelves, arranged so that a typed word finds those it may stand for within a millisecond."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self.shelves = shelves
        self.forms: dict[str, frozenset[str]] = {}
        for shelf in shelves:
            for word, stems in shelf.forms.items():
                self.forms[word] = self.forms.get(word, frozenset()) | stems
        self.known = sorted(self.forms)
        self.by_form: dict[str, list[str]] = defaultdict(list)
        self.by_sound: dict[str, list[str]] = defaultdict(list)
        for word in self.known:
            for form in self.forms[word]:
                self.by_form[form].append(word)
            self.by_sound[sound(word)].append(word)
        self.rarity = {word: self._rarity(word) for word in self.known}

    def _rarity(self, word: str) -> float:
        """A word that few services know says much: "trou" in "il y a un trou dans ma rue"."""
        family = self.family(word)
        spread = sum(max((shelf.words.get(one, 0.0) for one in family), default=0.0) for shelf in self.shelves)
        return math.log(1 + len(self.shelves) / max(spread, 1.0))

    def family(self, word: str) -> set[str]:
        """The known words that are the same word in another form."""
        return {word} | {one for form in self.forms[word] for one in self.by_form.get(form, ())}

    def meant(self, word: str) -> dict[str, float]:
        """The known words that may be meant, with how sure that is; guesses only where nothing is certain."""
        found = {one: SAME for form in forms(word) for one in self.by_form.get(form, ())}
        if word in self.rarity:
            found[word] = 1.0
        return found or {one: BEGINNING for one in self._beginnings(word)} or self._guesses(word)

    def _beginnings(self, word: str) -> Iterator[str]:
        if len(word) < 3:
            return
        at = bisect_left(self.known, word)
        while at < len(self.known) and self.known[at].startswith(word):
            yield self.known[at]
            at += 1
        for length in range(max(4, math.ceil(len(word) * 0.6)), len(word)):
            if word[:length] in self.rarity:
                yield word[:length]

    def _guesses(self, word: str) -> dict[str, float]:
        if len(word) < 4:
            return {}
        if alike := self.by_sound.get(sound(word)):
            return {one: SOUND for one in alike if len(one) > 3}
        if swapped := [one for one in _with_two_letters_swapped(word) if one in self.rarity]:
            return dict.fromkeys(swapped, SPELLING)
        close = process.extract(word, self.known, scorer=fuzz.ratio, score_cutoff=LIKE, limit=6)
        return {
            one: SPELLING * likeness / 100
            for one, likeness, _ in close
            if len(one) > 3 and (len(word) > 5 or one[0] == word[0])
        }


def _with_two_letters_swapped(word: str) -> Iterator[str]:
    """The commonest slip of fast fingers, which weighs too much in short words: "hoel" for "hole"."""
    for at in range(len(word) - 1):
        yield f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"


Offered = tuple[tuple[str, int], ...]  # codes and versions: within one installation they say which types
TOGETHER = 0.6  # what a whole phrase adds to the words in it
AGAINST, ELSEWHERE = 1.5, 0.15  # what words of something else take away, and what is left of a service at least
LEAST, LEAST_SHARE = 0.35, 0.35  # what an answer must have, and what share of the best one, to be shown at all
SURE, SURE_SHARE = 0.76, 0.5  # from how much, and from what part of what was said, an answer is no mere guess
ENOUGH = 1.7  # so much is enough, whatever else a long story says


class Hit(Struct, frozen=True, kw_only=True):
    """A service that the words may mean: `because` of these, as typed; `score` orders, it means nothing alone."""

    request_type: RequestType
    score: float
    sure: bool = False
    because: tuple[str, ...] = ()


class Finder:
    """The vocabulary of some request types, made once."""

    def __init__(self, types: Iterable[RequestType]) -> None:
        self.shelves = [shelf_of(request_type) for request_type in types]
        self.vocabulary = Vocabulary(self.shelves)
        self.one_word = math.log(1 + len(self.shelves))  # what a word is worth that a single service knows

    def find(self, typed: str, most: int = 8) -> tuple[Hit, ...]:
        """The services that the words may mean, likeliest first; none when no word says anything."""
        spoken = hear(typed)
        meant = {heard.word: self.vocabulary.meant(heard.word) for heard in spoken}
        spoken, meant = self._joined(spoken, meant)
        hits = [self._judged(shelf, spoken, meant) for shelf in self.shelves]
        best = max((hit.score for hit in hits), default=0.0)
        wanted = [hit for hit in hits if hit.score >= max(LEAST * self.one_word, best * LEAST_SHARE)]
        return tuple(sorted(wanted, key=lambda hit: (-hit.score, hit.request_type.title.fr))[:most])

    def _joined(
        self, spoken: tuple[SearchWord, ...], meant: dict[str, dict[str, float]]
    ) -> tuple[tuple[SearchWord, ...], dict[str, dict[str, float]]]:
        """Two words that are one word of a service: "snow bank", "lamp post"."""
        pairs = [
            SearchWord(word=first.word + second.word, typed=f"{first.typed} {second.typed}")
            for first, second in pairwise(spoken)
            if first.word + second.word in self.vocabulary.rarity
        ]
        return (*spoken, *pairs), meant | {pair.word: {pair.word: 1.0} for pair in pairs}

    def _judged(self, shelf: Shelf, spoken: Sequence[SearchWord], meant: Mapping[str, Mapping[str, float]]) -> Hit:
        total, because = 0.0, []
        recognised: dict[str, float] = {}
        for heard in spoken:
            says = 0.0
            for word, likeness in meant[heard.word].items():
                recognised[word] = max(recognised.get(word, 0.0), likeness)
                if weight := shelf.words.get(word):
                    says = max(says, weight * likeness * self.vocabulary.rarity[word])
            if says:
                total += says
                because.append((says, heard.typed))
        total += self._together(shelf, recognised)
        if against := self._against(shelf, recognised):
            return Hit(request_type=shelf.request_type, score=max(total - against, total * ELSEWHERE))
        worth = self._worth(spoken, meant)
        sure = total >= ENOUGH * self.one_word or total >= max(SURE * self.one_word, worth * SURE_SHARE)
        strongest = max((says for says, _ in because), default=0.0)
        told = tuple(typed for says, typed in because if says >= strongest * 0.4)
        return Hit(request_type=shelf.request_type, score=total, sure=sure, because=told)

    def _together(self, shelf: Shelf, recognised: Mapping[str, float]) -> float:
        """The best of the phrases of which every word was said."""
        return max(
            (
                TOGETHER * sum(recognised[word] * shelf.words[word] * self.vocabulary.rarity[word] for word in phrase)
                for phrase in shelf.phrases
                if all(word in recognised for word in phrase)
            ),
            default=0.0,
        )

    def _against(self, shelf: Shelf, recognised: Mapping[str, float]) -> float:
        """What speaks against a service: words for something that it is declared not to be for."""
        certain = {word for word, likeness in recognised.items() if likeness >= BEGINNING}
        return AGAINST * sum(
            self.vocabulary.rarity[word] for phrase in shelf.unlike if certain.issuperset(phrase) for word in phrase
        )

    def _worth(self, spoken: Sequence[SearchWord], meant: Mapping[str, Mapping[str, float]]) -> float:
        """What a service would get that every word speaks for."""
        rarity = self.vocabulary.rarity
        return sum(
            heard.weight * max((rarity[word] for word in meant[heard.word]), default=self.one_word) for heard in spoken
        )


class Finders(dict[Offered, Finder]):
    """Each made when words are first looked for among its types."""


def find_types(host: Host, types: Sequence[RequestType], typed: str, most: int = 8) -> tuple[Hit, ...]:
    """The services among `types` that the words may mean, likeliest first; none when no word says anything."""
    offered = tuple((request_type.code, request_type.version) for request_type in types)
    finders = host.of(Finders)
    if offered not in finders:
        finders[offered] = Finder(types)
    ours = {request_type.code: request_type for request_type in types}  # a town may have its own variant of a type
    return tuple(
        structs.replace(hit, request_type=ours[hit.request_type.code]) for hit in finders[offered].find(typed, most)
    )
