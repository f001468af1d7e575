/** Where the project lies. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const mainFile = fileURLToPath(new URL('main.ts', import.meta.url));
export const projectFolder = resolve(fileURLToPath(new URL('../..', import.meta.url)));
