// Shows the town's pages when there is no network. With network it only passes pages through; it keeps nothing of
// anybody: the files of the shell, the page that says "no network", and empty forms. `self.PARVIS` comes with the town.
const { version, files, pages, alone } = self.PARVIS;
const OURS = "parvis-";
const CACHE = OURS + version;
// What somebody of the town carries on site: put there by their own pages, taken away when they leave.
const FIELD = "field";
const SITE = "/bureau/terrain";

addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (files.includes(pathname)) event.respondWith(kept(request, pathname));
  else if (request.mode === "navigate" && languageOf(pathname)) event.respondWith(page(event, pathname));
  else if (request.mode === "navigate" && pathname.startsWith(SITE)) event.respondWith(onSite(event, pathname));
  else if (request.mode === "navigate") event.respondWith(passed(event));
  else if (pathname.startsWith("/static/built/")) event.respondWith(fetch(request).catch(() => keptOnSite(pathname)));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(files);
  await Promise.all(pages.map((path) => keepPage(cache, path)));
}

async function keepPage(cache, path) {
  const answer = await fetch(path, { headers: { accept: "text/html" }, cache: "no-cache" });
  if (answer.ok && !answer.redirected) await cache.put(path, answer);
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
}

async function kept(request, pathname) {
  const cache = await caches.open(CACHE);
  return (await cache.match(pathname)) ?? fetch(request);
}

// What was asked for beside the start of this worker is the answer: a page that is asked for twice can be one too many.
async function passed(event) {
  return (await event.preloadResponse) ?? (await fetch(event.request));
}

async function page(event, pathname) {
  try {
    return await passed(event);
  } catch {
    const cache = await caches.open(CACHE);
    const found = (await cache.match(pathname, { ignoreVary: true })) ?? (await cache.match(alone[languageOf(pathname)], { ignoreVary: true }));
    return found ?? Response.error();
  }
}

async function onSite(event, pathname) {
  try {
    return await passed(event);
  } catch {
    return keptOnSite(pathname);
  }
}

async function keptOnSite(pathname) {
  const cache = await caches.open(FIELD);
  return (await cache.match(pathname, { ignoreVary: true })) ?? Response.error();
}

// The pages of residents begin with their language; the root leads to the first one.
function languageOf(pathname) {
  const first = pathname.split("/")[1];
  return first in alone ? first : pathname === "/" ? Object.keys(alone)[0] : "";
}
