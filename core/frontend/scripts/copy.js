// A button that copies words and says so; where the browser cannot, there is none.
export function start(buttons) {
  if (!navigator.clipboard) return;
  for (const button of buttons) {
    const label = button.querySelector("span");
    const words = label.textContent;
    label.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(wordsOf(button.dataset.copy));
      } catch {
        return; // the link stands beside it, to be copied by hand
      }
      label.textContent = button.dataset.copied;
      setTimeout(() => (label.textContent = words), 4000);
    });
  }
}

// What stands on the page under this id, or the words themselves.
function wordsOf(named) {
  return document.getElementById(named)?.textContent.trim() ?? named;
}
