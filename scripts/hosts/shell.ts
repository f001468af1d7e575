/**
 * A long-lived bash on a host: one command costs a millisecond, where starting a process there costs ten (and
 * a hundred in a container). It lives on its standard input: when the lab dies, the pipe closes and bash exits.
 */
import { execa } from 'execa';

export interface Shell {
  /** Runs a script, its standard error joined to its output; rejects when it exits with anything but 0. */
  run(script: string): Promise<string>;
}

export function openShell(argv: readonly string[]): Shell {
  const [file = '', ...args] = argv;
  const bash = execa(file, args, { buffer: false, reject: false, stdin: 'pipe' });
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
  bash.stderr.resume();
  bash.stdin.on('error', () => undefined); // EPIPE: the line below says it better
  void bash.then(() => waiting?.reject(new Error(`the control shell ended: ${argv.join(' ')}`)));

  const ask = (script: string) =>
    new Promise<string>((resolve, reject) => {
      waiting = { resolve, reject };
      bash.stdin.write(`{ ${script}\n} 2>&1 </dev/null; printf '\\0%s\\0' $?\n`);
    });

  return {
    run(script) {
      const answer = turn.then(() => ask(script));
      turn = answer.catch(() => undefined);
      return answer;
    },
  };
}
