// Watches the Tab key on a page, or on the part of it that it has not walked yet. From one control to the next is a
// step; a step is known by all that where the focus goes and how it shows comes from: the two controls and what they stand
// in, without their words, and the scripts and style sheets of the page.
// `steps(forced)` gives back the steps of the page, `watch(first, last)` begins before one of them, and `told()` says what was
// missed.
({
  controls: "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']",

  isShown: (each) =>
    each.checkVisibility({ visibilityProperty: true }) && !each.disabled && !each.closest("[inert], [aria-hidden=true]"),

  steps(forced) {
    // Of what an attribute says counts what style sheets and scripts go by: kinds and states, no names, addresses or words.
    const isKind = (name, value) =>
      /^(class|type|role|tabindex|rel|target|form)$/.test(name) || (/^(aria|data)-/.test(name) && /^[a-z-]{0,20}$/.test(value));
    const own = ({ localName, attributes }) =>
      [localName, ...[...attributes].map(({ name, value }) => (isKind(name, value) ? `${name}=${value}` : name)).sort()].join(" ");
    const within = new Map();
    const chain = (each) => {
      if (!each) return "";
      if (!within.has(each)) within.set(each, `${chain(each.parentElement)}/${own(each)}`);
      return within.get(each);
    };
    const sheets = [...document.styleSheets, ...document.adoptedStyleSheets].map((each) => `${each.href} ${each.cssRules.length}`);
    const scripts = [...document.scripts].map(({ src }) => src);
    const page = [...sheets, ...scripts, forced, matchMedia("(prefers-color-scheme: dark)").matches, innerWidth].join();
    this.all = [...document.querySelectorAll(this.controls)].filter(this.isShown);
    const chains = ["", ...this.all.map(chain), ""];
    return chains.slice(1).map((each, at) => numbered(`${page}|${chains[at]}|${each}`));
  },

  // Gives back how often Tab is to be pressed.
  watch(first, last) {
    const look = (each) => {
      const style = getComputedStyle(each);
      return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.backgroundColor, style.borderColor].join();
    };
    const groupOf = (each) => (each.type === "radio" ? `${each.form?.action}#${each.name}` : null);
    const hasRing = (each) =>
      [getComputedStyle(each), getComputedStyle(each, "::before"), getComputedStyle(each, "::after")].some(
        (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
      );
    const shown = (each) => each.outerHTML.slice(0, 120);

    document.activeElement.blur();
    const before = new Map(this.all.map((each) => [each, look(each)]));
    const from = this.all[first - 1];
    from?.focus();
    const due = this.all.slice(first, last + 1);
    const seen = new Set(from ? [from] : []);
    const unseen = [];
    document.addEventListener("focusin", ({ target }) => {
      seen.add(target);
      if (!before.has(target) || look(target) !== before.get(target)) return;
      const around = [target, target.nextElementSibling];
      for (let up = target.parentElement; up && around.length < 5; up = up.parentElement) around.push(up);
      if (!around.filter(Boolean).some(hasRing)) unseen.push(shown(target));
    });
    this.told = () => {
      const groups = new Set([...seen].map(groupOf).filter(Boolean));
      const missed = due.filter((each) => !seen.has(each) && this.isShown(each) && !groups.has(groupOf(each)));
      document.activeElement.blur(); // what has the focus may open or close something, and move what is pressed next
      return { missed: missed.map(shown), unseen };
    };
    // A date or a time has several places within itself, and a frame has its own links.
    const inner = [from, ...due].filter((each) => each?.matches("input[type=date], input[type=time]")).length * 6;
    return due.length + inner + document.querySelectorAll("iframe").length * 12 + 3;
  },
})
