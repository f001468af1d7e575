/**
 * What a lesson may import, wherever its file lies: `echolab/expectation`, `echolab/lesson` and `echolab/stories` (the
 * `exports` of package.json). Inside the checkout Node finds them by the package's own name; for a folder elsewhere Node
 * is asked as if this file were asking.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { UsageError } from './usage.ts';

/**
 * Imports of `echolab/…` work in every module that is loaded until disposal.
 *
 * @param folder a URL; its .ts files are ES modules, whatever a package.json there says
 */
export function allowLessonImports(folder: string): Disposable {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const own = specifier.startsWith('echolab/');
      const found = next(specifier, own ? { ...context, parentURL: import.meta.url } : context);
      const lesson = found.url.startsWith(folder) && found.url.endsWith('.ts');
      return lesson ? { ...found, format: 'module-typescript' } : found;
    },
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}

/** Loads the file of a lesson. @throws UsageError if something that it imports is not there */
export async function importLesson(url: string, name: string): Promise<unknown> {
  try {
    return (await import(url)) as unknown;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && notFound.has(error.code))) throw error;
    throw new UsageError(`${name} imports what is not there`, {
      why: (error.message.split('\n')[0] ?? '').replace(` imported from ${here}`, ''),
      mend: 'a lesson imports echolab/expectation, echolab/lesson, echolab/stories, and files beside it as ./name.ts',
    });
  }
}

const here = fileURLToPath(import.meta.url);

const notFound: ReadonlySet<unknown> = new Set([
  'ERR_MODULE_NOT_FOUND',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_UNSUPPORTED_DIR_IMPORT',
]);
