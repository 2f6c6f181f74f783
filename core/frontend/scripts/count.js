// Tells how many characters are left, now to the eye, and to the ear once typing has paused.
const WORDS = {
  fr: { left: (n) => `Il reste ${n} caractère${n > 1 ? "s" : ""}.`, over: (n) => `${n} caractère${n > 1 ? "s" : ""} de trop.` },
  en: { left: (n) => `${n} character${n === 1 ? "" : "s"} left.`, over: (n) => `${n} character${n === 1 ? "" : "s"} too many.` },
};

export function start(boxes) {
  const words = WORDS[document.body.dataset.language] ?? WORDS.en;
  for (const box of boxes) {
    const most = Number(box.dataset.count);
    const seen = line("small muted", { "aria-hidden": "true" });
    const heard = line("govuk-visually-hidden", { role: "status" });
    box.after(seen, heard);
    let pause;
    const update = () => {
      const left = most - [...box.value].length;
      const said = left < 0 ? words.over(-left) : left < most / 4 ? words.left(left) : "";
      seen.textContent = said;
      seen.classList.toggle("govuk-error-message", left < 0);
      clearTimeout(pause);
      pause = setTimeout(() => (heard.textContent = said), 900);
    };
    box.addEventListener("input", update);
    update();
  }
}

function line(names, attributes) {
  const made = document.createElement("p");
  made.className = names;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
