/** `client.annotated.log`: for a pager and for paper, at most 99 columns wherever the log's own lines allow it. */
import type { CallEvent } from '../../model/event.ts';
import type { Play } from '../files/renderer.ts';
import { wrapWords } from '../ledger.ts';
import { visible } from '../paint.ts';
import { annotated, type Entry, type Line } from './annotate.ts';
import type { Caused } from './caused.ts';
import { foldTitle, runtimeName, type Fold } from './fold.ts';
import { rawLine } from './raw-line.ts';

const width = 99;
const gutter = 7;
const indent = ' '.repeat(gutter);
const deep = ' '.repeat(gutter + 9);

export function renderAnnotatedLog(play: Play, host: string): string {
  const { entries, startNs } = annotated(play, host);
  const command = play.timeline.scene.commands.find((one) => one.host === host);
  const runtime = runtimeName(command?.argv ?? []);
  const lines = entries.flatMap((entry) => [...say(entry, { play, host, runtime, startNs }), '']);
  return [...heading(play, host), ...lines].join('\n');
}

/** What every entry's text needs to know. */
interface Page {
  readonly play: Play;
  readonly host: string;
  readonly runtime: string;
  readonly startNs: number;
}

function heading({ run, timeline: { scene } }: Play, host: string): string[] {
  const { address = '' } = scene.hosts.find(({ name }) => name === host) ?? {};
  const command = scene.commands.find((one) => one.host === host);
  const of = scene.scene === 'main' ? scene.variant : `${scene.variant}, ${scene.scene}`;
  return [
    ...wrapped(`${host}.strace of ${of}: the lines that matter, what they mean, what they caused`, '', '  '),
    `${address}, Linux ${run.machine.kernel}, strace ${run.tools['strace'] ?? ''}`,
    ...wrapped(`$ ${visible(command?.argv.join(' ') ?? '')}`, '', '  '),
    '',
    ...wrapped(
      'A number at the left is the line of the recording; behind it stands the line itself. → a packet leaves this host, ← one arrives. Milliseconds count from the first line. Words are explained where they come up first.',
      '',
      '',
    ),
    '',
  ];
}

function say(entry: Entry, page: Page): string[] {
  switch (entry.kind) {
    case 'fold':
      return page.play.unfold ? unfolded(entry, page) : sayFold(entry, page);
    case 'line':
      return sayLine(entry, page);
    case 'beside':
      return [`${indent}${sinceStart(entry.atNs, page)} ${entry.title}`, ...entry.caused.flatMap(sayCaused)];
    default:
      return unreachable(entry);
  }
}

function sayFold(fold: Fold, { runtime }: Page): string[] {
  const [from, until] = [fold.lines[0] ?? 0, fold.lines.at(-1) ?? 0];
  const where = from === until ? `line ${from}` : `lines ${from} to ${until}`;
  return wrapped(`… ${foldTitle(fold, runtime)} (${where})`, indent, `${indent}  `);
}

/** Every line, with a sentence where a call begins on it. */
function unfolded({ lines, calls }: Fold, page: Page): string[] {
  const byLine = new Map<number, CallEvent>(calls.map((call) => [call.line, call]));
  return lines.flatMap((line) => {
    const call = byLine.get(line);
    const means = call === undefined ? [] : wrapped(visible(page.play.explain(call).text), indent, indent);
    return [raw(line, page), ...means];
  });
}

const raw = (line: number, { play, host }: Page): string =>
  `${String(line).padStart(gutter - 2)}  ${rawLine(play.quote(`${host}.strace`, line) ?? '')}`;

function sayLine({ event, lines, means, manual, words, caused }: Line, page: Page): string[] {
  return [
    ...lines.map((line) => raw(line, page)),
    ...wrapped(`${sinceStart(event.atNs, page)} ${visible(means)} [${manual}]`, indent, indent),
    ...words.flatMap(({ word, means: meaning }) =>
      wrapped(`${visible(word)}: ${visible(meaning)}`, `${indent}  · `, `${indent}    `),
    ),
    ...caused.flatMap(sayCaused),
  ];
}

function sayCaused({ label, fact, means, log, seen }: Caused): string[] {
  return [
    ...wrapped(`${visible(fact)} (${seen.join(' ')})`, `${indent}${label.padEnd(8)} `, deep),
    ...means.flatMap((text) => wrapped(visible(text), deep, deep)),
    ...log.flatMap((line) => wrapped(visible(line), `${deep}LOG `, `${deep}    `)),
  ];
}

/** `+12.345 ms`, counted from the first line of the log. */
function sinceStart(atNs: number, { startNs }: Page): string {
  const ms = (atNs - startNs) / 1e6;
  return `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(3)} ms`;
}

/** A word that is longer than the line stays whole. */
const wrapped = (text: string, first: string, more: string): string[] =>
  wrapWords(text, width - more.length).map((line, at) => `${at === 0 ? first : more}${line}`);

function unreachable(entry: never): never {
  throw new Error(`no text for ${JSON.stringify(entry)}`);
}
