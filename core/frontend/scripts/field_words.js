// What is said on site about what this device keeps.
const WORDS = {
  fr: {
    ready: (n, all) => `Prêt pour une tournée sans réseau\u00a0: ${n} visite${n > 1 ? "s" : ""} sur ${all}.`,
    getting: "Préparation de la tournée pour un terrain sans réseau…",
    cannot: "Cet appareil ne peut rien garder ici (navigation privée, espace plein ou adresse sans chiffrement). Restez en réseau pour envoyer.",
    kept: (at) => `Gardé sur cet appareil à ${at}; rien n’est envoyé.`,
    begun: "commencé",
    waits: "à envoyer",
    sending: "envoi…",
    sent: (words) => `envoyé\u00a0: ${words}`,
    refused: (why) => `refusé\u00a0: ${why}`,
    send: (n) => `Envoyer (${n})`,
    away: "Pas de réseau\u00a0: tout reste sur cet appareil. Appuyez de nouveau quand il revient.",
    signIn: "Votre session est terminée. Reconnectez-vous\u00a0: ce qui est gardé ici reste, puis appuyez de nouveau sur «\u00a0Envoyer\u00a0».",
    other: "Une autre personne est connectée. Rechargez la page.",
    busy: "Un autre onglet est en train d’envoyer.",
    failed: "L’envoi n’a pas réussi. Tout reste sur cet appareil\u00a0: réessayez dans un moment.",
    missing: (names) => `Il manque une réponse\u00a0: ${names}.`,
    toCorrect: (names) => `Écrivez ce qui est à corriger\u00a0: ${names}.`,
    toPhotograph: (names) => `Ajoutez une photo\u00a0: ${names}.`,
    why: "Écrivez dans les remarques pourquoi la visite n’a pas pu se faire.",
    erased: "Effacé de cet appareil.",
    leaving: (n) => `${n === 1 ? "1 résultat n’est pas envoyé" : `${n} résultats ne sont pas envoyés`}. Envoyez d’abord, ou appuyez de nouveau pour quitter\u00a0: ce qui reste est scellé sur cet appareil jusqu’à votre prochaine connexion.`,
    toRound: "Voir ce qui est à envoyer",
  },
  en: {
    ready: (n, all) => `Ready for a round without network: ${n} of ${all} visit${all > 1 ? "s" : ""}.`,
    getting: "Getting the round ready for places without network…",
    cannot: "This device can keep nothing here (private browsing, no room left, or an address without encryption). Stay on the network to send.",
    kept: (at) => `Kept on this device at ${at}; nothing is sent.`,
    begun: "begun",
    waits: "to be sent",
    sending: "sending…",
    sent: (words) => `sent: ${words}`,
    refused: (why) => `refused: ${why}`,
    send: (n) => `Send (${n})`,
    away: "No network: everything stays on this device. Press again when it is back.",
    signIn: "Your session is over. Sign in again: what is kept here stays, then press “Send” again.",
    other: "Somebody else is signed in. Load the page again.",
    busy: "Another tab is sending.",
    failed: "Sending did not work. Everything stays on this device: try again in a moment.",
    missing: (names) => `An answer is missing: ${names}.`,
    toCorrect: (names) => `Write what is to be corrected: ${names}.`,
    toPhotograph: (names) => `Add a photo: ${names}.`,
    why: "Write in the remarks why the visit could not be made.",
    erased: "Erased from this device.",
    leaving: (n) => `${n === 1 ? "1 result is not sent" : `${n} results are not sent`}. Send first, or press again to leave: what remains is sealed on this device until you sign in again.`,
    toRound: "See what is to be sent",
  },
};

export const words = () => WORDS[document.body.dataset.language] ?? WORDS.en;

// Why a sending ended, in words.
export function trouble(error, said) {
  if (error?.isSignIn) return said.signIn;
  if (error?.isOther) return said.other;
  return navigator.onLine && !(error instanceof TypeError) ? said.failed : said.away;
}
