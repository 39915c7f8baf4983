/** One event of an {@link EventStreamAnswer}. */
export interface WireEvent {
  /** The member of the operation's event union, for example `SubscribeToShardEvent`. */
  readonly type: string;
  /** A structure as `WireService.handle` answers them, encoded in the protocol of the request. */
  readonly payload: unknown;
}

/**
 * An answer that goes on: events, sent as `application/vnd.amazon.eventstream` as they come, behind an empty
 * `initial-response`. The answer ends when `events` ends. A `WireError` thrown by `events` is sent as an exception of
 * its type and ends the answer; anything else thrown is sent as `InternalFailureException`, and the log hears of it.
 *
 * The next event is asked for once the client has room for it. When the client goes away or the server closes,
 * `return()` of the iterator is called; a generator that waits must also watch `WireRequest.signal`, because its
 * `return()` takes effect at its next `yield` only.
 */
export class EventStreamAnswer {
  readonly events: AsyncIterable<WireEvent>;

  constructor(events: AsyncIterable<WireEvent>) {
    this.events = events;
  }
}
