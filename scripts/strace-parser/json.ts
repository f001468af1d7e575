/** Events as plain data for JSON: 64-bit integers become strings where a number would lose digits, bytes Latin-1 text. */
import type { Call, Returned, StraceEvent } from './event.ts';
import type { Target, Value } from './value.ts';

/** A type of this package as it stands in JSON. */
export type Plain<T> = T extends bigint
  ? string
  : T extends Uint8Array
    ? string
    : T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : T extends object
        ? { readonly [Key in keyof T]: Plain<T[Key]> }
        : T;

/** A call in JSON. `returned` is null for `?`; it is absent, as all fields are, where the log does not tell. */
export interface JsonCall extends Plain<Omit<Call, 'args' | 'argsText' | 'returned'>> {
  /** Values of value.ts, without their places. */
  readonly args: readonly object[];
  readonly returned?: number | string | null;
  readonly returnedText?: string;
  readonly errno?: string;
  readonly target?: Plain<Target>;
  readonly injected?: true;
  readonly delayed?: true;
}

export type JsonEvent = JsonCall | Plain<Exclude<StraceEvent, Call>>;

/** The object that the command `strace-parser` prints for an event. */
export function toJson(event: StraceEvent): object {
  if (event.kind !== 'call') {
    const { kind, pid, ...rest } = event;
    return { kind, ...(pid === undefined ? {} : { pid }), ...fields(rest, false) };
  }
  const { pid, name, args, returned, startNs, durationNs, line } = event;
  return {
    kind: 'call',
    ...(pid === undefined ? {} : { pid }),
    name,
    args: args.map((value) => plain(value, true)),
    ...(returned === undefined ? {} : returnedFields(returned)),
    ...(startNs === undefined ? {} : { startNs: String(startNs) }),
    ...(durationNs === undefined ? {} : { durationNs }),
    line,
    // Getters of the class are not its own; what is left are the rarer fields.
    ...fields(
      {
        ...event,
        kind: undefined,
        pid: undefined,
        name: undefined,
        startNs: undefined,
        durationNs: undefined,
        line: undefined,
      },
      false,
    ),
  };
}

function returnedFields({ value, text, errno, target, injected, delayed }: Returned): object {
  return {
    returned: value === undefined ? null : plain(value, false),
    ...(String(value) === text ? {} : { returnedText: text }),
    ...(errno === undefined ? {} : { errno }),
    ...(target === undefined ? {} : { target }),
    ...(injected ? { injected } : {}),
    ...(delayed ? { delayed } : {}),
  };
}

function fields(object: object, dropPlaces: boolean): object {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined || (dropPlaces && (key === 'start' || key === 'end'))) continue;
    result[key] = plain(value, key === 'info' || dropPlaces);
  }
  return result;
}

function plain(value: unknown, dropPlaces: boolean): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return latin1(value);
  if (Array.isArray(value)) return value.map((item) => plain(item, dropPlaces));
  if (isString(value))
    return {
      type: 'string',
      bytes: latin1(value.bytes),
      truncated: value.truncated,
      abstract: value.abstract,
    };
  return fields(value, dropPlaces);
}

function isString(value: object): value is Extract<Value, { type: 'string' }> {
  return 'type' in value && value.type === 'string';
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
