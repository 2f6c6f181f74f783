// Marks the words whose look nobody has judged yet, and gives back these looks as numbers. A look is all that contrast comes
// from, as the browser reckoned it: the words themselves and every ground that they stand on.
(judged) => {
  const WRITES = "input:not([type=hidden]), select, textarea";
  const ground = new WeakMap();
  // The grounds that an element stands on, from itself to the page, those that show nothing left out.
  const groundOf = (each) => {
    if (!each) return "";
    if (!ground.has(each)) {
      const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position } = getComputedStyle(each);
      const own = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position].join();
      const plain = own === "rgba(0, 0, 0, 0),none,1,none,normal,static";
      ground.set(each, groundOf(each.parentElement) + (plain ? "" : `|${own}`));
    }
    return ground.get(each);
  };
  const hasWords = (each) =>
    each.matches(WRITES) || [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  // What shows nothing, as a menu that is folded or words for screen readers alone, is not judged and covers nothing.
  const isShown = (each) => {
    const { display, overflow } = getComputedStyle(each);
    if (display === "contents") return true;
    const { width, height } = each.getBoundingClientRect();
    return each.checkVisibility({ visibilityProperty: true }) && (width > 1 || height > 1 || overflow === "visible");
  };
  const isOver = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const all = [...document.querySelectorAll("body *")];
  const loose = all.filter((each) => /absolute|fixed|sticky/.test(getComputedStyle(each).position) && isShown(each));
  const boxes = loose.map((each) => [each, each.getBoundingClientRect()]);
  // What lies over something else or under it is judged on every page.
  const isAlone = (each, box) =>
    boxes.every(([other, its]) => !isOver(box, its) || other.contains(each) || each.contains(other));

  const known = new Set(judged);
  const fresh = new Set();
  for (const each of all.filter((each) => hasWords(each) && isShown(each))) {
    const { color, fontSize, fontWeight, textShadow, textIndent } = getComputedStyle(each);
    const own = [each.localName, each.className, each.disabled, color, fontSize, fontWeight, textShadow, textIndent];
    const look = numbered(own.join() + groundOf(each));
    if (known.has(look) && isAlone(each, each.getBoundingClientRect())) continue;
    if (!known.has(look)) fresh.add(look);
    known.add(look);
    each.setAttribute("data-unjudged", "");
  }
  return [...fresh];
};
