import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createSummary, field, parseStrace, printValue, type Call, type StraceEvent } from './index.ts';

const folder = new URL('fixtures/', import.meta.url);
const logs = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.log'))
  .toSorted();

function read(name: string): { bytes: Uint8Array; events: StraceEvent[]; calls: Call[] } {
  const bytes = new Uint8Array(readFileSync(new URL(name, folder)));
  const events = parseStrace(bytes);
  return { bytes, events, calls: events.filter((event) => event.kind === 'call') };
}

describe.each(logs)('%s', (name) => {
  const { bytes, events, calls } = read(name);

  test('every line is read, and every call is complete', () => {
    expect(events.filter((event) => event.kind === 'problem')).toEqual([]);
    expect(calls.filter((call) => call.state !== 'complete' && call.state !== 'detached')).toEqual([]);
    expect(calls.length).toBeGreaterThan(0);
  });

  test('every argument prints as the bytes it was read from', () => {
    for (const call of calls) {
      let end = 0;
      for (const [n, value] of call.args.entries()) {
        expect(printValue(value)).toBe(call.argsText.slice(value.start, value.end));
        expect(call.argsText.slice(end, value.start)).toBe(n > 0 ? ', ' : '');
        end = value.end;
      }
      // What a call had not printed when its thread died follows a comma.
      expect(call.argsText.slice(end)).toBe(
        call.returned?.value === undefined && call.argsText.endsWith(', ') ? ', ' : '',
      );
    }
  });

  test('every event knows its line', () => {
    for (const event of events) {
      expect(bytes.subarray(0, event.start).filter((byte) => byte === 10)).toHaveLength(event.line - 1);
      expect(event.start === 0 || bytes[event.start - 1] === 10).toBe(true);
      expect(event.end === bytes.length || bytes[event.end] === 10).toBe(true);
    }
  });

  test('text and any chunking give the same events', () => {
    expect(parseStrace(Buffer.from(bytes).toString('latin1'))).toEqual(events);
  });
});

test('a connection to a closed port', () => {
  const { calls } = read('6.1/f-ttt-T-yy.log');
  const refused = calls.find((call) => call.name === 'connect' && call.returned?.errno === 'ECONNREFUSED');
  expect(refused?.returned).toMatchObject({ value: -1, text: '-1 ECONNREFUSED (Connection refused)' });
  expect(refused?.args[0]).toMatchObject({ type: 'descriptor', target: { kind: 'socket', protocol: 'TCP' } });
  expect(field(refused?.args[1], 'sin_port')).toMatchObject({ type: 'call', name: 'htons' });
  expect(refused?.startNs).toBeGreaterThan(1_700_000_000_000_000_000n);
  expect(refused?.durationNs).toBeGreaterThan(1000);
});

test('sockets are known by their ends', () => {
  const { calls } = read('6.1/f-ttt-T-yy.log');
  const sent = calls.find((call) => call.name === 'sendto');
  const target = sent?.args[0]?.type === 'descriptor' ? sent.args[0].target : undefined;
  expect(target).toMatchObject({
    kind: 'socket',
    protocol: 'TCP',
    local: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  });
});

test('strings and paths that look like syntax are strings and paths', () => {
  const { calls } = read('6.1/f-ttt-T-yy.log');
  const written = calls.filter((call) => call.name === 'write').slice(0, 7);
  const paths = written.map(
    ({ args: [file] }) => file?.type === 'descriptor' && file.target.kind === 'path' && file.target.path,
  );
  const odd = [
    '/tmp/a) = 3 <0.1>',
    '/tmp/b"quoted',
    '/tmp/c->',
    '/tmp/d\nnew line',
    '/tmp/e (deleted)',
    '/tmp/f[1]',
    '/tmp/g<h>',
  ];
  expect(paths).toEqual(odd);
  const bytes = written.map(
    ({ args: [, buffer] }) => buffer?.type === 'string' && Buffer.from(buffer.bytes).toString(),
  );
  expect(bytes).toEqual(odd);
});

test('names of UNIX sockets that look like the end of a call are names', () => {
  const { calls } = read('6.1/names-ttt-T-yy-C.log');
  const accepted = calls.filter((call) => call.name === 'accept4').map((call) => call.returned?.target);
  const odd = ['@"a->b] ) = 1 <x>"', '@"c) = 1<d"', '@"e\\"]> f) = 2"', '"/tmp/g) = 3 <0.1>"'];
  expect(accepted.map((target) => target?.kind === 'socket' && target.local)).toEqual(odd);
});

test('a process of the other personality: its notice, and its own table', () => {
  const { events } = read('6.1/stderr-f-C-32-bit.log');
  const diagnostics = events.filter((event) => event.kind === 'diagnostic');
  expect(diagnostics.filter((event) => event.about === 'personality')).toHaveLength(1);
  const tables = diagnostics.filter((event) => event.about === 'table');
  expect(tables.map((table) => table.rows?.at(-1))).toMatchObject([{ calls: '5' }, { calls: '1' }]);
});

test('on stderr a line that strace or the program cut in two is one call again', () => {
  const { calls, events } = read('6.1/stderr-f-Y-t-y.log');
  expect(calls.find((call) => call.name === 'clone')?.argsText).toMatch(
    /\|SIGCHLD, child_tidptr=0x[0-9a-f]+$/,
  );
  expect(calls.filter((call) => call.name === 'clone3')).toHaveLength(3);
  expect(events.filter((event) => event.kind === 'diagnostic')).toHaveLength(4);
});

