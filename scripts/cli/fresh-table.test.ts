/** On lines as make lab, vitest and setup.sh printed them on a fresh Debian 13. */
import { expect, test } from 'vitest';
import { refusalOf, renderTable, summaryOf, type Row } from './fresh-table.ts';

const lab = `✔ close       what does close(2) tell the other side?      4 met
  make lab LESSON=NAME prints one in full

127 met, 2 unmet, 4 unobserved
`;

const tests = `\u001b[2m Test Files \u001b[22m \u001b[1m\u001b[31m5 failed\u001b[39m\u001b[22m\u001b[2m | \u001b[22m\u001b[1m\u001b[32m61 passed\u001b[39m\u001b[22m\u001b[90m (66)\u001b[39m
\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[31m12 failed\u001b[39m\u001b[22m\u001b[2m | \u001b[22m\u001b[1m\u001b[32m598 passed\u001b[39m\u001b[22m\u001b[2m | \u001b[22m\u001b[33m73 skipped\u001b[39m\u001b[90m (683)\u001b[39m
`;

const refused = `missing: libatomic.so.1
  why   the project's own Node needs it, and only root can install it
  mend  apt-get install -y --no-install-recommends libatomic1 strace tcpdump iptables iproute2
make: *** [Makefile:55: setup] Error 3
`;

test('the summary of a lab is that of all lessons, the one of tests that of all files', () => {
  expect(summaryOf(lab)).toBe('127 met, 2 unmet, 4 unobserved');
  expect(summaryOf(tests)).toBe('12 failed, 598 passed, 73 skipped');
  expect(summaryOf(refused)).toBeUndefined();
});

test('a refusal has a what, a why, a mend, and exit code 3', () => {
  expect(refusalOf(refused)).toBe('missing: libatomic.so.1');
  expect(refusalOf(refused.replace('Error 3', 'Error 127'))).toBeUndefined();
  expect(refusalOf(refused.replace(/ {2}mend.*\n/, ''))).toBeUndefined();
  expect(refusalOf(tests)).toBeUndefined();
});

test('a row for each step, then the tools, and where to read on', () => {
  const row = { release: 'trixie', exitCode: 2 };
  const rows: Row[] = [
    {
      ...row,
      user: 'student',
      command: 'make lab, bare',
      seconds: 0.02,
      result: 'missing: libatomic.so.1',
      green: true,
    },
    {
      ...row,
      user: 'root',
      command: 'make test',
      seconds: 715.4,
      result: '12 failed',
      green: false,
      log: 'x.log',
    },
  ];
  const versions = new Map([['trixie', 'strace 6.13, node 20.19.2, npm 9.2.0']]);
  expect(renderTable(rows, versions)).toBe(`\
release  user     command         exit  s    result
trixie   student  make lab, bare  2     0    ✔ missing: libatomic.so.1
trixie   root     make test       2     715  ✘ 12 failed

trixie: strace 6.13, node 20.19.2, npm 9.2.0
log: x.log
`);
});
