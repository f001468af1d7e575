/**
 * The text of the kernel's tracer, cut into blocks: an event's line with the stack that belongs to it.
 *
 *     node-2988    [000] .....  3408.062874: inet_sock_set_state: family=AF_INET …
 *     node-2988    [000] .....  3408.062882: <stack trace>
 *      => tcp_set_state
 *
 * A stack follows its event on the same processor, but other processors' events, and those of an interrupt with
 * their own stacks, may stand between the two.
 */
export interface Block {
  /** 1-based line of the event. */
  readonly line: number;
  /** The machine's number of the thread. */
  readonly pid: number;
  readonly cpu: number;
  /** `b.s1.`: interrupts off, must be scheduled, in an interrupt (s soft, h hard), depth (ftrace.rst, "latency"). */
  readonly flags: string;
  /** Of the instance's clock, in nanoseconds; the kernel prints microseconds, and cuts. */
  readonly stampNs: bigint;
  /** `inet_sock_set_state: family=AF_INET …` */
  readonly text: string;
  /** The functions on the stack, the innermost first. */
  readonly stack: string[];
  /** As the kernel wrote them. */
  readonly lines: string[];
}

export interface Blocks {
  /** Takes text as it comes; gives the events that began in it. Their stacks may come later. */
  take(text: string): Block[];
  /** How many events the kernel said it had to throw away. */
  lost(): number;
  /** Lines that are neither an event, nor of a stack, nor a comment. */
  readonly unread: { readonly line: number; readonly text: string }[];
}

const head = /^ *.*-(\d+) +(?:\([ \d-]+\) +)?\[(\d+)\] (\S+) +(\d+)\.(\d{6}): (.*)$/;
/** An event without a stack of its own must not take another's. */
const deepest = 8;

export function openBlocks(): Blocks {
  const waiting = new Map<number, Block[]>();
  const unread: { line: number; text: string }[] = [];
  let part = '';
  let number = 0;
  let current: Block | undefined;
  let lost = 0;

  const take = (line: string): Block | undefined => {
    number += 1;
    if (line.startsWith(' => ')) {
      current?.lines.push(line);
      current?.stack.push(line.slice(4));
      return undefined;
    }
    const found = head.exec(line);
    if (found === null) {
      const missing = /\[LOST (\d+) EVENTS\]/.exec(line)?.[1];
      if (missing !== undefined) lost += Number(missing);
      else if (line !== '' && !line.startsWith('#')) unread.push({ line: number, text: line });
      return undefined;
    }
    const [, pid = '', processor = '', flags = '', seconds = '', micros = '', text = ''] = found;
    const cpu = Number(processor);
    const open = waiting.get(cpu) ?? [];
    waiting.set(cpu, open);
    if (text === '<stack trace>') {
      current = open.pop();
      current?.lines.push(line);
      return undefined;
    }
    current = undefined;
    const stampNs = BigInt(seconds + micros) * 1000n;
    const block = { line: number, pid: Number(pid), cpu, flags, stampNs, text, stack: [], lines: [line] };
    if (!text.startsWith('tracing_mark_write:')) open.push(block); // a mark has no stack
    if (open.length > deepest) open.shift();
    return block;
  };

  return {
    take(text) {
      const lines = (part + text).split('\n');
      part = lines.pop() ?? '';
      return lines.map(take).filter((block) => block !== undefined);
    },
    lost: () => lost,
    unread,
  };
}
