/** Which calls are wanted, decided before anything of them but pid, name and errno is read. */
export interface Filter {
  /** Names of system calls: `['connect', 'sendmsg']`. */
  readonly names?: readonly string[];
  readonly pids?: readonly number[];
  /** `['ECONNREFUSED']`: calls that failed with one of these. */
  readonly errnos?: readonly string[];
}

export interface Wanted {
  name(name: string): boolean;
  pid(pid: number | undefined): boolean;
  /** `returned` is the text behind ` = `. */
  errno(returned: string | undefined): boolean;
  /** Signals and exits are events of their own: wanted unless the filter asks for certain calls. */
  readonly others: boolean;
}

export function createWanted({ names, pids, errnos }: Filter = {}): Wanted {
  const nameSet = names && new Set(names);
  const pidSet = pids && new Set(pids);
  const errnoSet = errnos && new Set(errnos);
  return {
    name: (name) => nameSet === undefined || nameSet.has(name),
    pid: (pid) => pidSet === undefined || (pid !== undefined && pidSet.has(pid)),
    errno: (returned) =>
      errnoSet === undefined ||
      errnoSet.has(/^(?:-1|\?) \(?(E[A-Z0-9]+|errno \d+)/.exec(returned ?? '')?.[1] ?? ''),
    others: nameSet === undefined && errnoSet === undefined,
  };
}
