/** How a call ended, behind what it was about. */
import type { Call } from 'strace-parser';
import { errnoOf } from './errno-context.ts';
import { argument, member, plain } from './reading.ts';
import { descriptor } from './places.ts';

/** `attempt` is true whatever came of it, `done` where the call succeeded: `wants to read from …`, `reads 7 bytes …`. */
export type Teller = (call: Call) => readonly [attempt: string, done: string];

/**
 * A call of the plain tables. `ask` begins with an infinitive; `answer` is what success brings; `page` the manual page
 * where it is not the call's own. `{0}` is the first argument, `{2.st_size}` a member of it, `{=}` what was returned.
 */
export type Row = readonly [ask: string, answer?: string | undefined, page?: string];
export type Rows = Readonly<Record<string, Row>>;

export function told(call: Call, attempt: string, done: string): string {
  const { returned, state } = call;
  if (state === 'detached') return `${attempt}; strace lets go of it before the call returns`;
  if (returned?.errno !== undefined) return `${attempt}; ${errnoOf(call, returned.errno)[0]}`;
  if (returned?.value === undefined) return `${attempt}; the log does not say what came of it`;
  if (Number(returned.value) === -1) return `${attempt}; it fails, strace does not say why`;
  return done;
}

/** Calls that give nothing back on success and never come back from it. */
const noReturn = new Set(['exit', 'exit_group', 'rt_sigreturn', 'sigreturn']);

export function tellRow(call: Call, [ask, answer]: Row): string {
  const asked = fill(ask, call);
  const statement = thirdPerson(asked);
  if (noReturn.has(call.name)) return statement;
  const attempt = /^(?:ask|wait|look|get) /.test(asked) ? statement : `tries to ${asked}`;
  return told(call, attempt, answer === undefined ? statement : `${statement}: ${fill(answer, call)}`);
}

/** `open /x` → `opens /x`. */
export function thirdPerson(ask: string): string {
  return ask.replace(/^\w+/, (verb) => {
    if (verb === 'have') return 'has';
    if (/(?:s|sh|ch|x|o)$/.test(verb)) return `${verb}es`;
    return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
  });
}

function fill(template: string, call: Call): string {
  return template.replaceAll(/\{(\d|=)(?:\.(\w+))?\}/g, (_, at: string, name?: string) => {
    if (at === '=') return returnedText(call);
    return name === undefined ? phrase(call, Number(at)) : plain(member(call, Number(at), name));
  });
}

/** The value as printed, without a descriptor's label; flags where strace spells them out. */
function returnedText({ returned }: Call): string {
  const text = returned?.text ?? '';
  return /\(flags (.*)\)/.exec(text)?.[1] ?? /^[-\w]+/.exec(text)?.[0] ?? '…';
}

/** Descriptors by what they are; an empty file name (AT_EMPTY_PATH) by the descriptor before it. */
function phrase(call: Call, at: number): string {
  const value = argument(call, at);
  if (value?.type === 'descriptor') return descriptor(value);
  if (at > 0 && value?.type === 'string' && value.bytes.length === 0) return descriptor(call.args[at - 1]);
  return plain(value);
}
