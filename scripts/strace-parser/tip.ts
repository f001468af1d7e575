/**
 * The tip of `--tips` behind a log on stderr: a text in a frame, held by an animal whose feet `format:full` shows
 * (strace's tips.c). Lines are known by the frame, and behind it by the lack of letters and digits.
 */

const top = /^ {2}_{46} {9}_{4}$/;
const frame = /^ [/|].{46}[ |\\/_]/;
const bottom = /^ \\_{46}\//;
const feet = /^ {40,}[^A-Za-z0-9]+$/;

export function isTipStart(line: string): boolean {
  return top.test(line);
}

/** True if `line` follows `before`, the last line of a tip so far. */
export function isTipLine(line: string, before: string): boolean {
  return bottom.test(before) || feet.test(before) ? feet.test(line) : frame.test(line) || bottom.test(line);
}
