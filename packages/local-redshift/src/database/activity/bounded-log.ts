/** The newest entries of a log, oldest first. */
export class BoundedLog<Entry> {
  readonly #most: number;
  #entries: Entry[] = [];

  /** `most` is how many entries are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length >= this.#most * 2) this.#entries = this.#entries.slice(-this.#most);
  }

  get entries(): readonly Entry[] {
    return this.#entries.slice(-this.#most);
  }
}
