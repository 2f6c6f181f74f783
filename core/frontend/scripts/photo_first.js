// On the first page: one press takes or chooses a photo, and the page that would ask for it is passed over.
export function start(links) {
  for (const link of links) link.addEventListener("click", (event) => choose(event, link));
}

function choose(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const box = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
  box.addEventListener("change", () => send(link, box.files));
  box.click();
}

async function send(link, files) {
  if (!files.length) return;
  link.setAttribute("aria-busy", "true");
  try {
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    const form = page.querySelector("form[enctype]");
    const body = new FormData(form);
    body.set(form.querySelector("input[type=file]").name, files[0]);
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
    location.assign(answer.status === 422 ? link.href : answer.url);
  } catch {
    location.assign(link.href); // the page itself says what is the matter
  }
}
