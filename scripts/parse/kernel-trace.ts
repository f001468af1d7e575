/**
 * `kernel.trace` → what the kernel did, and when each call began and ended inside it. Its form: record/kernel.ts; comments
 * first, then the text of the kernel's tracer.
 */
import type { KernelEvent } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';
import type { SceneRecord } from '../model/run.ts';
import { openBlocks, type Block } from './kernel-blocks.ts';
import { readFields, type Said } from './kernel-fields.ts';
import { isTracer, partStack, plainName } from './kernel-functions.ts';
import { readHeader, type KernelHeader } from './kernel-header.ts';
import { nameThreads, type Thread } from './kernel-threads.ts';

/** One passage of a thread through the kernel. */
export interface Passage {
  readonly host: string;
  readonly pid: number;
  /** `connect` */
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly returned: number;
}

export interface KernelRecording {
  readonly header: KernelHeader;
  readonly events: KernelEvent[];
  readonly passages: Passage[];
  /** By the machine's numbers. */
  readonly threads: ReadonlyMap<number, Thread>;
  readonly problems: Problem[];
}

/** @param hosts by whose interfaces and addresses an event is given to a host */
export function readKernelTrace(
  text: string,
  source: string,
  hosts: SceneRecord['hosts'],
  startedNs: bigint,
): KernelRecording {
  const header = readHeader(text);
  const blocks = openBlocks();
  const read = blocks.take(text.endsWith('\n') ? text : `${text}\n`);
  const problems = blocks.unread.map(({ line, text: whole }) => ({
    source,
    line,
    what: `no line of the kernel's tracer: ${whole.slice(0, 60)}`,
  }));
  const said = read.flatMap((block) => {
    const fields = readFields(block.text);
    if (fields !== undefined) return [{ block, ...fields }];
    problems.push({ source, line: block.line, what: `no event: ${block.text.slice(0, 60)}` });
    return [];
  });
  const threads = nameThreads(header.programs, said);
  const at = (block: Block) => Number(block.stampNs + header.offsetNs - startedNs);
  const events: KernelEvent[] = [];
  const passages: Passage[] = [];
  const inside = new Map<number, { name: string; from: number }>();
  for (const { block, name, fields } of said) {
    const thread = threads.get(block.pid);
    const [, way, call = ''] = /^sys_(enter|exit)_(\w+)$/.exec(name) ?? [];
    if (way === 'enter') inside.set(block.pid, { name: call, from: at(block) });
    if (way === 'exit') {
      const began = inside.get(block.pid);
      inside.delete(block.pid);
      if (began?.name !== call || thread === undefined) continue;
      passages.push({ ...thread, ...began, until: at(block), returned: Number(fields['ret']) });
    }
    if (way !== undefined || name === 'sched_process_fork' || name === 'tracing_mark_write') continue;
    events.push(toEvent({ block, name, fields }, thread, hosts, source, at(block)));
  }
  return { header, events, passages, threads, problems };
}

function toEvent(
  { block, name, fields }: Said & { block: Block },
  thread: Thread | undefined,
  hosts: SceneRecord['hosts'],
  source: string,
  atNs: number,
): KernelEvent {
  const link = name === 'fib_table_lookup' ? undefined : fields['dev'];
  const sk = fields['skaddr'] ?? fields['sk_address'] ?? fields['sk'];
  const ends = endsOf(name, fields);
  const { stack, beyond, strange } = stackOf(block);
  const own =
    hosts.find(({ links }) => links.some((one) => one.interface === (link ?? fields['dev']))) ??
    hosts.find(({ address }) => address === ends.local?.split(':')[0]);
  return {
    kind: 'kernel',
    id: `${source}:${block.line}`,
    atNs,
    host: own?.name ?? thread?.host ?? '',
    source,
    line: block.line,
    name,
    fields: { ...fields },
    ...(thread && !strange && { pid: thread.pid, threadHost: thread.host }),
    cpu: block.cpu,
    context: contextOf(block.flags),
    ...{ stack, beyond },
    ...(link !== undefined && { interface: link }),
    ...(sk !== undefined && !/^0+$/.test(sk) && { sk }),
    ...ends,
  };
}

/** `10.0.0.1:40000` each: the end on the host where it happens, and the other. */
function endsOf(name: string, fields: Said['fields']): { local?: string; peer?: string } {
  const { saddr, daddr, sport, dport, src, dest } = fields;
  const source = src ?? (sport === undefined ? saddr : `${saddr}:${sport}`);
  const destination = dest ?? (dport === undefined ? daddr : `${daddr}:${dport}`);
  // These two are about a packet that has come; the others about what leaves.
  const [local, peer] = /^(?:icmp_send|udp_fail_queue_rcv_skb)$/.test(name)
    ? [destination, source]
    : [source, destination];
  return { ...(local !== undefined && { local }), ...(peer !== undefined && { peer }) };
}

/** The third letter of the flags: `h`, `H` in a hard interrupt, `s` in a soft one (Documentation/trace/ftrace.rst). */
function contextOf(flags: string): KernelEvent['context'] {
  const letter = flags[2] ?? '.';
  if (letter === 's') return 'softirq';
  return letter === '.' ? 'process' : 'hardirq';
}

function stackOf(block: Block) {
  const names = block.stack.map(plainName);
  const first = names.findIndex((name) => !isTracer(name));
  const { own, ...rest } = partStack(first === -1 ? [] : names.slice(first).toReversed());
  return { stack: own, ...rest };
}
