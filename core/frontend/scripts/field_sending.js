// Sending what is kept: photos one by one, then the result under its key. However often it is cut off or pressed, in
// however many tabs, the town keeps it once; it leaves this device only when the town has said that it has it.
import { all, erase, hasKey, keep, keepKey, one, person, photo } from "./field_store.js";

const SITE = "/bureau/terrain";
const JSON_ONLY = { accept: "application/json" };

export class SignIn extends Error {
  isSignIn = true;
}

export class Other extends Error {
  isOther = true;
}

// Who the town says is there now; brings the key that seals, when it is not here yet.
export async function token() {
  const answer = await fetch(`${SITE}/jeton`, { headers: JSON_ONLY, cache: "no-store" });
  if (answer.status === 401) throw new SignIn();
  if (!answer.ok) throw new Error(answer.status);
  const told = await answer.json();
  if (told.person !== person()) throw new Other();
  if (!(await hasKey(told.person))) await keepKey(told.person, told.seal);
  return told;
}

// `tell(work, state, why)` for each; only one tab sends at a time. Answers whether another one does.
export async function sendAll(visits, tell) {
  const act = async (lock) => {
    if (!lock) return { busy: true };
    const told = await token();
    for (const visit of visits) {
      const work = await one(told.person, visit);
      if (work?.ready) await sendOne(work, told, tell);
    }
    return { busy: false };
  };
  return navigator.locks ? navigator.locks.request("parvis-field", { ifAvailable: true }, act) : act(true);
}

export async function sendReady(tell) {
  const ready = (await all(person())).filter((work) => work.ready).map((work) => work.visit);
  return sendAll(ready, tell);
}

async function sendOne(work, told, tell) {
  tell(work, "sending");
  const photos = await sendPhotos(work, told);
  if (photos.why) return refuse(work, photos.why, tell);
  const body = new FormData();
  for (const [name, value] of work.entries) body.append(name, value);
  for (const each of work.photos) body.append(each.field, work.sent[each.mark] ?? "");
  body.set("_key", work.key);
  const { answer, said } = await post(`${SITE}/${work.visit}`, body, told);
  if (answer.ok) {
    await erase(work.who, work.visit);
    return tell(work, "sent", said.words);
  }
  if (said.problems?.some((each) => each.code === "file_missing")) work.sent = {}; // they waited too long: sent anew
  return refuse(work, said.problems?.map((each) => each.message).join(" ") ?? said.why ?? said.detail ?? "", tell);
}

async function sendPhotos(work, told) {
  work.sent ??= {};
  for (const each of work.photos.filter(({ mark }) => !work.sent[mark])) {
    const file = await photo(work.who, work.visit, each);
    if (!file) continue;
    const body = new FormData();
    body.set("_key", work.key);
    body.set("mark", each.mark);
    body.set("photo", file, file.name);
    const { answer, said } = await post(`${SITE}/${work.visit}/photo`, body, told);
    if (!answer.ok) return { why: said.why ?? said.detail ?? "" };
    work.sent[each.mark] = said.id;
    await save(work);
  }
  return {};
}

async function refuse(work, why, tell) {
  work.why = why;
  await save(work);
  tell(work, "refused", why);
}

async function post(where, body, { csrf }) {
  const headers = { ...JSON_ONLY, "x-csrf-token": csrf };
  const answer = await fetch(where, { method: "POST", body, headers });
  if (answer.status === 401) throw new SignIn();
  if (answer.status >= 500) throw new Error(answer.status);
  return { answer, said: await answer.json().catch(() => ({})) };
}

function save({ who, visit, sealed, id, ...work }) {
  return keep(who, visit, work);
}
