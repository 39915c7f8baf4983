import type { Socket } from "node:net";

/** What a client with prior knowledge of HTTP/2 sends first; no HTTP/1 method starts so. Source: RFC 9113, section 3.4. */
const PREFACE_START = Buffer.from("PRI ", "latin1");

/**
 * Waits for the first bytes of a connection, says whether they begin the HTTP/2 preface, and hands the socket on with
 * those bytes put back. A connection that ends, or lets so many ms pass, before it says enough is destroyed.
 */
export function sniffHttp2(socket: Socket, timeoutMs: number, decide: (isHttp2: boolean) => void): void {
  let head: Buffer = Buffer.alloc(0);
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    const shared = Math.min(head.length, PREFACE_START.length);
    const matches = head.subarray(0, shared).equals(PREFACE_START.subarray(0, shared));
    if (matches && shared < PREFACE_START.length) return;
    clearTimeout(timer);
    socket.off("readable", onReadable);
    socket.off("end", giveUp);
    // Only now: bytes put back announce themselves as readable again.
    socket.unshift(head);
    decide(matches);
  };
  const giveUp = (): void => {
    clearTimeout(timer);
    socket.destroy();
  };
  const timer = setTimeout(giveUp, timeoutMs);
  socket.on("close", () => clearTimeout(timer));
  socket.on("readable", onReadable);
  socket.on("end", giveUp);
}
