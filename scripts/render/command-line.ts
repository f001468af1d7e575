/** The command lines of a run's programs, as they can be typed into the shell of `make shell`. */
import type { Act } from '../lessons/lesson.ts';
import type { Command } from '../model/run.ts';

/** Where a host has lab/, Node and a folder to write into; the shell begins there. */
const home = '/run/echolab/';

/**
 * `strace -f … -o scratch/….strace node lab/node/udp-client.ts 10.0.0.2 9000`: without what puts the programs onto their host and
 * takes their privileges away, whose process numbers mean something to that lab alone.
 *
 * @param story a program whose input ends at once gets none here either
 */
export function commandLine(
  { host, argv, traced }: Pick<Command, 'host' | 'argv' | 'traced'>,
  story: readonly Act[] = [],
): string {
  const tracer = traced.indexOf('strace');
  const words = tracer === -1 ? traced.slice(-argv.length) : traced.slice(tracer);
  const [node = ''] = argv;
  const typed = words.map((word) =>
    word === node ? 'node' : word.startsWith(home) ? word.slice(home.length) : word,
  );
  const does = (act: Act['act']) =>
    story.some((one) => one.act === act && 'host' in one && one.host === host);
  const silent = does('end-input') && !does('input');
  return `${typed.map(quote).join(' ')}${silent ? ' </dev/null' : ''}`;
}

/** A word as a shell takes it; what must not reach a terminal as bash's escapes of its bytes, in any locale: `$'\xe2\x80\xae'`. */
function quote(word: string): string {
  if (/^[\w./:=,@%+?-]+$/.test(word)) return word;
  if (word.search(unsafe) === -1) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = word.replaceAll(/['\\]/g, (sign) => `\\${sign}`);
  return `$'${escaped.replaceAll(unsafe, bytesOf)}'`;
}

const bytesOf = (sign: string): string =>
  [...new TextEncoder().encode(sign)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
