import { expect, test } from 'vitest';
import { examineDocker } from './docker-doctor.ts';
import { findImage } from './docker-image.ts';
import { needsEngine, startEngine } from './docker-test-engine.ts';
import { findEngine, isObstacle } from './engine.ts';

const refusals = async () =>
  (await examineDocker('doct')).flatMap(({ name, obstacle, optional = false }) =>
    obstacle ? [{ name, optional }] : [],
  );

test('an engine without the switch for LOG is told from one with it', async (context) => {
  needsEngine(context);
  for (const [log, missing] of [
    ['1', []],
    ['0', [{ name: 'nf_log_all_netns', optional: true }]],
  ] as const) {
    await using _ = await startEngine({ ENGINE_LOG: log });
    const engine = await findEngine();
    if (isObstacle(engine)) throw new Error(engine.why);
    expect((await examineDocker('doct')).at(-1)).toMatchObject({
      name: 'image',
      found: expect.stringContaining('none yet'),
    });
    await findImage(engine.arch, () => undefined);
    expect(await refusals()).toEqual(missing);
  }
});

test('no engine: what, why and the mend', async () => {
  process.env['DOCKER_HOST'] = 'unix:///nowhere/docker.sock';
  try {
    const [only, ...others] = await examineDocker('doct');
    expect(others).toEqual([]);
    expect(only?.obstacle).toMatchObject({
      what: 'no Docker engine answers',
      mend: expect.stringContaining('LAB_BACKEND=namespaces'),
    });
  } finally {
    delete process.env['DOCKER_HOST'];
  }
});
