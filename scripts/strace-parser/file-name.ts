/** `-ff -o trace` writes `trace.4711`: the pid of a file whose lines carry none; undefined for any other name. */
export function pidOfFileName(name: string): number | undefined {
  const digits = /\.(\d{1,7})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
