/** Tells a person at a terminal what is being measured; quiet where stderr is none. */
export function say(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
}
