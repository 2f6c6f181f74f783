// The answers of a form as they stand, read the way the server reads them: numbers as numbers, yes as true.
export function answersOf(form, within = "") {
  const answers = {};
  for (const question of form.querySelectorAll("[data-question]")) {
    const name = question.dataset.question;
    const isOuter = !name.includes(".");
    const isSibling = within && name.startsWith(within) && !name.slice(within.length).includes(".");
    if (!isOuter && !isSibling) continue;
    if (question.classList.contains("is-off") || question.closest(".is-off")) continue;
    const answer = answerOf(question, name);
    if (answer !== undefined) answers[isSibling ? name.slice(within.length) : name] = answer;
  }
  return answers;
}

function answerOf(question, name) {
  const box = (part = "") => question.querySelector(`[name="${CSS.escape(name + part)}"]`);
  const checked = () => [...question.querySelectorAll(`[name="${CSS.escape(name)}"]:checked`)].map((each) => each.value);
  switch (question.dataset.kind) {
    case "yes_no":
      return { yes: true, no: false }[checked()[0]];
    case "consent":
      return checked().length > 0 || undefined;
    case "one_of":
      return checked()[0];
    case "several_of":
      return checked().length ? checked() : undefined;
    case "number":
      return numberOf(box()?.value);
    case "money": {
      const amount = numberOf(box()?.value);
      return amount === undefined ? undefined : Math.round(amount * 100);
    }
    case "date": {
      const [day, month, year] = [".day", ".month", ".year"].map((part) => box(part)?.value.trim());
      return day && month && year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : undefined;
    }
    case "photo":
    case "file":
      return box()?.files.length || checked().length ? ["file"] : undefined;
    case "place": {
      const parts = [".lon", ".lat", ".address", ".words"].map((part) => box(part)?.value.trim());
      return parts.some(Boolean) ? { place: true } : undefined;
    }
    case "group":
    case "information":
      return undefined;
    default:
      return box()?.value.trim() || undefined;
  }
}

export function numberOf(words = "") {
  let plain = words.replace(/[\s\u00a0\u202f$]/g, "");
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replaceAll(",", "");
  plain = plain.replace(",", ".");
  return /^[+-]?(\d{1,15}(\.\d{0,10})?|\.\d{1,10})$/.test(plain) ? Number(plain) : undefined;
}
