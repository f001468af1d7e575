/** The lessons: every file of scripts/lessons/, and of one more folder, whose name begins with a number, in that order. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkLesson } from '../lessons/check.ts';
import type { Lesson } from '../lessons/lesson.ts';
import { UsageError } from './usage.ts';

const own = fileURLToPath(new URL('../lessons/', import.meta.url));

/** @param more a folder with further lessons */
export async function loadLessons(more?: string): Promise<Lesson[]> {
  const folders = more === undefined ? [own] : [own, resolve(more)];
  const lessons = await Promise.all(folders.map(lessonsIn));
  const all = lessons.flat();
  const twice = all.find(({ id }, n) => all.findIndex((one) => one.id === id) !== n);
  if (twice !== undefined) throw new UsageError(`there are two lessons '${twice.id}'`);
  return all;
}

async function lessonsIn(folder: string): Promise<Lesson[]> {
  const names = await readdir(folder).catch(() => {
    throw new UsageError(`--lessons: there is no folder ${folder}`);
  });
  const files = names.filter((name) => /^\d+-.*\.ts$/.test(name) && !name.includes('.test.')).toSorted();
  return Promise.all(
    files.map(async (name) => {
      const module: unknown = await import(pathToFileURL(join(folder, name)).href);
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
