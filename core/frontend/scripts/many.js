// Ticking lines of the queue: all of the page, all between two, and how many they are. Without it, boxes and a button.
export function start([form]) {
  const boxes = [...document.querySelectorAll(`input[form="${form.id}"]`)];
  const count = form.querySelector("[data-many-count]");
  const all = form.querySelector("[data-many-all]");
  let last = null;

  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    count.textContent = ticked ? count.dataset.manyCount.replace("{num}", ticked) : "";
  };
  const tick = (box, isRange) => {
    const from = isRange && last ? boxes.indexOf(last) : -1;
    box.checked = from >= 0 || !box.checked;
    if (from >= 0) {
      const [first, end] = [from, boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(first, end + 1)) between.checked = true;
    }
    last = box;
    tell();
  };

  all.hidden = false;
  all.addEventListener("click", () => {
    const isWhole = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !isWhole;
    tell();
  });
  for (const box of boxes) {
    box.addEventListener("change", () => ((last = box), tell()));
    box.addEventListener("tick", ({ detail }) => tick(box, detail.isRange));
  }
  addEventListener("pageshow", tell);
  tell();
}
