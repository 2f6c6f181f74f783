"""What people read and press in the journeys, in the two languages; written out, so that a lost translation is seen."""

SAID = {
    # the way to a service and through its form
    "what_happens": ("Que se passe-t-il?", "What is going on?"),
    "search": ("Rechercher", "Search"),
    "from_a_photo": ("À partir d’une photo", "From a photo"),
    "right_place": ("Est-ce le bon endroit?", "Is it the right place?"),
    "park_equipment": ("Équipement de parc brisé", "Damaged park equipment"),
    "begin": ("Commencer", "Begin"),
    "address": ("Adresse, ou adresse la plus proche", "Address or nearest address"),
    "look_up": ("Chercher cette adresse", "Look up this address"),
    "continue": ("Continuer", "Continue"),
    "review": ("Vérification", "Review"),
    "send": ("Envoyer la requête", "Send the request"),
    "received": ("Votre requête est reçue", "Your request has been received"),
    "follow_mine": ("Suivre ma requête", "Follow my request"),
    "named": ("Je donne mon nom", "I give my name"),
    "yes": ("Oui", "Yes"),
    "no": ("Non", "No"),
    # a pothole
    "hole_in_the_street": ("trou dans la rue", "hole in the street"),
    "pothole": ("Nid-de-poule", "Pothole"),
    "how_large": ("De quelle taille est le trou?", "How large is the hole?"),
    "large": ("Grand", "Large"),
    "where_in_street": ("Où est-il dans la rue?", "Where in the street is it?"),
    "in_lane": ("Dans une voie de circulation", "In a traffic lane"),
    "is_dangerous": ("Est-ce dangereux?", "Is it dangerous?"),
    "note": ("Le trou est caché par une flaque quand il pleut.", "The hole hides under a puddle when it rains."),
    "report_received": ("Signalement {} reçu : Nid-de-poule", "Report {} received: Pothole"),
    "report_planned": ("Signalement {} : travaux prévus", "Report {}: work planned"),
    "report_started": ("Signalement {} : travaux en cours", "Report {}: work under way"),
    "report_done": ("Signalement {} : c’est réglé", "Report {}: it is done"),
    "ministry": ("Ministère des Transports (route du Québec)", "Ministry of Transport (provincial road)"),
    "not_fixed": ("Le problème n’est pas réglé", "The problem is not fixed"),
    # a complaint about noise
    "music_at_night": ("musique trop forte la nuit", "loud music at night"),
    "noise": ("Plainte de bruit", "Noise complaint"),
    "noise_told": ("Les basses font trembler les murs jusqu’à trois heures.", "The bass shakes the walls until three."),
    "it_happened_again": ("C’est arrivé de nouveau", "It happened again"),
    "add": ("Ajouter à ma requête", "Add to my request"),
    "again_told": ("Encore hier, de minuit à deux heures.", "Again last night, from midnight to two."),
    "complaint_received": ("Plainte {} : ", "Complaint {}: "),
    "confidential": ("La personne a demandé la confidentialité.", "The person asked to stay confidential."),
    "see_who": ("Voir qui c’est", "See who it is"),
    "see_identity": ("Voir l’identité", "See the identity"),
    # following somebody else's request
    "already": ("Déjà signalé?", "Already reported?"),
    "it_is_this_one": ("C’est celle-là : la suivre", "It is this one: follow it"),
    "look_in_mailbox": ("Consultez vos courriels", "Look in your mailbox"),
    "your_email": ("Votre courriel", "Your email"),
    "follow": ("Suivre", "Follow"),
    "yes_write": ("Oui, écrivez-moi", "Yes, write to me"),
    "followed_done": ("Requête {} que vous suivez : Réglée", "Request {} that you follow: Resolved"),
    "following": ("abonnement", "following"),
    "public": ("requete", "request"),
    "closed": ("Fermée", "Closed"),
    "anonymous": ("Je reste anonyme", "I stay anonymous"),
    "you_follow": ("Vous suivez cette requête", "You follow this request"),
}


def say(name: str, language: str, *filled: str) -> str:
    """The words of a page; French sets a no-break space before its colon."""
    french, english = SAID[name]
    words = french.replace(" :", "\u00a0:") if language == "fr" else english
    return words.format(*filled)
