/** A valid activity event; a test states only the field it is about. */
export function joinEvent(
  fields: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> & { event_id: string } {
  return { event_id: "e-1", event_time: "2026-11-21T10:00:00Z", event_name: "JOIN", user: 7, ...fields };
}

/** That many valid events, `e-0` and on. */
export function joinEvents(count: number): readonly ReturnType<typeof joinEvent>[] {
  return Array.from({ length: count }, (_, index) => joinEvent({ event_id: `e-${index}`, user: index % 101 }));
}
