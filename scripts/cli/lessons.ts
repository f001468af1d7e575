/** The lessons: every file of scripts/lessons/, and of one more folder, whose name begins with a number, in that order. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkLesson } from '../lessons/check.ts';
import type { Lesson } from '../lessons/lesson.ts';
import { allowLessonImports, importLesson } from './lesson-imports.ts';
import { noSuch, UsageError } from './usage.ts';

const own = fileURLToPath(new URL('../lessons/', import.meta.url));

/** @param more a folder with further lessons */
export async function loadLessons(more?: string): Promise<Lesson[]> {
  const folders = more === undefined ? [own] : [own, resolve(more)];
  using _ = more === undefined ? undefined : allowLessonImports(pathToFileURL(`${resolve(more)}/`).href);
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
      const module = await importLesson(pathToFileURL(join(folder, name)).href, name);
      return checkLesson(module, name);
    }),
  );
}

/** @param names `dial,echo` or `all`; all lessons where it is undefined */
export function choose(lessons: readonly Lesson[], names: string | undefined): Lesson[] {
  const chosen = new Set((names ?? '').split(',').map((name) => name.trim()));
  chosen.delete('');
  if (chosen.size === 0 || chosen.has('all')) return [...lessons];
  return [...chosen].map((name) => {
    const lesson = lessons.find(({ id }) => id === name);
    if (lesson !== undefined) return lesson;
    throw noSuch(
      'lesson',
      name,
      lessons.map(({ id }) => id),
    );
  });
}
