/** The claim ledger: what the article says, how that stands here, and the lines that prove it. */
import type { JudgedVariant } from '../judge/run.ts';
import type { Verdict } from '../model/verdict.ts';
import { visible, type Paint } from './paint.ts';

const width = 99;
const indent = ' '.repeat(13);

/** @param judged the variants of one lesson; what they say of a claim stands together */
export function renderLedger(judged: readonly JudgedVariant[], paint: Paint): string[] {
  const labelWidth = Math.max(0, ...judged.map(({ variant }) => labelOf(variant).length));
  const claims = judged[0]?.lesson.claims ?? [];
  return claims.flatMap((claim) =>
    judged.flatMap(({ variant, verdicts }) =>
      verdicts
        .filter((one) => one.claim === claim.id)
        .flatMap((verdict) => entry(verdict, labelOf(variant).padEnd(labelWidth), paint)),
    ),
  );
}

/** `TCP`, `UDP libc`: Node is what nothing is said of. */
export function labelOf(variant: string): string {
  const [runtime = '', protocol = ''] = variant.split('-');
  return runtime === 'node' ? protocol.toUpperCase() : `${protocol.toUpperCase()} ${runtime}`;
}

/**
 * ✔ agrees     udp-silent            UDP  nothing leaves the client, not even ARP
 *              client.strace:87 0 packets between the fences, as 4 of 4 recorders saw them
 */
function entry(verdict: Verdict, label: string, paint: Paint): string[] {
  const { mark, tint } = signs(paint)[verdict.verdict];
  const word = verdict.verdict === 'met' ? verdict.stance : verdict.verdict;
  const head = `${tint(`${mark} ${word.padEnd(11)}`)}${verdict.claim.padEnd(21)} ${label}  `;
  const column = indent.length + 21 + 1 + label.length + 2;
  const [first = '', ...more] = wrapWords(visible(verdict.because), width - column);
  return [
    head + first,
    ...more.map((line) => ' '.repeat(column) + line),
    ...(verdict.why === undefined
      ? []
      : wrapWords(verdict.why, width - indent.length).map((line) => paint.dim(indent + line))),
    ...wrapWords(references(verdict), width - indent.length).map((line) => paint.dim(indent + line)),
  ];
}

const signs = (paint: Paint) => ({
  met: { mark: '✔', tint: paint.green },
  unmet: { mark: '✘', tint: paint.red },
  unobserved: { mark: '?', tint: paint.yellow },
});

/** `client.strace:126 client.pcap#3`: a line of a text, a frame of a capture. */
function references({ evidence }: Verdict): string {
  const fences = evidence.filter(({ text }) => text.startsWith('fence: '));
  const lines = evidence
    .filter((one) => !fences.includes(one))
    .map(({ source, line }) => refer(source, line));
  const shown = [...new Set(lines)];
  const recorders = fences.length / 2;
  const absent =
    recorders > 0 ? [`0 packets between the fences, as ${recorders} of ${recorders} recorders saw them`] : [];
  const rest = shown.length > 8 ? [`and ${shown.length - 8} more in verdicts.json`] : [];
  return [...shown.slice(0, 8), ...rest, ...absent].join(' ');
}

export const refer = (source: string, line: number): string =>
  `${source}${source.endsWith('.pcap') ? '#' : ':'}${line}`;

export function wrapWords(text: string, max: number): string[] {
  if (text.length <= max && /^[^ ]/.test(text)) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > max) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
