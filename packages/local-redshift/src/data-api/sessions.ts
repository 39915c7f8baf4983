import { randomUUID } from "node:crypto";
import type { DatabaseSession } from "../database/database.ts";
import { sessionBusy, sessionUnavailable, sessionUnknown, tooManyActive } from "./errors.ts";
import type { DataApiLimits } from "./limits.ts";
import type { Login } from "./target.ts";

const greatestAgeMs = 24 * 3_600_000;
const rememberedClosedSessions = 1_000;

/** A session of the Data API: a database session that outlives a statement. */
export interface Session {
  readonly id: string;
  readonly login: Login;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  updatedAt: number;
  /** How long it lives after a statement, in seconds: 0 to 86,400. */
  keepAliveSeconds: number;
  status: "AVAILABLE" | "BUSY" | "CLOSED";
  currentStatementId?: string;
  /** Connected by the first statement. */
  connection?: DatabaseSession;
}

/** The sessions of the last 24 hours. */
export interface SessionStore {
  /** Opens a session for a statement, which holds it until {@link release}. */
  open(login: Login, keepAliveSeconds: number, statementId: string): Session;
  /** Gives an open session to a statement. Throws the service's errors for one that is unknown, busy or reclaimed. */
  take(sessionId: string, statementId: string, keepAliveSeconds: number | undefined): Session;
  /** Ends the statement's hold; the idle time starts. */
  release(session: Session): Promise<void>;
  /** Closes a session for good. */
  close(session: Session): Promise<void>;
  /** When the session will be closed, in epoch milliseconds. */
  expiryOf(session: Session): number;
  /** All sessions, newest first. */
  list(): Session[];
  /** Closes all. */
  closeAll(): Promise<void>;
}

/** Makes an empty store. */
export function createSessionStore(options: {
  readonly limits: DataApiLimits;
  readonly now: () => number;
}): SessionStore {
  const { limits, now } = options;
  const sessions = new Map<string, Session>();
  const timers = new Map<string, NodeJS.Timeout>();

  const expiryOf = (session: Session) =>
    Math.min(session.updatedAt + session.keepAliveSeconds * 1000, session.createdAt + greatestAgeMs);

  async function close(session: Session): Promise<void> {
    clearTimeout(timers.get(session.id));
    timers.delete(session.id);
    if (session.status === "CLOSED") return;
    session.status = "CLOSED";
    session.updatedAt = now();
    delete session.currentStatementId;
    const connection = session.connection;
    delete session.connection;
    await connection?.close().catch(() => undefined);
  }

  async function closeWhenIdle(session: Session): Promise<void> {
    if (session.status !== "AVAILABLE") return;
    if (expiryOf(session) <= now() || session.connection?.isClosed === true) await close(session);
  }

  function hold(session: Session, statementId: string): Session {
    clearTimeout(timers.get(session.id));
    session.status = "BUSY";
    session.currentStatementId = statementId;
    session.updatedAt = now();
    return session;
  }

  function forgetOld(): void {
    for (const session of sessions.values()) {
      if (sessions.size <= rememberedClosedSessions && session.createdAt + greatestAgeMs > now()) return;
      if (session.status === "CLOSED") sessions.delete(session.id);
    }
  }

  return {
    open(login, keepAliveSeconds, statementId) {
      forgetOld();
      const isOpenHere = (other: Session) =>
        other.status !== "CLOSED" && other.login.warehouse.workgroupName === login.warehouse.workgroupName;
      if ([...sessions.values()].filter(isOpenHere).length >= limits.maxActiveSessions) {
        throw tooManyActive("Sessions", limits.maxActiveSessions);
      }
      const at = now();
      const id = randomUUID();
      const session: Session = { id, login, createdAt: at, updatedAt: at, keepAliveSeconds, status: "BUSY" };
      sessions.set(id, session);
      return hold(session, statementId);
    },
    take(sessionId, statementId, keepAliveSeconds) {
      const session = sessions.get(sessionId);
      if (!session) throw sessionUnknown(sessionId);
      void closeWhenIdle(session);
      if (session.status === "CLOSED") throw sessionUnavailable();
      if (session.status === "BUSY") throw sessionBusy(sessionId);
      if (keepAliveSeconds !== undefined) session.keepAliveSeconds = keepAliveSeconds;
      return hold(session, statementId);
    },
    async release(session) {
      if (session.status === "CLOSED") return;
      session.status = "AVAILABLE";
      session.updatedAt = now();
      delete session.currentStatementId;
      await closeWhenIdle(session);
      if (session.status === "AVAILABLE") {
        const timer = setTimeout(() => void closeWhenIdle(session), Math.max(0, expiryOf(session) - now()));
        timers.set(session.id, timer.unref());
      }
    },
    close,
    expiryOf,
    list() {
      forgetOld();
      for (const session of sessions.values()) void closeWhenIdle(session);
      return [...sessions.values()].reverse();
    },
    async closeAll() {
      await Promise.all([...sessions.values()].map(close));
    },
  };
}
