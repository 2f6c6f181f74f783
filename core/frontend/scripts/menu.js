// What comes down from the menu goes away with Escape, with a press elsewhere, and when the focus has moved on.
export function start(groups) {
  for (const group of groups) {
    group.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !group.open) return;
      group.open = false;
      group.querySelector("summary").focus();
    });
    group.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !group.contains(relatedTarget)) group.open = false;
    });
  }
  document.addEventListener("click", ({ target }) => {
    for (const group of groups) if (!group.contains(target)) group.open = false;
  });
}
