/** The tarball that would be published, installed in an empty project and used from JavaScript and TypeScript. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// Each test starts Node, npm or tsc, which may wait for their turn on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const here = fileURLToPath(new URL('.', import.meta.url));
const log = join(here, 'fixtures/6.1/f-ttt-T-yy.log');
const project = mkdtempSync(join(tmpdir(), 'strace-parser-pack-'));
afterAll(() => {
  rmSync(project, { recursive: true });
});

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

beforeAll(() => {
  run(process.execPath, join(here, 'bin/build.ts'));
  run('npm', 'pack', join(here, 'dist'), '--pack-destination', project, '--loglevel=error');
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz')) ?? '';
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', join(project, tarball));
}, 120_000);

test('JavaScript imports it', () => {
  writeFileSync(
    join(project, 'use.js'),
    `import { readFileSync } from 'node:fs';
     import { parseStrace, printValue } from 'strace-parser';
     const calls = parseStrace(readFileSync(process.argv[2])).filter((event) => event.kind === 'call');
     console.log(calls[0].name, printValue(calls[0].args[1]));`,
  );
  expect(run(process.execPath, 'use.js', log)).toMatch(/^execve \["/);
});

test('TypeScript knows its types', () => {
  writeFileSync(
    join(project, 'use.ts'),
    `import { parseStrace, type StraceEvent } from 'strace-parser';
     const events: StraceEvent[] = parseStrace('1 +++ exited with 0 +++');
     const [first] = events;
     export const status: number | undefined = first?.kind === 'exit' ? first.status : undefined;`,
  );
  const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
  expect(run(process.execPath, tsc, ...flags, 'use.ts')).toBe('');
});

test('its command prints JSON Lines', () => {
  const [first = ''] = run(join(project, 'node_modules/.bin/strace-parser'), log).split('\n');
  expect(JSON.parse(first)).toMatchObject({ kind: 'call', name: 'execve', returned: 0, line: 1 });
});

/** V8 lets the heap of short-lived objects grow by what survives, so a log of any size must leave next to nothing. */
test('its memory does not grow with the log', () => {
  writeFileSync(
    join(project, 'long.js'),
    `import { readFileSync } from 'node:fs';
     import { readStraceBatches } from 'strace-parser';
     const log = readFileSync(process.argv[2]);
     function* chunks() {
       for (let size = 0; size < 400e6; size += log.length) yield log;
     }
     let values = 0;
     for await (const events of readStraceBatches(chunks())) {
       for (const event of events) if (event.kind === 'call') values += event.args.length;
     }
     const peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
     console.log(JSON.stringify({ values, peak }));`,
  );
  const { values, peak }: { values: number; peak: number } = JSON.parse(
    run(process.execPath, 'long.js', log),
  );
  expect(values).toBeGreaterThan(1e6);
  expect(peak).toBeLessThan(100);
});
