/** The lessons: every file of scripts/lessons/ whose name begins with a number, in that order. */
import { readdir } from 'node:fs/promises';
import { checkLesson } from '../lessons/check.ts';
import type { Lesson } from '../lessons/lesson.ts';
import { UsageError } from './usage.ts';

const folder = new URL('../lessons/', import.meta.url);

export async function loadLessons(): Promise<Lesson[]> {
  const files = (await readdir(folder))
    .filter((name) => /^\d+-.*\.ts$/.test(name) && !name.includes('.test.'))
    .toSorted();
  return Promise.all(
    files.map(async (name) => {
      const module: unknown = await import(new URL(name, folder).href);
      return checkLesson(module, name);
    }),
  );
}

/** @param names `dial,echo`; all lessons where it is undefined */
export function choose(lessons: readonly Lesson[], names: string | undefined): Lesson[] {
  if (names === undefined || names === '') return [...lessons];
  return names.split(',').map((name) => {
    const lesson = lessons.find(({ id }) => id === name);
    if (lesson !== undefined) return lesson;
    throw new UsageError(`there is no lesson '${name}'; there are ${lessons.map(({ id }) => id).join(', ')}`);
  });
}
