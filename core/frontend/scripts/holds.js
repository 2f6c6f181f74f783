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
      return typeof answer === "number" && answer >= condition.value;
    case "at_most":
      return typeof answer === "number" && answer <= condition.value;
    default:
      return false;
  }
}

function isEmpty(answer) {
  if (answer === undefined || answer === null || answer === "") return true;
  return typeof answer === "object" && Object.keys(answer).length === 0;
}
