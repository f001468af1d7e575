/** Tests that change the machine, on a machine of their own: the suite must fail, and name the file and each change. */
import { execa } from 'execa';
import { mkdir, rmdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../cli/project.ts';
import { borrowTracefs } from '../hosts/tracefs-here.ts';
import { usualTracefs } from '../hosts/tracefs.ts';
import { needsRoot, scratch } from './lab.ts';

/** There is one kernel's tracer, so that this is removed at the end. */
const instance = 'left-by-a-test';

/** On what is private to the namespaces that the inner tests run in; HOME is a folder for them. */
const changes: readonly (readonly [what: string, how: string, told: RegExp])[] = [
  ['a mount', 'mkdir "$HOME/here" && mount -t tmpfs left "$HOME/here"', /mounts: \+ tmpfs left on \S+\/here/],
  ['a link', 'ip link add left type veth peer name right', /links: \+ left/],
  ['an address', 'ip address add 192.0.2.1 dev lo', /links: \+ lo .*192\.0\.2\.1/],
  ['a network namespace', 'ip netns add left', /\/run\/netns: \+ left/],
  ['a sysctl', 'echo 3 >/proc/sys/net/ipv4/tcp_syn_retries', /sysctls: \+ net\/ipv4\/tcp_syn_retries = 3/],
  [
    'an instance of the kernel’s tracer',
    `mountpoint -q ${usualTracefs} || mount -t tracefs none ${usualTracefs}; mkdir ${usualTracefs}/instances/${instance}`,
    /tracer: \+ left-by-a-test/,
  ],
  ['the lock’s folder', 'mkdir /run/echolab', /\/run: \+ echolab/],
  ['a temporary file', 'mktemp -d "$TMPDIR/left.XXXXXX"', /temporary files: \+ left\.\w+/],
  ['a temporary file elsewhere', 'mkdir "$HOME/tmp/echolab-left"', /\/tmp: \+ echolab-left/],
  ['a process', 'sleep 300 >/dev/null 2>&1 &', /still runs: sleep 300, of \S*left\.test\.ts/],
];

test('root, tracefs mounted or not: whatever tests leave behind is told with the name of their file', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  await symlink(join(projectFolder, 'node_modules'), join(folder.path, 'node_modules'));
  const inLive = (name: string) => JSON.stringify(join(projectFolder, 'scripts/live', name));
  await writeFile(
    join(folder.path, 'vitest.config.mjs'),
    `export default { test: { setupFiles: ${inLive('unchanged.ts')}, globalSetup: ${inLive('suite.ts')} } };`,
  );
  const commands = changes.map(([, how]) => how);
  await writeFile(
    join(folder.path, 'left.test.ts'),
    `import { execFileSync } from 'node:child_process';
import { test } from 'vitest';
test.for(${JSON.stringify(commands)})('%s', (how) => void execFileSync('sh', ['-euc', how], { stdio: 'ignore' }));
`,
  );
  await writeFile(
    join(folder.path, 'good.test.ts'),
    "import { test } from 'vitest';\ntest('leaves nothing', () => undefined);\n",
  );
  await mkdir(join(folder.path, 'tmp'));
  const script = 'mount --no-mtab -t tmpfs own /run && exec "$@"';
  const vitest = [
    process.execPath,
    join(projectFolder, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    folder.path,
  ];
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const { exitCode, all } = await execa('unshare', [...namespaces, 'sh', '-euc', script, 'sh', ...vitest], {
    all: true,
    reject: false,
    env: { NO_COLOR: '1', HOME: folder.path, TMPDIR: join(folder.path, 'tmp') },
  });
  await removeInstance();
  expect(exitCode, all).toBe(1);
  expect(all).toMatch(new RegExp(`Tests +${changes.length + 1} passed`));
  expect(all).toMatch(/left\.test\.ts changed the machine:/);
  expect(all).not.toMatch(/good\.test\.ts changed/);
  for (const [what, , told] of changes) expect(all, what).toMatch(told);
});

async function removeInstance(): Promise<void> {
  const found = await borrowTracefs();
  if ('mend' in found) throw new Error(found.why);
  await using borrowed = found;
  await rmdir(`${borrowed.folder}/instances/${instance}`);
}
