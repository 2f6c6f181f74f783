// Shows what was chosen, makes large photos smaller before they travel, and takes files dropped on the frame.
const WORDS = {
  fr: { remove: (name) => `Retirer ${name}`, many: (n) => `${n} fichiers au plus.`, big: (name) => `${name} est trop lourd.` },
  en: { remove: (name) => `Remove ${name}`, many: (n) => `${n} files at most.`, big: (name) => `${name} is too large.` },
};
const LONGEST_SIDE = 2560;
const WORTH_IT = 1_500_000;

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
    this.chosen = [];
    this.list = Object.assign(document.createElement("ul"), { className: "files", hidden: true });
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.status.className = "small";
    this.box.after(this.list, this.status);
    this.box.addEventListener("change", () => this.add([...this.box.files]));
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

  async add(files) {
    this.status.textContent = "";
    const room = this.most - this.kept() - this.chosen.length;
    if (files.length > room) this.status.textContent = this.words.many(this.most);
    for (const file of files.slice(0, Math.max(0, room))) {
      const ready = await lightened(file);
      if (ready.size > this.biggest) this.status.textContent = this.words.big(file.name);
      else this.chosen.push(ready);
    }
    this.update();
  }

  kept() {
    return this.frame.querySelectorAll('[data-kept] :is(input[type="hidden"], input:checked)').length;
  }

  update() {
    const transfer = new DataTransfer();
    for (const file of this.chosen) transfer.items.add(file);
    this.box.files = transfer.files;
    for (const image of this.list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.list.replaceChildren(...this.chosen.map((file) => this.item(file)));
    this.list.hidden = !this.chosen.length;
  }

  item(file) {
    const item = document.createElement("li");
    if (/^image\/(jpeg|png|webp)$/.test(file.type)) {
      item.append(Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" }));
    }
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet button--small" });
    remove.textContent = this.words.remove(file.name);
    remove.addEventListener("click", () => {
      this.chosen = this.chosen.filter((each) => each !== file);
      this.update();
      this.box.focus();
    });
    item.append(remove);
    return item;
  }
}

// A photo of a phone is several megabytes and more than anybody looks at; where the browser cannot read it, it goes as it is.
async function lightened(file) {
  if (!/^image\/(jpeg|webp|heic)$/.test(file.type) || file.size < WORTH_IT) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return blob && blob.size < file.size ? new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified }) : file;
  } catch {
    return file;
  }
}