test('output before a line of strace is a problem of its own, the line is read', () => {
  const { calls, events } = read('7.2/stderr-f-always-glued.txt');
  const noise = events.filter((event) => event.kind === 'problem');
  expect(noise.map((event) => event.text)).toEqual(['oops', 'no 12']);
  const pid = calls[0]?.pid;
  expect(calls.filter((call) => call.pid === pid).map((call) => call.name)).toEqual([
    'execve',
    'clone',
    'wait4',
    'wait4',
    'exit_group',
  ]);
  expect(calls.find((call) => call.name === 'clone')?.argsText).toMatch(
    /\|SIGCHLD, child_tidptr=0x[0-9a-f]+$/,
  );
});

test.each(['6.1', '7.2'])('a tip of strace %s is one diagnostic', (version) => {
  const { events, bytes } = read(`${version}/stderr-f-C-tips.log`);
  const tip = events.at(-1);
  expect(tip).toMatchObject({ kind: 'diagnostic', about: 'tip', end: bytes.length - 1 });
  expect(tip?.kind === 'diagnostic' && tip.text).toContain('Arthur C. Clarke');
  const summary = createSummary();
  for (const event of events) summary.add(event);
  expect(summary.result(0)).toMatchObject({ diagnostics: 5, unread: 0 });
});

test('a stack belongs to its call, also behind the exit', () => {
  const { calls } = read('6.1/f-k.log');
  for (const call of calls)
    expect(call.stack?.[0]).toMatchObject({ module: expect.stringContaining('libc.so.6') });
});

test('a stack belongs to its signal and to its stop', () => {
  const { events } = read('6.1/lives-f-k.log');
  const met = events.filter((event) => event.kind === 'signal' || event.kind === 'stopped');
  expect(met.map((event) => event.stack?.[0]?.line)).toEqual(met.map((event) => event.line + 1));
  expect(events.filter((event) => event.kind === 'stopped')).toHaveLength(1);
});

test('a second half that -z prints without its prefix belongs to the line before', () => {
  const { calls } = read('6.1/f-z.log');
  const joined = calls.filter((call) => call.resumedLine === call.line + 1);
  expect(joined).toContainEqual(
    expect.objectContaining({
      line: 62,
      name: 'munmap',
      state: 'complete',
      argsText: '0x7f256414b000, 16384',
    }),
  );
});

test('a table of -C is read by its columns', () => {
  const { events } = read('6.1/f-r-C-write.log');
  const table = events.find((event) => event.kind === 'diagnostic');
  expect(table?.kind === 'diagnostic' && table.rows).toContainEqual(
    expect.objectContaining({ calls: '4', errors: '3', syscall: 'connect' }),
  );
});

test('prefixes of -n, -i and -Y', () => {
  const { calls } = read('7.2/f-Y-tt-r-n-i-y.log');
  expect(calls[1]).toMatchObject({ comm: 'python3.11', syscallNumber: 41, name: 'socket' });
  expect(calls[1]?.instructionPointer).toBeGreaterThan(0n);
});

test('colours are taken off, names of -N kept', () => {
  const { calls } = read('7.2/stderr-color-N-f-Y.log');
  expect(calls[0]?.args[0]).toMatchObject({ type: 'named', name: 'pathname', value: { type: 'string' } });
});

test('an execve of a thread goes on under the pid of its leader', () => {
  const { calls, events } = read('6.1/lives-f-tt-T-inject.log');
  const execve = calls.findLast((call) => call.name === 'execve');
  expect(execve).toMatchObject({ state: 'complete', returned: { value: 0 } });
  expect(execve?.resumedPid).toBe(events.find((event) => event.kind === 'superseded')?.pid);
  expect(execve?.pid).toBe(events.find((event) => event.kind === 'superseded')?.byPid);
});

test('stops, kills, calls cut off by death, injected errors', () => {
  const { calls, events } = read('6.1/lives-f-tt-T-inject.log');
  expect(events).toContainEqual(expect.objectContaining({ kind: 'stopped', name: 'SIGSTOP' }));
  expect(events).toContainEqual(
    expect.objectContaining({ kind: 'killed', signal: 'SIGKILL', coreDumped: false }),
  );
  expect(calls.find((call) => call.name === 'access')?.returned).toMatchObject({
    errno: 'EMFILE',
    injected: true,
    delayed: true,
  });
  expect(calls.filter((call) => call.returned?.text === '?').map((call) => call.name)).toContain(
    'clock_nanosleep',
  );
});

test('strace lets go of a thread within a call', () => {
  const { calls } = read('6.1/detached.log');
  expect(calls[0]).toMatchObject({ name: 'restart_syscall', state: 'detached', returned: undefined });
});

test('only what a filter wants becomes an event', () => {
  const bytes = readFileSync(new URL('6.1/f-ttt-T-yy.log', folder));
  const refused = parseStrace(bytes, { filter: { names: ['connect'], errnos: ['ECONNREFUSED'] } });
  expect(refused.map((event) => event.kind === 'call' && event.name)).toEqual([
    'connect',
    'connect',
    'connect',
  ]);
  const pid = refused[0]?.pid ?? 0;
  expect(new Set(parseStrace(bytes, { filter: { pids: [pid] } }).map((event) => event.pid))).toEqual(
    new Set([pid]),
  );
});
