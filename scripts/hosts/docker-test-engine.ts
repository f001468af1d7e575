/** An engine for live tests: a private one of Debian's packages (.ci/engine), so that nobody's own is touched. */
import { execa } from 'execa';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { whichMissing } from '../record/tool.ts';

const script = fileURLToPath(new URL('../../.ci/engine', import.meta.url));

const canRun =
  process.platform === 'linux' && process.getuid?.() === 0 && (await whichMissing(['dockerd'])).length === 0;

/** Where skipping is forbidden (CI), .ci/engine installs what it needs. */
export const engineCanRun = process.env['LAB_LIVE'] === 'required' || canRun;

/** Skips aloud where no private engine can run. */
export function needsEngine(context: TestContext): void {
  if (!engineCanRun) context.skip('needs root and an installed dockerd (apt-get install docker.io)');
}

export interface TestEngine extends AsyncDisposable {
  readonly host: string;
}

/** Starts an engine and sets DOCKER_HOST to it. @param env of .ci/engine: what it shall lack */
export async function startEngine(env: Record<string, string> = {}): Promise<TestEngine> {
  const engine = execa(script, { env, buffer: false, reject: false, stdin: 'pipe' });
  const host = await new Promise<string>((resolve, reject) => {
    let said = '';
    engine.stderr.on('data', (text: Buffer) => (said += text.toString()));
    engine.stdout.on('data', (text: Buffer) => resolve(text.toString().trim().replace('DOCKER_HOST=', '')));
    void engine.then(() => reject(new Error(`no engine: ${said}`)));
  });
  process.env['DOCKER_HOST'] = host;
  return {
    host,
    async [Symbol.asyncDispose]() {
      engine.stdin.end();
      await engine;
      delete process.env['DOCKER_HOST'];
    },
  };
}
