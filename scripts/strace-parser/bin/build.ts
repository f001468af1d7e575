/** Makes dist/ for `npm pack ./scripts/strace-parser/dist`: ECMAScript modules, types, the command. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

rmSync(at('dist'), { recursive: true, force: true });
const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
execFileSync(process.execPath, [tsc, '-p', at('tsconfig.build.json')], { stdio: 'inherit' });

const described: Record<string, unknown> = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const { scripts: _, ...kept } = described;
const published = {
  ...kept,
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
  bin: { 'strace-parser': 'bin/strace-parser.js' },
  engines: { node: '>=20' },
};
writeFileSync(at('dist/package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
writeFileSync(at('dist/bin/strace-parser.js'), "#!/usr/bin/env node\nimport './main.js';\n");
chmodSync(at('dist/bin/strace-parser.js'), 0o755);
copyFileSync(at('README.md'), at('dist/README.md'));
