#!/usr/bin/env node
// The machine's Node may be too old to run TypeScript: this file runs under any, and starts the project's own.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const own = new URL(`../../node_modules/node-linux-${process.arch}/bin/node`, import.meta.url);
const node = existsSync(own) ? fileURLToPath(own) : process.execPath;

if (node === process.execPath && Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `echolab needs Node 24 or newer, this is ${process.version}; run npm ci to get the project's own`,
  );
  process.exit(3);
}
const main = fileURLToPath(new URL('main.ts', import.meta.url));
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
// A signal from the terminal reaches the child by itself; one from elsewhere is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 128 : 1);
});
