/**
 * The argument tree: what strace prints between the parentheses of a call, typed.
 *
 * Every node knows the span of characters it was read from (`start` inclusive, `end` exclusive, offsets into
 * the call's `argsText`), so that nothing of the text is lost. Names follow strace(1) and the manual pages.
 */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** `"MESSAGE\n"...`: decoded bytes; `truncated` when strace cut it (`...` behind the quote, see `-s`). */
export interface StringValue extends Span {
  readonly type: 'string';
  /** What stands between the quotes, escapes as printed. */
  readonly text?: string;
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
  /** `@"name"`: an abstract socket address (the leading NUL is not in `bytes`). */
  readonly abstract: boolean;
}

/** `16`, `-1`, `0x7ffd…`, `0644`; bigint only where a number would lose digits. `radix` as printed. */
export interface IntegerValue extends Span {
  readonly type: 'integer';
  readonly value: number | bigint;
  readonly radix: 8 | 10 | 16;
  /** As printed, where it has zeros in front or capital digits that `value` and `radix` do not tell. */
  readonly digits?: string;
}

/** `SOCK_STREAM|SOCK_CLOEXEC`, `F_GETFD`, `NULL`, `1<<CAP_CHOWN|0x8`: names and numbers joined by `|`. */
export interface FlagsValue extends Span {
  readonly type: 'flags';
  readonly names: readonly string[];
}

/** `{sa_family=AF_INET, sin_port=htons(53)}`; `more` when it ends in `...`. Unnamed members have no name. */
export interface StructValue extends Span {
  readonly type: 'struct';
  readonly fields: readonly { readonly name?: string; readonly value: Value }[];
  readonly more: boolean;
  /** Present where the call was cut before the closing bracket: what stands in its place, nothing or `, `. */
  readonly open?: string;
}

/** `[{…}, {…}]`; `more` when it ends in `...`. */
export interface ArrayValue extends Span {
  readonly type: 'array';
  readonly items: readonly Value[];
  readonly more: boolean;
  /** Present where the call was cut before the closing bracket: what stands in its place, nothing or `, `. */
  readonly open?: string;
}

/** `[CHLD WINCH]`, `~[USR1 RT_1]`: a set of signals or descriptors separated by blanks. */
export interface BitsetValue extends Span {
  readonly type: 'bitset';
  readonly negated: boolean;
  readonly names: readonly string[];
}

/** `htons(53)`, `inet_addr("10.0.0.2")`, `makedev(0x8, 0)`, `WIFEXITED(s)`. */
export interface NestedCallValue extends Span {
  readonly type: 'call';
  readonly name: string;
  readonly args: readonly Value[];
  readonly more?: boolean;
  /** Present where the call was cut before the closing bracket: what stands in its place, nothing or `, `. */
  readonly open?: string;
}

/** `3<TCP:[10.0.0.1:40000->10.0.0.2:9000]>`, `AT_FDCWD</home>`: a descriptor with what `-y`/`-yy` say of it. */
export interface DescriptorValue extends Span {
  readonly type: 'descriptor';
  /** The number; -100 (AT_FDCWD) where the name is printed. */
  readonly fd: number;
  readonly target: Target;
}

/**
 * What a descriptor refers to, decoded from its decoration. `text` is the decoration as printed, `path` without
 * escapes. A pid's name (`-Y`: `4711<sh>`) has the same form and is an `other`. A path that ends in ` (deleted)`
 * before the `>` counts as deleted: strace prints a living file of that name the same way.
 */
export type Target =
  | {
      readonly kind: 'path';
      readonly text: string;
      readonly path: string;
      readonly deleted: boolean;
      readonly device?: string;
    }
  | {
      readonly kind: 'socket';
      readonly text: string;
      /** `TCP`, `UDP`, `TCPv6`, `UNIX-STREAM`, `NETLINK`, … as strace names it; `socket` with `-y` only. */
      readonly protocol: string;
      /** Present where the decoration is `PROTO:[inode]`. */
      readonly inode?: number;
      /** `10.0.0.1:40000`; strace remembers a label, so it may be older than the socket's state. */
      readonly local?: string;
      readonly peer?: string;
    }
  | { readonly kind: 'other'; readonly text: string };

/** `[128 => 16]`, `{…} => {…}`: what went in, and what came out. */
export interface ChangeValue extends Span {
  readonly type: 'change';
  readonly before: Value;
  readonly after: Value;
  /** True for `[128 => 16]`. */
  readonly bracketed?: boolean;
}

/** A comment of strace behind the value it belongs to (`30 vars` behind the environment of execve), or alone. */
export interface CommentValue extends Span {
  readonly type: 'comment';
  readonly text: string;
  readonly value?: Value;
}

/** `fd=3` with `-N`, `arg = value` forms: a named argument. */
export interface NamedValue extends Span {
  readonly type: 'named';
  readonly name: string;
  readonly value: Value;
}

/** Text this grammar has no word for; kept whole. `...` alone is one too. */
export interface RawValue extends Span {
  readonly type: 'raw';
  readonly text: string;
}

export type Value =
  | StringValue
  | IntegerValue
  | FlagsValue
  | StructValue
  | ArrayValue
  | BitsetValue
  | NestedCallValue
  | DescriptorValue
  | ChangeValue
  | CommentValue
  | NamedValue
  | RawValue;
