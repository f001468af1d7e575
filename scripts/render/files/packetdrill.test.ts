/** Transcripts follow the grammar of packetdrill (parser.y, lexer.l), read here by a parser of the part that they use. */
import { beforeAll, expect, test } from 'vitest';
import { wholeHostile, wholeReference } from '../../live/reference.ts';
import { renderPacketdrill } from './packetdrill.ts';
import type { WholeRun } from './renderer.ts';

let runs: WholeRun[] = [];
beforeAll(async () => {
  runs = await Promise.all([wholeReference('linux-6.18-root'), wholeHostile()]);
});

const transcripts = () =>
  runs.flatMap(({ plays }) =>
    plays.flatMap((play) =>
      play.timeline.scene.hosts
        .filter(({ name }) => play.files.has(`${name}.strace`))
        .map(({ name }) => ({ play, host: name, text: renderPacketdrill(play, name) })),
    ),
  );

test('every line is an event with a time, or a comment', () => {
  for (const { text, play } of transcripts()) {
    for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('//'))) {
      expect(reasonAgainst(line), `${play.folders[0]}: ${line}`).toBeUndefined();
    }
  }
});

test('packets and calls on sockets are all there, and times add up', () => {
  for (const { text, play, host } of transcripts()) {
    const lines = text.split('\n').filter((line) => /^(?:\/\/ (?:never returned: )?)?\+/.test(line));
    const own = play.timeline.events.filter((event) =>
      event.kind === 'packet'
        ? event.sightings.some((seen) => seen.host === host && seen.hook === 'wire')
        : event.kind === 'call' && event.host === host && event.socket !== undefined,
    );
    expect(lines).toHaveLength(own.length);
    const times = own.map((event) => {
      const seen =
        event.kind === 'packet' && event.sightings.find((one) => one.host === host && one.hook === 'wire');
      return seen ? seen.atNs : event.atNs;
    });
    const total = lines.reduce((sum, line) => sum + Number(/\+([\d.]+?)(?:\.\.\.| )/.exec(line)?.[1]), 0);
    const span = times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1e9;
    expect(Math.abs(total - span)).toBeLessThan(1e-6 * Math.max(1, lines.length));
  }
});

test('a handshake counts from 0 on both sides, and bytes from 1', () => {
  const echo = transcripts().find(
    ({ play, host }) => play.folders.includes('echo/node-tcp') && host === 'client',
  );
  const packets = echo?.text.split('\n').flatMap((line) => {
    const parts = /^\S+ ([<>]) \d+ > \d+ (\S+) (\d+:\d+\(\d+\))(?: ack (\d+))?/.exec(line);
    return parts === null ? [] : [parts.slice(1).join(' ').trim()];
  });
  expect(packets?.slice(0, 4)).toEqual(['> S 0:0(0)', '< S. 0:0(0) 1', '> . 1:1(0) 1', '> P. 1:8(7) 1']);
});

/** Why a line is no event of the grammar; undefined where it is one. */
function reasonAgainst(line: string): string | undefined {
  const time = /^\+\d+\.\d{6}(?:\.\.\.\d+\.\d{6})? /.exec(line);
  if (time === null) return 'no time';
  const rest = line.slice(time[0].length).replace(/ {2}\/\/ [^\n]*$/, '');
  if (/^[<>]/.test(rest)) return packet.some((form) => form.test(rest)) ? undefined : 'no packet';
  const call = /^([a-z]\w*)\((.*)\) = (-?\d+)(?: [A-Z]\w*(?: \([\w ]+\))?)?$/s.exec(rest);
  if (call === null) return 'no call';
  const left = call[2] === '' ? '' : expressionList(call[2] ?? '');
  return left === '' ? undefined : `no arguments: ${left}`;
}

const option = String.raw`(?:mss \d+|wscale \d+|sackOK|nop|eol|TS val \d+ ecr \d+|sack \d+:\d+(?: \d+:\d+)*)`;
const packet = [
  new RegExp(
    String.raw`^[<>] \d+ > \d+ (?:[FSRPUEW]+\.?|\.|-) \d+:\d+\(\d+\)(?: ack \d+)? win \d+(?: <(?:${option}(?:,${option})*|\.\.\.)>)?$`,
  ),
  /^[<>] udp \d+ > \d+ \(\d+\)$/,
  /^[<>] icmp \w+(?: \w+)?(?: \[udp \(\d+\)\])?$/,
];

/** Takes an expression list off the text; gives what is left. */
function expressionList(text: string): string {
  let left = expression(text);
  while (left.startsWith(', ')) left = expression(left.slice(2));
  return left;
}

function expression(text: string): string {
  const simple =
    /^(?:"(?:\\.|[^"\\])*"(?:\.\.\.)?|\.\.\.|-?\d+|0x[0-9a-f]+|inet_addr\("[\d.]+"\)|htons\(\d+\))/.exec(
      text,
    );
  let left: string;
  if (simple !== null) left = text.slice(simple[0].length);
  else if (text.startsWith('[]')) left = text.slice(2);
  else if (text.startsWith('[')) left = closing(expressionList(text.slice(1)), ']');
  else if (text.startsWith('{')) left = closing(expressionList(text.slice(1)), '}');
  else {
    // `A|B`, `sa_family=AF_INET`, `msg_iov(1)=[…]`.
    const word = /^\w+(?:\((?:\.\.\.|\d+)\))?/.exec(text);
    if (word === null) return `?${text}`;
    left = text.slice(word[0].length);
    if (left.startsWith('=')) return expression(left.slice(1));
  }
  return left.startsWith('|') ? expression(left.slice(1)) : left;
}

const closing = (text: string, sign: string): string => (text.startsWith(sign) ? text.slice(1) : `?${text}`);
