// What the town's server says of a point: its nearest address, whose it is, the things around it. One answer, all at once.
const PAUSE = 120;

export class Judge {
  constructor(frame, chosen) {
    this.address = frame.dataset.judge;
    this.chosen = chosen;
    this.verdict = document.getElementById(frame.dataset.verdict ?? "");
    this.list = document.getElementById(frame.dataset.list ?? "");
  }

  // null when another point was asked for meanwhile, or when nobody answers: then the form is judged when it is sent.
  async ask({ lng, lat }, { keepsList = false } = {}) {
    this.asking?.abort();
    if (!this.address) return null;
    const asking = (this.asking = new AbortController());
    await new Promise((done) => setTimeout(done, PAUSE));
    if (asking.signal.aborted) return null;
    const query = new URLSearchParams({ lon: lng.toFixed(6), lat: lat.toFixed(6) });
    for (const code of this.chosen()) query.append("chosen", code);
    try {
      const answer = await fetch(`${this.address}${this.address.includes("?") ? "&" : "?"}${query}`, {
        headers: { accept: "application/json" },
        signal: asking.signal,
      });
      if (!answer.ok) return this.forget();
      const told = await answer.json();
      if (asking.signal.aborted) return null;
      this.show(told, keepsList);
      return told;
    } catch {
      return asking.signal.aborted ? null : this.forget();
    }
  }

  show(told, keepsList) {
    if (this.verdict) this.verdict.innerHTML = told.verdict;
    if (!this.list || keepsList) return;
    this.list.innerHTML = told.assets;
    this.list.dispatchEvent(new Event("assetslisted"));
  }

  forget() {
    this.asking?.abort();
    if (this.verdict) this.verdict.textContent = "";
    return null;
  }
}
