// A button that prints the page; without scripts there is none, and the browser's own menu prints it as well. On paper
// nothing of a receipt is folded.
export function start(buttons) {
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll(".receipt ~ details")) folded.open = true;
  });
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
