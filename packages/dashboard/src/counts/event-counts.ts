import type { QueryResult } from "@millrace/warehouse";

/** The second equation: every event is in exactly one place. */
export interface EventCounts {
  /** Single objects and elements of arrays, counted before anything is typed. */
  readonly total: number;
  readonly typed: { readonly activity: number; readonly web_requests: number };
  /** Events that no family took. */
  readonly quarantined: number;
  /** Records in quarantine that hold no event to count: not JSON, a bare value, an empty array. Not part of `total`. */
  readonly withoutEvents: number;
  /** `total = typed + quarantined`. */
  readonly ok: boolean;
}

/** Counts both sides of the events' equation in one statement, for rows of refreshes after `:since`. */
export const eventCountsSql = `
SELECT 'total' AS part, COUNT(*) AS events
FROM millrace.events
WHERE refresh_time > CAST(:since AS TIMESTAMP)
UNION ALL
SELECT 'activity' AS part, COUNT(*) AS events
FROM public.activity
WHERE refresh_time > CAST(:since AS TIMESTAMP)
UNION ALL
SELECT 'web_requests' AS part, COUNT(*) AS events
FROM public.web_requests
WHERE refresh_time > CAST(:since AS TIMESTAMP)
UNION ALL
SELECT CASE WHEN event_index IS NULL THEN 'without events' ELSE 'quarantined' END AS part, COUNT(*) AS events
FROM public.bad_events
WHERE refresh_time > CAST(:since AS TIMESTAMP)
GROUP BY 1
`.trim();

/** Running sums of the parts that {@link eventCountsSql} answers. */
export interface EventTally {
  add(result: QueryResult): void;
  clear(): void;
  read(): EventCounts;
}

export function createEventTally(): EventTally {
  const sums = new Map<string, number>();
  const sum = (part: string): number => sums.get(part) ?? 0;
  return {
    add(result) {
      for (const [part, events] of result.rows) sums.set(String(part), sum(String(part)) + Number(events));
    },
    clear: () => sums.clear(),
    read() {
      const total = sum("total");
      const typed = { activity: sum("activity"), web_requests: sum("web_requests") };
      const quarantined = sum("quarantined");
      return {
        total,
        typed,
        quarantined,
        withoutEvents: sum("without events"),
        ok: total === typed.activity + typed.web_requests + quarantined,
      };
    },
  };
}
