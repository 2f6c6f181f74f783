// What an inspector's device keeps of results not sent yet, in IndexedDB: sealed with a key of theirs, so that nobody
// else who uses the device reads it. The key comes from the town once they are signed in, cannot be taken out of the
// browser, and goes when they leave; what it has sealed waits for them.
const NAME = "parvis-field";
const FLAG = "parvis_field"; // so that other pages of the desk know whether to look

export const person = () => document.body.dataset.person ?? "";

export async function keepKey(who, seal) {
  const bytes = Uint8Array.from(atob(seal), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  await ask("keys", "readwrite", (store) => store.put({ who, key }));
  localStorage.setItem(FLAG, who);
}

export async function hasKey(who) {
  return Boolean((await ask("keys", "readonly", (store) => store.get(who)))?.key);
}

// Whoever's pages were kept here before: what is to be read goes, what is not sent stays under its seal.
export async function forgetPages() {
  localStorage.removeItem(FLAG);
  await caches.delete("field");
  await ask("keys", "readwrite", (store) => store.clear());
}

export const keptFor = () => localStorage.getItem(FLAG);

export async function all(who) {
  const rows = (await ask("works", "readonly", (store) => store.getAll())).filter((row) => row.who === who);
  return Promise.all(rows.map(async (row) => ({ ...row, ...(await opened(who, row.sealed)) })));
}

// How many results of this person wait; their content is not needed to know it.
export async function count(who) {
  return (await ask("works", "readonly", (store) => store.getAll())).filter((row) => row.who === who && row.ready).length;
}

export async function one(who, visit) {
  const row = await ask("works", "readonly", (store) => store.get(`${who} ${visit}`));
  return row && { ...row, ...(await opened(who, row.sealed)) };
}

// `ready` and what can be shown without the seal stand outside of it; everything said or seen on site inside.
export async function keep(who, visit, { ready, ...work }) {
  const sealed = await sealedWith(who, new TextEncoder().encode(JSON.stringify(work)));
  await ask("works", "readwrite", (store) => store.put({ id: `${who} ${visit}`, who, visit, ready: Boolean(ready), sealed }));
}

export async function keepPhoto(who, visit, mark, file) {
  if (await ask("photos", "readonly", (store) => store.getKey(`${who} ${visit} ${mark}`))) return;
  const sealed = await sealedWith(who, await file.arrayBuffer());
  await ask("photos", "readwrite", (store) => store.put({ id: `${who} ${visit} ${mark}`, sealed }));
}

export async function photo(who, visit, { mark, name, type, at }) {
  const row = await ask("photos", "readonly", (store) => store.get(`${who} ${visit} ${mark}`));
  return row && new File([await unsealed(who, row.sealed)], name, { type, lastModified: at });
}

export async function dropPhotos(who, visit, but = []) {
  const wanted = new Set(but.map((mark) => `${who} ${visit} ${mark}`));
  const ids = await ask("photos", "readonly", (store) => store.getAllKeys());
  for (const id of ids.filter((each) => each.startsWith(`${who} ${visit} `) && !wanted.has(each))) {
    await ask("photos", "readwrite", (store) => store.delete(id));
  }
}

export async function erase(who, visit) {
  await dropPhotos(who, visit);
  await ask("works", "readwrite", (store) => store.delete(`${who} ${visit}`));
}

async function opened(who, sealed) {
  return JSON.parse(new TextDecoder().decode(await unsealed(who, sealed)));
}

async function sealedWith(who, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(who), bytes) };
}

async function unsealed(who, { iv, bytes }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv }, await keyOf(who), bytes);
}

async function keyOf(who) {
  const row = await ask("keys", "readonly", (store) => store.get(who));
  if (!row) throw new Error("no key");
  return row.key;
}

async function ask(name, mode, act) {
  const base = await open();
  try {
    const transaction = base.transaction(name, mode);
    const asked = act(transaction.objectStore(name));
    await new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
    return asked.result;
  } finally {
    base.close();
  }
}

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("keys", { keyPath: "who" });
      asked.result.createObjectStore("works", { keyPath: "id" });
      asked.result.createObjectStore("photos", { keyPath: "id" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}
