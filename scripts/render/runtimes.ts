/**
 * The page “Node and libc”: which call of Node's stands where the article's program makes which, from the recordings of
 * every scene that both runtimes play.
 */
import type { JudgedVariant } from '../judge/run.ts';
import type { HostSteps } from '../correlate/steps.ts';
import type { CallEvent, StepName } from '../model/event.ts';
import { whyOther } from '../explain/runtimes.ts';
import { wrapWords } from './ledger.ts';

const width = 99;

/** What stands in one row: the calls of one step, as each runtime makes them, and on which hosts it was so. */
interface Row {
  readonly protocol: string;
  readonly step: StepName;
  readonly libc: string;
  readonly node: string;
  readonly hosts: Set<string>;
}

export function renderRuntimes(judged: readonly JudgedVariant[]): string {
  const rows = rowsOf(judged);
  const table = rows.map((row) => ({
    cells: [row.protocol, row.step, row.libc, row.node, [...row.hosts].toSorted().join(', ')],
    why: whyOther(row.step, row.libc, row.node),
  }));
  const title = ['', 'step', 'libc', 'node', 'on'];
  const widths = title.map((name, n) =>
    Math.max(name.length, ...table.map(({ cells }) => cells[n]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) => cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join('  ');
  const say = ({ cells, why }: (typeof table)[number]) => {
    const begin = `${line(cells)}  `;
    const [first = '', ...more] = wrapWords(why, width - begin.length);
    return [`${begin}${first}`.trimEnd(), ...more.map((text) => ' '.repeat(begin.length) + text)];
  };
  return [
    'Which call of Node’s stands where a program makes the article’s',
    '',
    'libc: programs that make the article’s calls themselves. node: node:net and node:dgram. Each row is a step as it',
    'was recorded, in every scene that both play.',
    '',
    line(title).trimEnd(),
    ...table.flatMap(say),
    '',
  ].join('\n');
}

function rowsOf(judged: readonly JudgedVariant[]): Row[] {
  const rows: Row[] = [];
  for (const { lesson, variant, timelines } of judged) {
    const [runtime, protocol = ''] = variant.split('-');
    const other = judged.find((one) => one.lesson === lesson && one.variant === `libc-${protocol}`);
    if (runtime !== 'node' || other === undefined) continue;
    for (const [scene, timeline] of timelines) {
      const there = other.timelines.get(scene);
      if (there === undefined) continue;
      for (const own of timeline.hosts) {
        const libc = callsByStep(there.hosts.find(({ host }) => host === own.host));
        const node = callsByStep(own);
        for (const step of new Set([...libc.keys(), ...node.keys()])) {
          const row = {
            ...{ protocol: protocol.toUpperCase(), step },
            ...{ libc: libc.get(step) ?? '–', node: node.get(step) ?? '–' },
          };
          const known = rows.find((one) => sameRow(one, row));
          if (known === undefined) rows.push({ ...row, hosts: new Set([own.host]) });
          else known.hosts.add(own.host);
        }
      }
    }
  }
  const order: readonly StepName[] = [
    ...(['socket', 'bind', 'listen', 'connect', 'accept', 'send', 'receive', 'shutdown', 'close'] as const),
  ];
  return rows.toSorted(
    (one, two) =>
      one.protocol.localeCompare(two.protocol) || order.indexOf(one.step) - order.indexOf(two.step),
  );
}

const sameRow = (one: Row, other: Omit<Row, 'hosts'>): boolean =>
  one.protocol === other.protocol &&
  one.step === other.step &&
  one.libc === other.libc &&
  one.node === other.node;

/** The names of the calls of each step, each once. */
function callsByStep(host: HostSteps | undefined): Map<StepName, string> {
  const names = new Map<StepName, string>();
  for (const { name, calls } of host?.steps ?? []) {
    const known = names.get(name)?.split(', ') ?? [];
    names.set(name, [...new Set([...known, ...calls.map(sayName)])].join(', '));
  }
  return names;
}

const sayName = ({ name, flags }: CallEvent): string =>
  name === 'getsockopt' && flags !== undefined ? flags : name;
