/** Where the lanes of a sequence diagram stand. */
export interface Lanes {
  readonly list: readonly { readonly x: number; readonly names: readonly string[] }[];
  readonly program: (host: string) => number;
  readonly kernel: (host: string) => number;
  readonly wire: number;
  readonly width: number;
}

/** Left of the first lane stand the times, and half a lane's name; right of the last the other half. */
const [left, right] = [84, 36];

/** The client's at the left of the wire, all others' at its right, the programs outside. */
export function lanesOf(hosts: readonly { name: string }[], width: number): Lanes {
  const [client = { name: '' }, ...others] = hosts;
  const all = [
    [client.name, 'program'],
    [client.name, 'kernel'],
    ['wire'],
    ...others.flatMap(({ name }) => [
      [name, 'kernel'],
      [name, 'program'],
    ]),
  ];
  const step = (width - left - right) / (all.length - 1);
  const list = all.map((names, n) => ({ names, x: Math.round(left + n * step) }));
  const find = (host: string, part: string) =>
    list.find(({ names }) => names[0] === host && names[1] === part)?.x ?? left;
  return {
    list,
    program: (host) => find(host, 'program'),
    kernel: (host) => find(host, 'kernel'),
    wire: list[2]?.x ?? left,
    width,
  };
}
