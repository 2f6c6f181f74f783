// Shows and hides questions as others are answered; what is hidden is not sent.
import { answersOf } from "./answers.js";
import { holds } from "./holds.js";

export function start(questions) {
  const forms = new Set([...questions].map((question) => question.closest("form")).filter(Boolean));
  for (const form of forms) {
    const update = () => refresh(form);
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    update();
  }
}

export function refresh(form) {
  // In the order of the form: a question may look only at those before it, so one pass settles all.
  for (const question of form.querySelectorAll("[data-show-when]")) {
    const isShown = holds(JSON.parse(question.dataset.showWhen), answersOf(form, question.dataset.within));
    question.classList.toggle("is-off", !isShown);
    for (const control of question.querySelectorAll("input, select, textarea, button")) control.disabled = !isShown;
  }
}
