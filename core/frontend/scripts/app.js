// Loads the module of each thing found on the page; every page works without any of them.
document.documentElement.classList.add("js");

const modules = [
  ["[data-error-summary]", () => import("./errors.js")],
  ["[data-show-when]", () => import("./conditions.js")],
  ["[data-checks]", () => import("./checks.js")],
  ["[data-suggest]", () => import("./suggestions.js")],
  ["[data-files]", () => import("./files.js")],
  ["[data-count]", () => import("./count.js")],
  ["[data-live]", () => import("./live.js")],
  ["[data-map]", () => import("./maps.js")],
  ["[data-share]", () => import("./share.js")],
  ["[data-copy]", () => import("./copy.js")],
  ["[data-print]", () => import("./print.js")],
  ["[data-autosave]", () => import("./autosave.js")],
  ["[data-offline-form]", () => import("./offline_form.js")],
  ["[data-kept-drafts]", () => import("./offline_list.js")],
  ["[data-photo-first]", () => import("./photo_first.js")],
  ["[data-finder]", () => import("./finder.js")],
  ["[data-field-round]", () => import("./field_day.js")],
  ["[data-field-form]", () => import("./field_form.js")],
  ["[data-menu]", () => import("./menu.js")],
  ["[data-presence]", () => import("./presence.js")],
  ["[data-many]", () => import("./many.js")],
  ["[data-preview]", () => import("./preview.js")],
  ["#shortcuts", () => import("./shortcuts.js")],
];

function startIn(part) {
  for (const [selector, load] of modules) {
    const found = part.querySelectorAll(selector);
    if (found.length) load().then((module) => module.start(found));
  }
}
startIn(document);
addEventListener("part", ({ target }) => startIn(target)); // what a script has put into the page

const isKeeping = () => {
  try {
    return localStorage.getItem("parvis_kept");
  } catch {
    return null; // a browser that keeps nothing has nothing to say
  }
};
const isOnSite = () => {
  try {
    return localStorage.getItem("parvis_field");
  } catch {
    return null;
  }
};
const isForResidents = document.querySelector("link[rel=manifest]");
if (isForResidents && isKeeping()) import("./kept_bar.js").then((module) => module.start());
if (!isForResidents && isOnSite()) import("./field_leaving.js").then((module) => module.start());
if (isForResidents && "serviceWorker" in navigator) {
  const { language } = document.body.dataset;
  addEventListener("load", () => navigator.serviceWorker.register(`/sw.js?langue=${language}`).catch(() => null));
}
