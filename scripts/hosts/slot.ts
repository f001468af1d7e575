/**
 * A place for programs on a host: a bash that is there already, with the programs' rights, and runs one after the other,
 * each with the bash's own pipes. That costs a fork of a small process, where starting one from here costs a fork of a
 * large one and some exec(2) (10 ms), and in a container a client, a shim and a runc (80 ms).
 *
 * A program whose input was used leaves no clean pipe behind: its bash ends with it, and the next program finds another
 * that has been opened meanwhile.
 */
import { execa } from 'execa';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { quote, type Process } from './process.ts';

/** The places of a host: one that a tracer may follow, and one aside, opened when it is first needed. */
export interface Slots {
  /** Runs a command line in one of them; only once the one before has ended. */
  start(argv: readonly string[], followed: boolean): Promise<Process>;
  /** From now on a tracer is to follow all that is started as `followed`. */
  follow(tracer: Tracer): void;
  close(): void;
}

/** A tracer that must know a process before it starts others: those it follows, too. */
export interface Tracer {
  /** What a process does, in sh(1), to say which it is. */
  announce(id: string): string;
  /** Resolves once the process that said so is followed, or never will be. */
  follows(id: string): Promise<void>;
}

/** @param bash the words that start a bash there, with pipes for its input and output; first it runs `announce` */
export function openSlots(bash: (announce: string) => readonly string[]): Slots {
  const [slot, aside] = [openSlot(bash), openSlot(bash)];
  return {
    start: (argv, followed) => (followed ? slot : aside).start(argv),
    follow: (tracer) => slot.follow(tracer),
    close() {
      slot.close();
      aside.close();
    },
  };
}

function openSlot(bash: (announce: string) => readonly string[]) {
  let tracer: Tracer | undefined;
  let runner: Promise<Runner> | undefined;
  let open: Runner | undefined;
  const replace = () => {
    const id = randomBytes(4).toString('hex');
    const fresh = openRunner(bash(tracer?.announce(id) ?? ':'));
    open = fresh;
    runner = (tracer?.follows(id) ?? Promise.resolve()).then(() => fresh);
    return runner;
  };
  return {
    async start(argv: readonly string[]) {
      if (runner === undefined || open?.over() === true) void replace();
      return (await (runner ?? replace())).start(argv, replace);
    },
    follow(one: Tracer) {
      open?.close();
      tracer = one;
      void replace();
    },
    close: () => open?.close(),
  };
}

/**
 * Lines to run come in, each ended by NUL. What bash has to say of a program, its number and its exit status, goes the
 * way of what the program says; `$0`, which no program knows, tells one from the other.
 */
const loop = `
export -n SHLVL PWD OLDPWD # the programs' environment is as it was given
exec 3>&2 2>/dev/null # of a program that a signal ends bash shall not say so
while read -r -d '' line; do
  ( printf '\\0%s pid %s\\0' "$0" $BASHPID; eval "exec $line 2>&3 3>&-" )
  status=$?
  printf '\\0%s exit %s\\0' "$0" $status
  printf '\\0%s exit %s\\0' "$0" $status >&3
done`;

type Runner = ReturnType<typeof openRunner>;

function openRunner([file = '', ...args]: readonly string[]) {
  const token = randomBytes(8).toString('hex');
  const client = execa(file, [...args, '-c', loop, token], { buffer: false, reject: false, stdin: 'pipe' });
  client.stdin.on('error', () => undefined); // EPIPE: a program that does not read its input
  let spent = false;
  let over = false;
  void client.then(() => (over = true));
  const close = () => void client.stdin.end();
  return {
    close,
    over: () => over,
    /** @param spoiled is called once its input is used */
    start(argv: readonly string[], spoiled: () => unknown): Process {
      const [stdout, stderr] = [part(client.stdout, token), part(client.stderr, token)];
      client.stdin.write(`${argv.map(quote).join(' ')}\0`);
      const spoil = () => {
        if (!spent) spoiled();
        spent = true;
      };
      const end = async () => {
        const [exitCode] = await Promise.all([stdout.exit, stderr.exit]);
        if (spent) close();
        return exitCode === undefined ? client : endOf(exitCode);
      };
      return {
        ...{ stdout: stdout.stream, stderr: stderr.stream },
        input(text) {
          spoil();
          client.stdin.write(text);
        },
        endInput() {
          spoil();
          close();
        },
        pid: stdout.pid,
        ended: end(),
        kill: () => void client.kill('SIGKILL'),
      };
    },
  };
}

/** As sh(1) says it: 128 and the number of the signal. */
function endOf(status: number): Awaited<Process['ended']> {
  const signal = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0];
  return signal === undefined ? { exitCode: status } : { signal };
}

/** What one program says on a stream of its bash, and what bash says of it; undefined where bash did not live to say it. */
function part(source: Readable, token: string) {
  const stream = new PassThrough();
  const pid = Promise.withResolvers<number | undefined>();
  const exit = Promise.withResolvers<number | undefined>();
  const sign = new RegExp(`\\x00${token} (pid|exit) (\\d+)\\x00`);
  const beginning = `\0${token} `;
  let held = '';
  const say = (until: number) => {
    if (until > 0) stream.write(held.slice(0, until), 'latin1');
    held = held.slice(until);
  };
  const take = (bytes: Buffer) => {
    held += bytes.toString('latin1');
    for (let found = sign.exec(held); found !== null; found = sign.exec(held)) {
      say(found.index);
      held = held.slice(found[0].length);
      if (found[1] === 'pid') pid.resolve(Number(found[2]));
      else finish(Number(found[2]));
    }
    // Of a sign a part may have come. Programs, too, say NUL.
    const nul = held.lastIndexOf('\0');
    const last = held.slice(nul);
    const isPart = beginning.startsWith(last) || last.startsWith(beginning);
    say(nul !== -1 && isPart ? nul : held.length);
  };
  const finish = (exitCode: number | undefined) => {
    source.off('data', take).off('end', cutOff);
    stream.end();
    pid.resolve(undefined);
    exit.resolve(finished(stream, { writable: false }).then(() => exitCode));
  };
  const cutOff = () => {
    say(held.length);
    finish(undefined);
  };
  source.on('data', take).once('end', cutOff);
  return { stream, pid: pid.promise, exit: exit.promise };
}
