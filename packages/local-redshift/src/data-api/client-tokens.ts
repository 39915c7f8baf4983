/** The requests of the last hours by their client token, so that a repeat does not run again. */
export interface ClientTokens {
  /** What `submit` gave for this token before, or what it gives now. A submit that fails is forgotten. */
  once<T>(token: string | undefined, submit: () => Promise<T>): Promise<T>;
}

const rememberedTokens = 100_000;

/** Makes an empty memory that forgets a token after `lifeMs`; `now` in epoch milliseconds. */
export function createClientTokens(options: { readonly lifeMs: number; readonly now: () => number }): ClientTokens {
  const { lifeMs, now } = options;
  const entries = new Map<string, { readonly at: number; readonly outcome: Promise<unknown> }>();

  function forgetOld(): void {
    for (const [token, { at }] of entries) {
      if (at + lifeMs > now() && entries.size <= rememberedTokens) return;
      entries.delete(token);
    }
  }

  return {
    once<T>(token: string | undefined, submit: () => Promise<T>): Promise<T> {
      if (token === undefined) return submit();
      forgetOld();
      const known = entries.get(token);
      // UNCONFIRMED: a token that comes back with other SQL; here the first request counts.
      if (known) return known.outcome as Promise<T>;
      const outcome = submit();
      entries.set(token, { at: now(), outcome });
      outcome.catch(() => entries.delete(token));
      return outcome;
    },
  };
}
