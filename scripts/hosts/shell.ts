/**
 * A long-lived bash on a host: one command costs a millisecond, where starting a process there costs ten (and
 * a hundred in a container). It lives on its standard input: when the lab dies, the pipe closes and bash exits.
 */
import { execa } from 'execa';
import { CannotRun } from './host.ts';

export interface Shell {
  /** Of the process that was started; where its words replace each other (nsenter, bash), of bash. */
  readonly pid: number | undefined;
  /** Runs a script, its standard error joined to its output; rejects when it exits with anything but 0. */
  run(script: string): Promise<string>;
  /** Ends its input and waits for its end. */
  close(): Promise<void>;
  /** Rejects when it ends before `close`. */
  readonly broken: Promise<never>;
}

export function openShell(argv: readonly string[]): Shell {
  const [file = '', ...args] = argv;
  // It ends with its input. A signal could end a docker client between making a container and starting it.
  const bash = execa(file, args, { buffer: false, reject: false, stdin: 'pipe', cleanup: false });
  let received = '';
  let waiting: { resolve: (answer: string) => void; reject: (error: Error) => void } | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  bash.stdout.setEncoding('latin1').on('data', (text: string) => {
    received += text;
    // The answer ends in NUL status NUL: no output of ss, ip or /proc holds a NUL.
    const end = /\0(\d+)\0$/.exec(received);
    if (!end || !waiting) return;
    const answer = received.slice(0, end.index);
    const { resolve, reject } = waiting;
    received = '';
    waiting = undefined;
    if (end[1] === '0') resolve(answer);
    else reject(new Error(`exit status ${end[1]}: ${answer.trim()}`));
  });
  let complaint = '';
  bash.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4096);
  });
  bash.stdin.on('error', () => undefined); // EPIPE: the line below says it better
  let ended: Error | undefined;
  let closing = false;
  let fail: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (fail = reject));
  broken.catch(() => undefined); // whoever does not ask need not care
  void bash.then(() => {
    ended = new CannotRun({
      what: 'a host’s control shell ended while it was needed',
      why: complaint.trim() || `nothing was said by: ${argv.join(' ')}`,
      mend: 'run it again',
    });
    waiting?.reject(ended);
    if (!closing) fail(ended);
  });

  const ask = (script: string) =>
    new Promise<string>((resolve, reject) => {
      if (ended) return reject(ended);
      waiting = { resolve, reject };
      bash.stdin.write(`{ ${script}\n} 2>&1 </dev/null; printf '\\0%s\\0' $?\n`);
    });

  return {
    pid: bash.pid,
    run(script) {
      const answer = turn.then(() => ask(script));
      turn = answer.catch(() => undefined);
      return answer;
    },
    broken,
    async close() {
      closing = true;
      bash.stdin.end();
      await bash;
    },
  };
}
