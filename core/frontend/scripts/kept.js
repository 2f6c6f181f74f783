// What this device keeps without network: whole forms with their photos, one for each service, in IndexedDB.
const STORE = "forms";
const COUNT = "parvis_kept"; // so that pages of people who keep nothing need not look

export async function all() {
  return (await ask("readonly", (store) => store.getAll())) ?? [];
}

export const one = (key) => ask("readonly", (store) => store.get(key));

export async function keep(form) {
  await ask("readwrite", (store) => store.put(form));
  await count();
}

export async function erase(key) {
  await ask("readwrite", (store) => store.delete(key));
  await count();
}

async function count() {
  const kept = (await all()).length;
  if (kept) localStorage.setItem(COUNT, kept);
  else localStorage.removeItem(COUNT);
}

async function ask(mode, act) {
  const base = await open();
  try {
    const transaction = base.transaction(STORE, mode);
    const asked = act(transaction.objectStore(STORE));
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
    const asked = indexedDB.open("parvis", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

// One press: the form goes through the same door as any other, once however often it is pressed. Until the town has
// it, it stays here; afterwards the town's own pages show what is missing, or the receipt.
export async function send(form) {
  const door = await fetch(form.door, { headers: { accept: "text/html" }, cache: "no-store" });
  const page = new DOMParser().parseFromString(await door.text(), "text/html");
  const box = (name) => page.querySelector(`form [name="${name}"]`)?.value;
  if (!door.ok || !box("_draft")) return { refused: true };
  if (!form.token) await keep(Object.assign(form, { token: box("_draft") }));
  const body = new FormData();
  body.set("_csrf", box("_csrf"));
  body.set("_draft", form.token);
  for (const [name, value] of form.entries) body.append(name, value, ...(value instanceof Blob ? [value.name || "photo"] : []));
  const answer = await fetch(form.key, { method: "POST", body, headers: { accept: "text/html" } });
  if (answer.status === 413) return { refused: true, heavy: heaviest(form) };
  if (!answer.ok) return { refused: true };
  await erase(form.key);
  return { at: answer.url };
}

function heaviest(form) {
  const files = form.entries.map(([, value]) => value).filter((value) => value instanceof Blob);
  return files.sort((one, other) => other.size - one.size)[0]?.name ?? "";
}
