export type * from './event.ts';
export type * from './value.ts';
