// Says at once what the server would refuse: a last day before the first, an insurance that ends too soon.
import { answersOf } from "./answers.js";
import { holds, looksAt } from "./holds.js";

export function start(questions) {
  for (const question of questions) {
    const form = question.closest("form");
    // When an answer is finished, not while it is typed.
    form?.addEventListener("change", () => judge(form, question));
  }
}

export function judge(form, question) {
  const within = question.dataset.within ?? "";
  const answers = { ...JSON.parse(question.dataset.known ?? "{}"), ...answersOf(form, within) };
  const isOff = question.classList.contains("is-off") || question.closest(".is-off");
  const wrong = isOff ? undefined : JSON.parse(question.dataset.checks).find((check) => fails(check.must, answers));
  say(question, wrong ? filled(wrong.says, answers, (code) => form.querySelector(`[data-question="${CSS.escape(within + code)}"]`) ?? form.querySelector(`[data-question="${CSS.escape(code)}"]`) ?? question) : "");
}

function fails(must, answers) {
  return looksAt(must).every((code) => answers[code] !== undefined) && !holds(must, answers);
}

function filled(words, answers, questionOf) {
  return words.replace(/\{(\w+)\}/g, (name, code) => {
    const answer = answers[code];
    if (typeof answer === "number") return numberShown(answer, questionOf(code));
    return answer ? dayShown(answer) : name;
  });
}

// As the server writes them: amounts without cents that are none, numbers with the unit that stands behind their box.
function numberShown(number, question) {
  const { lang } = document.documentElement;
  if (question.dataset.kind !== "money") {
    const unit = question.querySelector(".govuk-input__suffix")?.textContent.trim();
    const shown = new Intl.NumberFormat(lang, { maximumFractionDigits: 10 }).format(number);
    return [shown.replaceAll("\u202f", "\u00a0"), ...(unit ? [unit] : [])].join("\u00a0");
  }
  const decimals = number % 100 ? 2 : 0;
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const shown = new Intl.NumberFormat(lang, options).format(number / 100).replaceAll("\u202f", "\u00a0");
  return lang.startsWith("fr") ? `${shown}\u00a0$` : `$${shown}`;
}

function dayShown(day) {
  const { lang } = document.documentElement;
  const shown = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
  return lang.startsWith("fr") ? shown.replace(/^1 /, "1er ") : shown;
}

// Below the question, where a screen reader is told of it without leaving the box.
function say(question, words) {
  let said = question.querySelector("[data-check-said]");
  if (!said && !words) return;
  if (!said) {
    said = document.createElement("p");
    said.className = "govuk-error-message";
    said.dataset.checkSaid = "";
    said.setAttribute("role", "status");
    question.append(said);
  }
  if (said.textContent !== words) said.textContent = words;
  said.hidden = !words;
}
