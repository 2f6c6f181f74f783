// Marks controls that axe's rule of target size has nothing against for certain, by its own measures: large enough, or with
// no other near, and none lies on them. It looks at all that is left, and then at whatever is near each of these.
() => {
  const PRESSED = "a, area, button, input, select, textarea, option, summary, iframe, audio, video, [tabindex]";
  const [SIDE, REACH] = [24, 12]; // the least side of a target, and how far others stay from its middle
  const ROUNDED = 3; // lines that touch overlap by a pixel or two
  const boxed = (all) =>
    all
      .map((each) => ({ each, box: each.getBoundingClientRect() }))
      .filter(({ each, box }) => box.width > 0 && box.height > 0 && each.checkVisibility()); // folded away, each has a box
  const pressed = boxed([...document.querySelectorAll(PRESSED)]).sort((one, other) => one.box.top - other.box.top);
  const loose = boxed(
    [...document.querySelectorAll("body *")].filter((each) => !/static|relative/.test(getComputedStyle(each).position)),
  );
  const isOver = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const isLarge = (box) => Math.min(box.width, box.height) >= SIDE + ROUNDED;
  const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
  // From the middle of a target to the nearest point of another, and to the middle of a small one.
  const isNear = (box, other) => {
    const [x, y] = middle(box);
    const aside = Math.max(other.left - x, 0, x - other.right);
    const below = Math.max(other.top - y, 0, y - other.bottom);
    if (Math.hypot(aside, below) < REACH + ROUNDED) return true;
    const [toX, toY] = middle(other);
    return !isLarge(other) && Math.hypot(toX - x, toY - y) < 2 * REACH + ROUNDED;
  };
  const doubtful = new Set();
  const doubt = (one, other) => {
    if (other.each.contains(one.each)) return; // what a control stands in lies below it
    if (isOver(one.box, other.box) || (!isLarge(one.box) && isNear(one.box, other.box))) doubtful.add(one);
  };
  pressed.forEach((one, at) => {
    for (let next = at + 1; next < pressed.length && pressed[next].box.top < one.box.bottom + SIDE + ROUNDED; next++) {
      doubt(one, pressed[next]);
      doubt(pressed[next], one);
    }
    // Whatever else lies on a control cuts it into parts, which matters for how far others stay from it.
    const cuts = ({ each, box }) => isOver(one.box, box) && !each.contains(one.each) && !one.each.contains(each);
    if (!isLarge(one.box) && loose.some(cuts)) doubtful.add(one);
  });
  // An open menu lies over what is behind it, whole or in part, until one leaves it.
  const menus = boxed([...document.querySelectorAll("header details[open] > :not(summary)")]);
  const isBehind = ({ each, box }) => !each.closest("header") && menus.some((menu) => isOver(box, menu.box));
  for (const one of pressed) if (!doubtful.has(one) || isBehind(one)) one.each.setAttribute("data-apart", "");
};
