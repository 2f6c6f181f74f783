// A button that prints the page; without scripts there is none, and the browser's own menu prints it as well.
export function start(buttons) {
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
