/** Names and bytes that somebody else has chosen stay text: no terminal command, no placeholder, no property of an object. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { parseStrace, type Call } from 'strace-parser';
import { expect, test } from 'vitest';
import { explainCall, unexplained } from './explain-call.ts';

const callsOf = (log: Uint8Array): Call[] =>
  parseStrace(log).filter((event): event is Call => event.kind === 'call');

/** Whatever a terminal or a page could take for more than a letter. */
const commands =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

const recorded = callsOf(readFileSync(new URL('fixtures/hostile-names.strace', import.meta.url)));

test('a file and a socket named after escape sequences and placeholders', () => {
  const sentences = recorded.map((call) => explainCall(call).text);
  expect(sentences.filter((text) => commands.test(text))).toEqual([]);
  const shown = (name: string) => sentences[recorded.findIndex((call) => call.name === name)];
  expect(shown('openat')).toBe(String.raw`opens "esc\33[31mred\n{0} {=}" for reading: descriptor 3`);
  expect(shown('connect')).toMatch(/^connects the socket to s\\u\{1b\}]0;title\\u\{7\}\{1\}/);
  expect(sentences.at(recorded.findIndex(({ argsText }) => argsText.includes('__proto__')))).toBe(
    'asks what __proto__ is; there is no such file or directory',
  );
});

test('whatever the bytes of a path, sentence and words are text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      // As strace prints bytes that are no letters: three octal digits.
      const path = Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
      const [call] = callsOf(Buffer.from(`openat(AT_FDCWD, "${path}", O_RDONLY) = 3</tmp/${path}>\n`));
      if (call === undefined) return;
      expect(explainCall(call).text).not.toMatch(commands);
      expect(unexplained(call)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('constants that bear the name of what every object has are told as unknown', () => {
  const [call] = callsOf(Buffer.from('fcntl(3</dev/null>, F_CONSTRUCTOR|CONSTRUCTOR, toString) = 0\n'));
  if (call === undefined) throw new Error('no call');
  expect(unexplained(call)).toEqual(['CONSTRUCTOR']);
  const [other] = callsOf(Buffer.from('constructor(3</dev/null>) = 0\n'));
  expect(other && explainCall(other).text).toBe('makes the system call constructor: 0');
});
