#!/usr/bin/env node
// The machine's Node may be too old to run TypeScript: this file runs under any, and starts the one that make would.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));
let node = process.execPath;
const env = { ...process.env };

if (process.platform === 'win32') {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    console.error(
      `Node ${process.version} is too old\n` +
        '  why   echolab runs TypeScript as it is, and brings a Node of its own for Linux only\n' +
        '  mend  install Node 24 or newer',
    );
    process.exit(3);
  }
} else {
  const modules = pathOf('../../node_modules');
  env.PATH = `${modules}/node-linux-${process.arch}/bin:${modules}/.bin:${env.PATH}`;
  const { status } = spawnSync('sh', [pathOf('setup.sh')], { stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
  node = 'node';
}
const child = spawn(node, [pathOf('main.ts'), ...process.argv.slice(2)], { stdio: 'inherit', env });
// A signal from the terminal reaches the child by itself; one from elsewhere is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 128 : 1);
});
