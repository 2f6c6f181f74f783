"""What is wrong with what a person sent: values with a sentence for them, never exceptions."""

from decimal import Decimal

from msgspec import Struct

from parvis_sdk.amounts import number_shown
from parvis_sdk.text import Text


class Problem(Struct, frozen=True, kw_only=True):
    """One thing to correct. `path` names the question ("answers.size", "place", "answers.lights.0.fault")."""

    path: str
    code: str
    message: Text


class Problems(Struct, frozen=True, kw_only=True):
    """Everything that is wrong with one submission, in the order of the form; never empty."""

    found: tuple[Problem, ...]

    def at(self, path: str) -> Problem | None:
        """The first problem of one question."""
        return next((problem for problem in self.found if problem.path == path), None)

    def within(self, prefix: str) -> "Problems":
        """The same problems with their paths put under `prefix`."""
        return Problems(found=tuple(under(problem, prefix) for problem in self.found))


def under(problem: Problem, prefix: str) -> Problem:
    """The problem as seen from one level up."""
    path = f"{prefix}.{problem.path}" if problem.path else prefix
    return Problem(path=path, code=problem.code, message=problem.message)


MESSAGES = {
    "required": Text(fr="Répondez à « {label} ».", en="Answer “{label}”."),
    "choose": Text(fr="Choisissez une réponse à « {label} ».", en="Choose an answer to “{label}”."),
    "agree": Text(fr="Cochez « {label} » pour continuer.", en="Tick “{label}” to continue."),
    "attach": Text(
        fr="« {label} » : fichiers à ajouter, au moins {least}.", en="“{label}”: files to add, at least {least}."
    ),
    "wrong_kind": Text(
        fr="La réponse à « {label} » n’a pas la forme attendue.",
        en="The answer to “{label}” is not of the expected form.",
    ),
    "too_long": Text(
        fr="« {label} » : {limit} caractères au plus, vous en avez écrit {count}.",
        en="“{label}” must be {limit} characters or fewer; you wrote {count}.",
    ),
    "too_short": Text(fr="« {label} » : au moins {limit}.", en="“{label}” must be at least {limit}."),
    "pattern": Text(fr="« {label} » doit ressembler à : {example}", en="“{label}” must look like: {example}"),
    "email": Text(
        fr="« {label} » doit être un courriel complet, comme nom@exemple.com.",
        en="“{label}” must be a complete email address, like name@example.com.",
    ),
    "phone": Text(
        fr="Écrivez un numéro de téléphone à « {label} », comme 450 555-0199.",
        en="Enter a phone number for “{label}”, like 450 555-0199.",
    ),
    "number": Text(fr="« {label} » doit être un nombre.", en="“{label}” must be a number."),
    "whole_number": Text(fr="« {label} » doit être un nombre entier.", en="“{label}” must be a whole number."),
    "decimals": Text(fr="« {label} » : {limit} au plus.", en="“{label}” must have at most {limit}."),
    "too_small": Text(fr="« {label} » doit être d’au moins {limit}.", en="“{label}” must be {limit} or more."),
    "too_large": Text(fr="« {label} » doit être d’au plus {limit}.", en="“{label}” must be {limit} or less."),
    "money": Text(
        fr="« {label} » doit être un montant, comme 1 234,56.", en="“{label}” must be an amount, like 1234.56."
    ),
    "cents": Text(
        fr="«\u00a0{label}\u00a0» doit être un nombre entier de cents\u00a0: 150050 veut dire 1\u00a0500,50\u00a0$.",
        en="“{label}” must be a whole number of cents: 150050 means $1,500.50.",
    ),
    "date": Text(
        fr="« {label} » doit être une date, comme 25 11 2026.", en="“{label}” must be a real date, like 25 11 2026."
    ),
    "too_early": Text(fr="« {label} » doit être le {limit} ou après.", en="“{label}” must be on or after {limit}."),
    "too_late": Text(fr="« {label} » doit être le {limit} ou avant.", en="“{label}” must be on or before {limit}."),
    "time": Text(fr="« {label} » doit être une heure, comme 14:30.", en="“{label}” must be a time, like 14:30."),
    "not_offered": Text(
        fr="Choisissez une des réponses proposées à « {label} ».", en="Choose one of the answers offered for “{label}”."
    ),
    "too_few": Text(fr="« {label} » : choisissez-en au moins {limit}.", en="“{label}”: choose at least {limit}."),
    "too_many": Text(fr="« {label} » : {limit} au plus.", en="“{label}”: {limit} at most."),
    "place_missing": Text(
        fr="Dites où : placez le repère, choisissez une adresse ou décrivez l’endroit.",
        en="Tell us where: place the pin, choose an address or describe the place.",
    ),
    "place_wrong": Text(
        fr="L’endroit n’est pas lisible : replacez le repère ou choisissez une adresse.",
        en="The place could not be read: place the pin again or choose an address.",
    ),
    "place_exact": Text(
        fr="Dites où exactement : placez le repère ou choisissez une adresse proposée.",
        en="Tell us exactly where: place the pin or choose one of the addresses offered.",
    ),
    "asset_unknown": Text(
        fr="Ce que vous avez choisi n’est plus dans la liste : choisissez à nouveau.",
        en="What you chose is no longer in the list: choose again.",
    ),
    "assets_many": Text(fr="Choisissez-en au plus {limit}.", en="Choose {limit} at most."),
    "place_shape": Text(fr="Cet endroit n’a pas la forme demandée.", en="This place is not of the shape asked for."),
    "file_missing": Text(
        fr="Un fichier de « {label} » n’est plus là : ajoutez-le de nouveau.",
        en="A file of “{label}” is no longer there: add it again.",
    ),
    "file_gone": Text(
        fr="«\u00a0{label}\u00a0»\u00a0: le fichier {number} n’est plus là\u00a0: ajoutez-le de nouveau.",
        en="“{label}”: file {number} is no longer there: add it again.",
    ),
    "file_kind": Text(
        fr="« {name} » n’est pas d’un type accepté ({kinds}). Choisissez un autre fichier.",
        en="“{name}” is not of an accepted kind ({kinds}). Choose another file.",
    ),
    "file_disguised": Text(
        fr="« {name} » n’est pas ce que dit son nom : son contenu n’est pas d’un type accepté ({kinds}). "
        "Choisissez un autre fichier.",
        en="“{name}” is not what its name says: its content is not of an accepted kind ({kinds}). Choose another file.",
    ),
    "file_size": Text(
        fr="« {name} » dépasse {limit} Mo. Choisissez un fichier plus léger.",
        en="“{name}” is larger than {limit} MB. Choose a smaller file.",
    ),
    "file_empty": Text(
        fr="« {name} » est vide. Choisissez-le de nouveau, ou un autre fichier.",
        en="“{name}” is empty. Choose it again, or another file.",
    ),
    "file_broken": Text(
        fr="« {name} » est incomplet ou abîmé : il ne s’ouvre pas. Envoyez-le de nouveau, ou un autre fichier.",
        en="“{name}” is incomplete or damaged: it does not open. Send it again, or another file.",
    ),
    "file_pixels": Text(
        fr="« {name} » est une image trop grande pour être lue. Envoyez-en une copie réduite.",
        en="“{name}” is an image too large to be read. Send a smaller copy of it.",
    ),
    "file_swollen": Text(
        fr="« {name} » prend une place démesurée une fois ouvert. Envoyez-en une copie plus simple, "
        "en PDF par exemple.",
        en="“{name}” takes up far too much room once opened. Send a simpler copy, such as a PDF.",
    ),
    "file_active": Text(
        fr="« {name} » contient un programme ou un fichier caché ({what}), que nous n’ouvrons pas. "
        "Enregistrez-le en PDF avec « Imprimer » et envoyez cette copie.",
        en="“{name}” holds a program or a hidden file ({what}), which we do not open. "
        "Save it as a PDF with “Print” and send that copy.",
    ),
    "file_locked": Text(
        fr="« {name} » est protégé par un mot de passe. Envoyez-en une copie sans mot de passe.",
        en="“{name}” is protected by a password. Send a copy without a password.",
    ),
    "file_infected": Text(
        fr="Un virus a été trouvé dans « {name} », qui a été retiré. Retirez-le de la liste, ou remplacez-le.",
        en="A virus was found in “{name}”, which was removed. Take it off the list, or replace it.",
    ),
    "files_many": Text(
        fr="« {label} » : {limit} fichiers au plus. Non gardés : {names}.",
        en="“{label}”: {limit} files at most. Not kept: {names}.",
    ),
    "files_total": Text(
        fr="« {name} » n’a pas été gardé : vos fichiers dépasseraient ensemble {limit} Mo. Retirez-en, "
        "ou envoyez celui-ci dans un message, une fois la requête faite.",
        en="“{name}” was not kept: together your files would exceed {limit} MB. Remove some, "
        "or send this one in a message after your request.",
    ),
    "unknown": Text(fr="La question « {name} » n’existe pas ici.", en="There is no question “{name}” here."),
    "unreadable": Text(fr="Cet envoi n’est pas lisible.", en="This submission cannot be read."),
    "too_much": Text(fr="Cet envoi contient trop d’éléments.", en="This submission holds too many parts."),
    "mode": Text(
        fr="Choisissez comment vous présenter parmi les choix offerts.",
        en="Choose one of the ways offered to identify yourself.",
    ),
    "contact_missing": Text(
        fr="Donnez un courriel ou un numéro de téléphone pour que nous puissions vous répondre.",
        en="Give an email or a phone number so that we can answer you.",
    ),
    "phone_missing": Text(
        fr="Donnez le numéro de téléphone où vous voulez être joint.",
        en="Give the phone number where you want to be reached.",
    ),
    "email_missing": Text(
        fr="Donnez le courriel où vous voulez être joint.",
        en="Give the email address where you want to be reached.",
    ),
    "postal_address_missing": Text(
        fr="Donnez l’adresse postale où les lettres doivent vous parvenir.",
        en="Give the postal address where letters are to reach you.",
    ),
    "postal_short": Text(
        fr="Écrivez la rue ou la case postale, puis, sur une autre ligne, municipalité, province et code postal.",
        en="Write the street or the post office box, then on another line the municipality, province and postal code.",
    ),
    "postal_long": Text(
        fr="Une adresse postale a {lines} lignes au plus, de {limit} caractères au plus.",
        en="A postal address has {lines} lines at most, of {limit} characters at most.",
    ),
    "postal_code": Text(
        fr="Vérifiez le code postal\u00a0: au Canada, il s’écrit comme J0B 1H0. Un autre pays se nomme à la dernière "
        "ligne.",
        en="Check the postal code: in Canada it is written like J0B 1H0. Another country is named on the last line.",
    ),
    "missing": Text(fr="Il manque «\u00a0{name}\u00a0».", en="“{name}” is missing."),
    "misshapen": Text(fr="«\u00a0{name}\u00a0» n’a pas la forme attendue.", en="“{name}” is not of the expected form."),
    "not_text": Text(fr="«\u00a0{name}\u00a0» doit être un texte.", en="“{name}” must be text."),
    "not_number": Text(fr="«\u00a0{name}\u00a0» doit être un nombre.", en="“{name}” must be a number."),
    "not_day": Text(
        fr="«\u00a0{name}\u00a0» doit être un jour, comme 2026-11-25, ou un moment de ce jour.",
        en="“{name}” must be a day, like 2026-11-25, or a time on it.",
    ),
    "not_moment": Text(
        fr="«\u00a0{name}\u00a0» doit être un moment avec son fuseau, comme 2026-11-25T14:00:00Z, entre 1900 et 2200.",
        en="“{name}” must be a time with its zone, like 2026-11-25T14:00:00Z, between 1900 and 2200.",
    ),
    "longer": Text(
        fr="«\u00a0{name}\u00a0» dépasse {limit} caractères.", en="“{name}” is longer than {limit} characters."
    ),
    "out_of_range": Text(
        fr="«\u00a0{name}\u00a0» doit être entre {least} et {most}.", en="“{name}” must be between {least} and {most}."
    ),
    "one_of": Text(
        fr="Choisissez pour «\u00a0{name}\u00a0» une de ces valeurs\u00a0: {offered}.",
        en="Choose one of these values for “{name}”: {offered}.",
    ),
    "above": Text(fr="«\u00a0{name}\u00a0» doit être d’au plus {limit}.", en="“{name}” must be {limit} or less."),
    "below": Text(fr="«\u00a0{name}\u00a0» doit être d’au moins {limit}.", en="“{name}” must be {limit} or more."),
    "shorter": Text(
        fr="«\u00a0{name}\u00a0»\u00a0: au moins {limit}, en nombre de caractères.",
        en="“{name}” must have {limit} or more characters.",
    ),
    "more_items": Text(
        fr="«\u00a0{name}\u00a0»\u00a0: au plus {limit}, en nombre de valeurs.",
        en="“{name}”: at most {limit}, counting values.",
    ),
    "fewer_items": Text(
        fr="«\u00a0{name}\u00a0»\u00a0: au moins {limit}, en nombre de valeurs.",
        en="“{name}”: at least {limit}, counting values.",
    ),
    "no_such_value": Text(
        fr="«\u00a0{name}\u00a0»\u00a0: rien ne s’appelle «\u00a0{value}\u00a0» ici.",
        en="“{name}”: nothing here is called “{value}”.",
    ),
    "not_given": Text(
        fr="«\u00a0{name}\u00a0» n’a pas été donné ici par une lecture précédente.",
        en="“{name}” was not given here by an earlier read.",
    ),
    "version_needed": Text(
        fr="Envoyez «\u00a0{name}\u00a0», la version que vous avez lue\u00a0: cet appel écrase ce que quelqu’un "
        "d’autre a pu modifier entre-temps.",
        en="Send “{name}”, as you last read it: this overwrites what somebody else may have changed meanwhile.",
    ),
    "kept_mode": Text(
        fr="«\u00a0{name}\u00a0» reste {mode}\u00a0: la façon dont une personne s’est présentée est conservée.",
        en="“{name}” stays {mode}: how somebody presented themselves is kept.",
    ),
    "repeated": Text(
        fr="Le paramètre «\u00a0{name}\u00a0» est donné deux fois.", en="The parameter “{name}” is given twice."
    ),
    "unknown_parameter": Text(
        fr="Le paramètre «\u00a0{name}\u00a0» n’existe pas ici. Cette adresse prend\u00a0: {offered}.",
        en="There is no parameter “{name}” here. This address takes: {offered}.",
    ),
    "unknown_member": Text(
        fr="Le membre «\u00a0{name}\u00a0» n’est pas demandé ici.", en="The member “{name}” is not asked for here."
    ),
    "no_such_type": Text(
        fr="Aucun type de requête de ce nom n’est offert ici.", en="No request type of this name is offered here."
    ),
    "other_identity": Text(
        fr="Ce type de requête n’est pas offert avec ce choix d’identité.",
        en="This request type is not offered with this identity choice.",
    ),
    "language": Text(fr="Cette langue n’est pas offerte.", en="This language is not offered."),
}


def problem(code: str, path: str, **values: object) -> Problem:
    """One problem with the sentence that goes with its code; whole numbers are written as each language groups them.

    >>> problem("too_many", "bins", label=Text(fr="Bacs", en="Bins"), limit=4000).message.en
    '“Bins”: 4,000 at most.'
    """
    said = {name: number_shown(Decimal(each)) if isinstance(each, int) else each for name, each in values.items()}
    return Problem(path=path, code=code, message=MESSAGES[code].format(**said))
