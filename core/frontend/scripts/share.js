// Hands the address of a page on: by the device's own sharing where it has one, else into the clipboard.
export function start(buttons) {
  for (const button of buttons) button.addEventListener("click", () => share(button));
}

async function share(button) {
  const box = document.getElementById(button.dataset.share);
  if (navigator.share) {
    await navigator.share({ title: button.dataset.title, url: box.value }).catch(() => null); // they thought better of it
    return;
  }
  box.select();
  await navigator.clipboard?.writeText(box.value).catch(() => null);
  button.closest("section").querySelector("[data-share-status]").textContent = button.dataset.copied;
}
