// What is lost or cut off: run at full width for the controls that are there, then at half of it for what has become of them.
(before) => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const isShown = (each) => {
    const { width, height } = each.getBoundingClientRect();
    return each.checkVisibility({ visibilityProperty: true }) && width > 1 && height > 1;
  };
  // A link is where it leads: on a narrow page one with other words may stand elsewhere.
  const named = (each) =>
    each.localName === "a"
      ? `a ${each.pathname}`
      : `${each.localName} ${each.name || each.getAttribute("aria-label") || ""} ${each.textContent.trim()}`
          .replace(/\s+/g, " ")
          .slice(0, 100);
  const apart = [...document.querySelectorAll(controls)].filter((each) => !each.closest(".leaflet-container"));
  if (!before) return apart.filter(isShown).map(named);

  // Where a list and its map take turns, a press shows the other one.
  const takeTurns = [...document.querySelectorAll("[data-view][aria-pressed=false]")].some(isShown);
  const names = new Set(apart.filter((each) => takeTurns || isShown(each)).map(named));
  const wrong = before.filter((name) => !names.has(name)).map((name) => `lost: ${name}`);
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !parent.checkVisibility({ visibilityProperty: true })) continue;
    range.selectNodeContents(walker.currentNode);
    const words = range.getBoundingClientRect();
    for (let up = parent; up && up !== document.body; up = up.parentElement) {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(up);
      const [x, y] = [overflowX, overflowY].map((each) => each === "hidden" || each === "clip");
      if (overflowX === "auto" || overflowX === "scroll" || up.matches(".leaflet-container")) break; // one may scroll to it
      const box = up.getBoundingClientRect();
      if ((x || y) && (box.width <= 1 || textOverflow === "ellipsis")) break; // for screen readers; shortened with a sign
      if ((x && (words.right > box.right + 1 || words.left < box.left - 1)) || (y && words.bottom > box.bottom + 2)) {
        wrong.push(`cut off: ${walker.currentNode.data.trim().slice(0, 60)}`);
        break;
      }
    }
  }
  return wrong;
};
