import { expect, test } from 'vitest';
import { together } from './together.ts';

test('what comes while one is under way goes together into the next', async () => {
  const acts: (readonly number[])[] = [];
  const open: (() => void)[] = [];
  const ask = together<number>((items) => {
    acts.push(items);
    return new Promise<void>((resolve) => void open.push(resolve));
  });
  const first = ask([1]);
  await Promise.resolve();
  const others = [ask([2, 3]), ask([4])];
  open.shift()?.();
  await first;
  await Promise.resolve();
  open.shift()?.();
  await Promise.all(others);
  expect(acts).toEqual([[1], [2, 3, 4]]);
});

test('a failure is told to those who asked for it, and to nobody else', async () => {
  const ask = together<string>(([item]) =>
    item === 'bad' ? Promise.reject(new Error(item)) : Promise.resolve(),
  );
  await expect(ask(['bad'])).rejects.toThrow('bad');
  await expect(ask(['good'])).resolves.toBeUndefined();
});
