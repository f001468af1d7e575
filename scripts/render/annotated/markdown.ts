/** `client.annotated.md`: the same for a browser, a wiki, a print: what is folded can be unfolded. */
import type { Play } from '../files/renderer.ts';
import { htmlText, mdBlock, mdCode, mdText } from '../markdown.ts';
import { annotated, type Entry, type Line } from './annotate.ts';
import type { Caused } from './caused.ts';
import { foldTitle, runtimeName, type Fold } from './fold.ts';
import { rawLine } from './raw-line.ts';

/** Of a folded line: enough to know the call. */
const shortLine = 160;

export function renderAnnotatedMarkdown(play: Play, host: string): string {
  const { scene } = play.timeline;
  const command = scene.commands.find((one) => one.host === host);
  const runtime = runtimeName(command?.argv ?? []);
  const of = scene.scene === 'main' ? scene.variant : `${scene.variant}, ${scene.scene}`;
  const { address = '' } = scene.hosts.find(({ name }) => name === host) ?? {};
  const lines = [
    `# ${mdText(`${host}.strace of ${of}`)}`,
    '',
    `${mdText(address)}, Linux ${mdText(play.run.machine.kernel)}, strace ${mdText(play.run.tools['strace'] ?? '')}`,
    '',
    ...mdBlock([command?.argv.join(' ') ?? '']),
    '',
    'The lines that matter, what each means, and what it caused. → a packet leaves this host, ← one arrives.',
    '',
    ...annotated(play, host).entries.flatMap((entry) => [...say(entry, play, host, runtime), '']),
  ];
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function say(entry: Entry, play: Play, host: string, runtime: string): string[] {
  switch (entry.kind) {
    case 'fold':
      return sayFold(entry, play, host, runtime);
    case 'line':
      return sayLine(entry, play, host);
    case 'beside':
      return [`### ${mdText(entry.title)}`, '', ...entry.caused.flatMap(sayCaused)];
    default:
      return unreachable(entry);
  }
}

const sayFold = (fold: Fold, play: Play, host: string, runtime: string): string[] => [
  `<details${play.unfold ? ' open' : ''}><summary>${htmlText(foldTitle(fold, runtime))}</summary>`,
  '',
  ...mdBlock(
    fold.lines.map((line) => `${line}  ${rawLine(play.quote(`${host}.strace`, line) ?? '', shortLine)}`),
  ),
  '',
  '</details>',
];

function sayLine({ event, lines, means, manual, words, caused }: Line, play: Play, host: string): string[] {
  const name = event.kind === 'call' ? event.name : event.kind;
  return [
    `### ${lines[0] ?? ''} ${mdText(name)}`,
    '',
    ...mdBlock(lines.map((line) => `${line}  ${rawLine(play.quote(`${host}.strace`, line) ?? '')}`)),
    '',
    `${mdText(means)} (${mdText(manual)})`,
    '',
    ...words.map(({ word, means: meaning }) => `- ${mdCode(word)} ${mdText(meaning)}`),
    ...(words.length > 0 && caused.length > 0 ? ['', '<!-- what it caused -->', ''] : []),
    ...caused.flatMap(sayCaused),
  ];
}

const sayCaused = ({ label, fact, means, log, seen }: Caused): string[] => [
  `- **${label}** ${mdCode(fact)} ${mdText(means.join('; '))} (${mdText(seen.join(' '))})`,
  ...(log.length === 0 ? [] : ['', ...mdBlock([...log]).map((line) => `  ${line}`), '']),
];

function unreachable(entry: never): never {
  throw new Error(`no text for ${JSON.stringify(entry)}`);
}
