// What is said about forms that this device keeps.
const WORDS = {
  fr: {
    waiting: (n, title) => (n === 1 ? `1 brouillon à envoyer\u00a0: ${title}` : `${n} brouillons à envoyer`),
    title: "Gardé sur cet appareil",
    send: "Envoyer",
    sending: "Envoi…",
    see: "Voir",
    open: "Continuer",
    erase: "Effacer",
    kept: (at) => `Gardé sur cet appareil à ${at}; rien n’est envoyé.`,
    back: "Le réseau est revenu\u00a0: appuyez sur «\u00a0Envoyer\u00a0» quand vous voulez.",
    away: "Toujours pas de réseau. Votre brouillon reste sur cet appareil.",
    refused: "L’envoi n’a pas réussi. Votre brouillon reste sur cet appareil\u00a0: réessayez dans un moment.",
    heavy: (name) => `«\u00a0${name}\u00a0» est trop lourd pour partir. Ouvrez votre brouillon, retirez ce fichier, puis envoyez le reste.`,
    cannot: "Ce navigateur ne peut rien garder ici (navigation privée ou espace plein). Notez ce que vous écrivez\u00a0: ce sera perdu en fermant la page.",
    erased: "Effacé de cet appareil.",
    taking: "Recherche de votre position…",
    taken: (metres) => `Position prise, à environ ${metres} m près.`,
    held: "Votre position est gardée.",
    refusedPosition: "Votre appareil ne donne pas sa position. Écrivez l’adresse ou décrivez l’endroit.",
  },
  en: {
    waiting: (n, title) => (n === 1 ? `1 draft to send: ${title}` : `${n} drafts to send`),
    title: "Kept on this device",
    send: "Send",
    sending: "Sending…",
    see: "See",
    open: "Continue",
    erase: "Erase",
    kept: (at) => `Kept on this device at ${at}; nothing is sent.`,
    back: "The network is back: press “Send” when you want to.",
    away: "Still no network. Your draft stays on this device.",
    refused: "Sending did not work. Your draft stays on this device: try again in a moment.",
    heavy: (name) => `“${name}” is too large to be sent. Open your draft, take this file out, then send the rest.`,
    cannot: "This browser can keep nothing here (private browsing or no room left). Write it down: it is lost when you close the page.",
    erased: "Erased from this device.",
    taking: "Looking for your position…",
    taken: (metres) => `Position taken, within about ${metres} m.`,
    held: "Your position is kept.",
    refusedPosition: "Your device does not give its position. Write the address or describe the place.",
  },
};

export const words = () => WORDS[document.body.dataset.language] ?? WORDS.en;

export function clock(at) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).format(at);
}

export function made(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
