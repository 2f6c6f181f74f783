// Watches where the Tab key comes to: run before the first press; `told()` says afterwards what was missed.
() => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const look = (each) => {
    const style = getComputedStyle(each);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.backgroundColor, style.borderColor].join();
  };
  const isShown = (each) =>
    each.checkVisibility({ visibilityProperty: true }) && !each.disabled && !each.closest("[inert], [aria-hidden=true]");
  const groupOf = (each) => (each.type === "radio" ? `${each.form?.action}#${each.name}` : null);
  const hasRing = (each) =>
    [getComputedStyle(each), getComputedStyle(each, "::before"), getComputedStyle(each, "::after")].some(
      (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
    );
  const shown = (each) => each.outerHTML.slice(0, 120);

  document.activeElement.blur();
  const before = new Map([...document.querySelectorAll(controls)].filter(isShown).map((each) => [each, look(each)]));
  const seen = new Set();
  const unseen = [];
  document.addEventListener("focusin", ({ target }) => {
    seen.add(target);
    if (!before.has(target) || look(target) !== before.get(target)) return;
    const around = [target, target.nextElementSibling];
    for (let up = target.parentElement; up && around.length < 5; up = up.parentElement) around.push(up);
    if (!around.filter(Boolean).some(hasRing)) unseen.push(shown(target));
  });
  window.told = () => {
    const groups = new Set([...seen].map(groupOf).filter(Boolean));
    const missed = [...before.keys()].filter((each) => !seen.has(each) && isShown(each) && !groups.has(groupOf(each)));
    return { missed: missed.map(shown), unseen };
  };
  // A date or a time has several places within itself, and a frame has its own links.
  const inner = document.querySelectorAll("input[type=date], input[type=time]").length * 6;
  return before.size + inner + document.querySelectorAll("iframe").length * 12 + 3;
};
