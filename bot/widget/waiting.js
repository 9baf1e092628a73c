// How long to wait before the next try.

const FIRST_WAIT = 1000; // ms
const LONGEST_WAIT = 30000;

/** Doubling, with chance in it: a restarted server does not get everybody at once. */
export function waitAfter(failures) {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, failures - 1)) * (0.75 + Math.random() / 2);
}
