import { pathKey, type AskedPath } from "./shredded-path.ts";

/** Queries that have to ask for a path before it is shredded. */
const leastAsks = 2;
/** Most paths that are remembered of one view; what is asked for beyond them is read from JSON for ever. */
const maxRemembered = 1_000;

/** What queries have asked of a streaming view and did not find shredded; kept in memory, so it begins anew with the process. */
export class Wishes {
  readonly #asked = new Map<string, { readonly path: AskedPath; times: number }>();

  ask(path: AskedPath): void {
    const key = pathKey(path);
    const known = this.#asked.get(key);
    if (known !== undefined) known.times += 1;
    else if (this.#asked.size < maxRemembered) this.#asked.set(key, { path, times: 1 });
  }

  /** Paths that were asked for often enough, in the order of their first ask. */
  get ripe(): readonly AskedPath[] {
    return [...this.#asked.values()].filter(({ times }) => times >= leastAsks).map(({ path }) => path);
  }

  granted(paths: readonly AskedPath[]): void {
    for (const path of paths) this.#asked.delete(pathKey(path));
  }
}
