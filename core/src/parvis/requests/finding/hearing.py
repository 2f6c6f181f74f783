"""What is heard in a sentence: its words without those that stand in any sentence, each in the forms it may take."""

import re
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct

from parvis.text_normalisation import fold, words_of

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
