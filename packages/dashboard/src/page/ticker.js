// A number that counts up to its value.

import { setText } from "./elements.js";
import { formatCount } from "./format.js";

const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const durationMs = 650;

/**
 * Returns a function that takes the next value of the number in `node`. The first value stands at once; later ones are counted up to
 * over the time that usually passes until the one after.
 * @param {Node} node
 * @param {(value: number) => string} [format]
 */
export function ticker(node, format = formatCount) {
  /** @type {number | undefined} */
  let shown;
  let from = 0;
  let to = 0;
  let startedAt = 0;
  let isRunning = false;

  /** @param {number} time */
  function step(time) {
    const share = Math.min(1, (time - startedAt) / durationMs);
    shown = from + (to - from) * share;
    setText(node, format(Math.round(shown)));
    if (share < 1) requestAnimationFrame(step);
    else isRunning = false;
  }

  return (/** @type {number} */ value) => {
    if (shown === undefined || stillness.matches || document.hidden || value < shown) {
      shown = to = value;
      startedAt = -Infinity;
      setText(node, format(value));
      return;
    }
    if (value === to) return;
    from = shown;
    to = value;
    startedAt = performance.now();
    if (!isRunning) {
      isRunning = true;
      requestAnimationFrame(step);
    }
  };
}
