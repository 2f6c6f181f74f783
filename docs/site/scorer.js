/* Guides come first, whether or not they name the thing in a heading; decisions and the list of changes come last. */
var Scorer = {
  score: ([page, , , , score]) => score + weightOf(page),
  objNameMatch: 4,
  objPartialMatch: 1,
  objPrio: { 0: 1, 1: 0, 2: -1 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

function weightOf(page) {
  if (page.startsWith("docs/adr/") || page === "CHANGELOG") return -12;
  return /^(docs\/)?[^/]+$/.test(page) ? 8 : 0;
}
