import { expect, test } from 'vitest';
import { examineDocker } from './docker-doctor.ts';
import { findImage } from './docker-image.ts';
import { needsEngine, startEngine } from './docker-test-engine.ts';
import { findEngine, isObstacle } from './engine.ts';

const refusals = async () =>
  (await examineDocker('doct')).flatMap(({ name, obstacle, optional = false }) =>
    obstacle ? [{ name, optional }] : [],
  );

test.for([
  ['', {}],
  ['nf_log_all_netns', { ENGINE_LOG: '0' }],
  ['kernel tracer', { ENGINE_TRACEFS: '0' }],
] as const)('root, engine: what it lacks is told, and nothing else: %s', async ([lacks, env], context) => {
  needsEngine(context);
  await using _ = await startEngine(env);
  const engine = await findEngine();
  if (isObstacle(engine)) throw new Error(engine.why);
  expect((await examineDocker('doct')).at(-1)).toMatchObject({
    name: 'image',
    found: expect.stringContaining('none yet'),
  });
  await findImage(engine.arch, () => undefined);
  expect(await refusals()).toEqual(lacks === '' ? [] : [{ name: lacks, optional: true }]);
});

test('any user, no engine: what, why and the mend', async () => {
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
