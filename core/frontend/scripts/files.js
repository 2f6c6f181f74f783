// Shows what was chosen at once, makes photos smaller before they travel, and takes files dropped on the frame.
// The order chosen is the order sent. A reduced photo carries no metadata: a page that wants to know where a photo was
// taken sends the original (no frame `data-files`), and the server reads the place before it writes the photo anew.
const WORDS = {
  fr: {
    remove: "Retirer",
    many: (most, names) => `${most} fichiers au plus. Non gardés\u00a0: ${names}.`,
    big: (name, limit) => `${name} est trop lourd\u00a0: ${limit} Mo au plus.`,
    empty: (name) => `${name} est vide.`,
    preparing: (n) => (n === 1 ? "Préparation d’un fichier…" : `Préparation de ${n} fichiers…`),
    ready: (n, size) => (n === 1 ? `1 fichier prêt (${size}).` : `${n} fichiers prêts (${size}).`),
    sending: (n) => (n === 1 ? "Envoi d’un fichier…" : `Envoi de ${n} fichiers…`),
    photo: (n, all) => `Photo ${n} sur ${all}`,
    size: (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} ko` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} Mo`),
  },
  en: {
    remove: "Remove",
    many: (most, names) => `${most} files at most. Not kept: ${names}.`,
    big: (name, limit) => `${name} is too large: ${limit} MB at most.`,
    empty: (name) => `${name} is empty.`,
    preparing: (n) => (n === 1 ? "Preparing a file…" : `Preparing ${n} files…`),
    ready: (n, size) => (n === 1 ? `1 file ready (${size}).` : `${n} files ready (${size}).`),
    sending: (n) => (n === 1 ? "Sending a file…" : `Sending ${n} files…`),
    photo: (n, all) => `Photo ${n} of ${all}`,
    size: (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`),
  },
};
const LONGEST_SIDE = 2048;
const LIGHT = 400_000; // bytes, below which nothing is won
const SHOWN = /^image\/(jpeg|png|webp|avif|heic|heif)$/;
const LIGHTENED = /^image\/(jpeg|webp|avif|heic|heif)$/;

export function start(frames) {
  for (const frame of frames) new Files(frame);
}

class Files {
  constructor(frame) {
    this.frame = frame;
    this.box = frame.querySelector('input[type="file"]');
    this.words = WORDS[document.body.dataset.language] ?? WORDS.en;
    this.most = Number(frame.dataset.most);
    this.biggest = Number(frame.dataset.biggest);
    this.isPhoto = frame.dataset.files === "photo";
    this.chosen = []; // in the order of choosing: {file, item, isReady}
    this.troubles = [];
    this.work = Promise.resolve(); // one photo is read at a time: telephones have little memory
    this.list = Object.assign(document.createElement("ul"), { className: "files", hidden: true });
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.status.className = "small";
    this.box.after(this.list, this.status);
    this.box.addEventListener("change", () => this.add([...this.box.files]));
    this.box.form?.addEventListener("submit", () => {
      if (this.chosen.length) this.status.textContent = this.words.sending(this.chosen.length);
    });
    this.acceptDrops();
    if (this.box.files.length) this.add([...this.box.files]); // chosen before this script came
  }

  acceptDrops() {
    const over = (isOver) => (event) => {
      event.preventDefault();
      this.frame.classList.toggle("is-over", isOver);
    };
    this.frame.addEventListener("dragover", over(true));
    this.frame.addEventListener("dragleave", over(false));
    this.frame.addEventListener("drop", (event) => {
      over(false)(event);
      this.add([...event.dataTransfer.files]);
    });
  }

  add(files) {
    const fresh = files.filter((file) => file.size && !this.chosen.some((each) => isSame(each.source, file)));
    const room = Math.max(0, this.most - this.kept() - this.chosen.length);
    const beyond = fresh.slice(room).map((file) => file.name);
    this.troubles = files.filter((file) => !file.size).map((file) => this.words.empty(file.name));
    if (beyond.length) this.troubles.push(this.words.many(this.most, beyond.join(", ")));
    for (const file of fresh.slice(0, room)) {
      const each = { source: file, file, isReady: false };
      each.item = this.item(each);
      this.chosen.push(each);
      this.work = this.work.then(() => this.prepare(each));
    }
    this.update();
  }

  async prepare(each) {
    if (!this.chosen.includes(each)) return; // taken away meanwhile
    if (this.isPhoto) each.file = await lightened(each.source);
    each.isReady = true;
    if (each.file.size > this.biggest) {
      this.troubles.push(this.words.big(each.file.name, Math.floor(this.biggest / 1e6)));
      this.drop(each);
    }
    each.item.querySelector(".files__size").textContent = `(${this.words.size(each.file.size)})`;
    this.update();
  }

  kept() {
    return this.frame.querySelectorAll('[data-kept] :is(input[type="hidden"], input:checked)').length;
  }

  drop(each) {
    this.chosen = this.chosen.filter((other) => other !== each);
    const image = each.item.querySelector("img");
    if (image) URL.revokeObjectURL(image.src);
  }

  update() {
    // What is not ready yet travels as it was chosen, should the form be sent at this moment.
    const transfer = new DataTransfer();
    for (const each of this.chosen) transfer.items.add(each.file);
    this.box.files = transfer.files;
    this.list.replaceChildren(...this.chosen.map((each) => each.item));
    this.list.hidden = !this.chosen.length;
    const images = [...this.list.querySelectorAll("img")];
    images.forEach((image, at) => (image.alt = this.words.photo(at + 1, images.length)));
    const waiting = this.chosen.filter((each) => !each.isReady).length;
    const total = this.chosen.reduce((sum, each) => sum + each.file.size, 0);
    const said = waiting ? this.words.preparing(waiting) : this.chosen.length ? this.words.ready(this.chosen.length, this.words.size(total)) : "";
    this.status.textContent = [...this.troubles, said].filter(Boolean).join(" ");
    this.frame.setAttribute("aria-busy", waiting > 0);
  }

  item(each) {
    const item = document.createElement("li");
    if (SHOWN.test(each.source.type)) {
      const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(each.source), alt: "", width: 320, height: 240 });
      image.addEventListener("error", () => image.remove()); // of a kind that this browser cannot show
      item.append(image);
    }
    const name = Object.assign(document.createElement("p"), { className: "files__name" });
    name.append(`${each.source.name} `, Object.assign(document.createElement("span"), { className: "files__size muted" }));
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet button--small" });
    remove.append(this.words.remove, Object.assign(document.createElement("span"), { className: "govuk-visually-hidden", textContent: ` ${each.source.name}` }));
    remove.addEventListener("click", () => {
      this.troubles = [];
      this.drop(each);
      this.update();
      this.box.focus();
    });
    item.append(name, remove);
    return item;
  }
}

function isSame(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

// A photo of a phone is several megabytes and more than anybody looks at. Never enlarged, always upright; where the
// browser cannot read it, or nothing is won, it goes as it is.
async function lightened(file) {
  if (!LIGHTENED.test(file.type) || file.size < LIGHT) return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const paper = canvas.getContext("2d");
    paper.imageSmoothingQuality = "high";
    paper.fillStyle = "#fff"; // JPEG knows nothing of transparency
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    canvas.width = canvas.height = 0; // gives the memory back at once
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return blob && blob.size < file.size ? new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified }) : file;
  } catch {
    return file;
  } finally {
    bitmap?.close();
  }
}
