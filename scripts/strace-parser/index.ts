export type * from './event.ts';
export type * from './value.ts';
export { field } from './field.ts';
export { parseArguments } from './arguments.ts';
export { parseStrace } from './parse-strace.ts';
export { printArguments, printValue } from './print.ts';
export { createReader, type Reader, type ReadOptions } from './reader.ts';
