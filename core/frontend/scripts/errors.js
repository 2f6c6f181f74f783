// Brings the summary of errors into view, so that a screen reader and a keyboard begin there.
export function start([summary]) {
  summary.focus();
  document.title = `${summary.querySelector("h2").textContent} – ${document.title}`;
}
