// The twin of `parvis_sdk.conditions.holds`: the same answers for the same vectors.
export function holds(condition, answers) {
  const answer = Object.hasOwn(answers, condition.field) ? answers[condition.field] : undefined;
  switch (condition.type) {
    case "all":
      return condition.parts.every((part) => holds(part, answers));
    case "any":
      return condition.parts.some((part) => holds(part, answers));
    case "not":
      return !holds(condition.part, answers);
    case "answered":
      return !isEmpty(answer);
    case "includes":
      return Array.isArray(answer) && answer.includes(condition.value);
    case "is":
      return answer === condition.value;
    case "one_of":
      return condition.values.includes(answer);
    case "at_least":
      return typeof answer === "number" && answer >= numberCompared(condition, answers);
    case "at_most":
      return typeof answer === "number" && answer <= numberCompared(condition, answers);
    case "not_before": {
      const day = dayOf(answer);
      const limit = dayOf(condition.other) ?? dayOf(answers[condition.other]);
      return day !== undefined && limit !== undefined && day >= limit + (condition.days ?? 0);
    }
    default:
      return false;
  }
}

// Every question that a condition looks at, today among them: what a check waits for. The twin of `looks_at`.
export function looksAt(condition) {
  if (condition.parts) return condition.parts.flatMap(looksAt);
  if (condition.part) return looksAt(condition.part);
  if (!condition.other || dayOf(condition.other) !== undefined) return [condition.field];
  return [condition.field, condition.other];
}

// Not a number where the other question has none for an answer: whatever is compared with it is false.
function numberCompared(condition, answers) {
  if (!condition.other) return condition.value ?? Number.NaN;
  const given = Object.hasOwn(answers, condition.other) ? answers[condition.other] : undefined;
  if (typeof given !== "number") return Number.NaN;
  return Number((given * (condition.times ?? 1) + (condition.value ?? 0)).toPrecision(15));
}

// Days since 1970; undefined for what is no day that exists.
function dayOf(words) {
  if (typeof words !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(words)) return undefined;
  const moment = new Date(`${words}T00:00:00Z`);
  if (Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== words) return undefined;
  return moment.getTime() / 86_400_000;
}

function isEmpty(answer) {
  if (answer === undefined || answer === null || answer === "") return true;
  return typeof answer === "object" && Object.keys(answer).length === 0;
}
