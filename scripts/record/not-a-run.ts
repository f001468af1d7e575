/** Thrown where a folder is not a run that can be read, or one of its raw files was changed. */
export class NotARun extends Error {}
