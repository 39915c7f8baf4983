import { expect, test } from "vitest";
import { createInterruption } from "./interruption.ts";

function setUp() {
  const exits: number[] = [];
  let time = 0;
  const interruption = createInterruption({ exit: (code) => void exits.push(code), now: () => time });
  return { exits, interruption, pass: (ms: number) => (time += ms) };
}

test("the first signal asks for an orderly end and says which it was", () => {
  const { exits, interruption } = setUp();
  expect(interruption.signal.aborted).toBe(false);
  interruption.receive("SIGTERM");
  expect(interruption.signal.reason).toMatchObject({ name: "InterruptedError", signalName: "SIGTERM" });
  expect(exits).toEqual([]);
});

test("one Ctrl-C that arrives twice, from the terminal and from npm, is one", () => {
  const { exits, interruption, pass } = setUp();
  interruption.receive("SIGINT");
  pass(20);
  interruption.receive("SIGINT");
  expect(exits).toEqual([]);
});

test("a second Ctrl-C ends the process at once", () => {
  const { exits, interruption, pass } = setUp();
  interruption.receive("SIGINT");
  pass(501);
  interruption.receive("SIGINT");
  expect(exits).toEqual([130]);
});

test("a reader that goes away asks for an orderly end and no more", () => {
  const { exits, interruption, pass } = setUp();
  interruption.outputClosed();
  pass(1_000);
  interruption.outputClosed();
  expect(interruption.signal.aborted).toBe(true);
  expect(exits).toEqual([]);
});
