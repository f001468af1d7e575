/**
 * The tracer's text, cut into blocks: an event's line with the stack that belongs to it.
 *
 *     node-2988    [000] .....  3408.062874: inet_sock_set_state: family=AF_INET …
 *     node-2988    [000] .....  3408.062882: <stack trace>
 *      => tcp_set_state
 *
 * A stack follows its event on the same processor, but other processors' events, and those of an interrupt with
 * their own stacks, may stand between the two.
 */
export interface Block {
  readonly pid: number;
  /** Microseconds of the instance's clock. */
  readonly stampUs: number;
  /** `inet_sock_set_state: family=AF_INET …` */
  readonly text: string;
  /** As the kernel wrote them. */
  readonly lines: string[];
}

export interface Blocks {
  /** Takes text as it comes; gives the events that began in it. Their stacks may come later. */
  take(text: string): Block[];
  /** How many events the kernel said it had to throw away. */
  lost(): number;
}

const head = /^ *.*-(\d+) +\[(\d+)\] \S+ +(\d+)\.(\d+): (.*)$/;

export function openBlocks(): Blocks {
  const waiting = new Map<string, Block[]>();
  let part = '';
  let current: Block | undefined;
  let lost = 0;
  return {
    take(text) {
      const begun: Block[] = [];
      const lines = (part + text).split('\n');
      part = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith(' => ')) {
          current?.lines.push(line);
          continue;
        }
        const found = head.exec(line);
        if (found === null) {
          lost += Number(/\[LOST (\d+) EVENTS\]/.exec(line)?.[1] ?? 0);
          continue;
        }
        const [, pid = '', cpu = '', seconds = '', micros = '', rest = ''] = found;
        const open = waiting.get(cpu) ?? [];
        waiting.set(cpu, open);
        if (rest === '<stack trace>') {
          current = open.pop();
          current?.lines.push(line);
          continue;
        }
        current = undefined;
        const block = {
          pid: Number(pid),
          stampUs: Number(seconds) * 1e6 + Number(micros),
          text: rest,
          lines: [line],
        };
        begun.push(block);
        if (rest.startsWith('tracing_mark_write:')) continue; // has no stack
        open.push(block);
        if (open.length > 8) open.shift(); // an event may have none
      }
      return begun;
    },
    lost: () => lost,
  };
}
