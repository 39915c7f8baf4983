import cliProgress from "cli-progress";

/** A bar on stderr; invisible where stderr is not a terminal. */
export interface ProgressBar {
  /** `done` in the unit of the total; `note` replaces the text behind the bar. */
  update(done: number, note: string): void;
  /** May be called more than once. */
  stop(): void;
}

/** Starts a bar over `totalBytes`, or a counter without an end when the total is not known (standard input). */
export function startProgressBar({
  label,
  totalBytes,
}: {
  readonly label: string;
  readonly totalBytes: number | undefined;
}): ProgressBar {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new cliProgress.SingleBar({
    format: totalBytes === undefined ? `${label}  {note}` : `${label} {bar} {percentage}%  {note}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    fps: 10,
    stream: process.stderr,
  });
  bar.start(totalBytes ?? 0, 0, { note: "" });
  let running = true;
  return {
    update: (done, note) => bar.update(done, { note }),
    stop: () => {
      if (running) bar.stop();
      running = false;
    },
  };
}
