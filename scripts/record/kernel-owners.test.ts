/** Whose an event is, told from a recorded trace; only the threads are changed, as the scheduler might have. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openBlocks, type Block } from '../parse/kernel-blocks.ts';
import { readHeader } from '../parse/kernel-header.ts';
import { openOwners, type Linked } from './kernel-owners.ts';

const recorded = new URL(
  '../correlate/fixtures/linux-6.18/lost/libc-tcp/syn-lost/kernel.trace',
  import.meta.url,
);
const text = readFileSync(recorded, 'utf8');
const blocks = openBlocks().take(text);
const [, tag = ''] = /dev=e(\w+)c /.exec(text) ?? [];
const programs = readHeader(text).programs.map(({ machine }) => machine);

const pairOf = (name: string): Linked => {
  const host = (address: string, end: string) => ({
    ...{ name: 'client' as const, address, follow: () => undefined },
    links: [{ to: 'server' as const, interface: `e${name}${end}`, index: 2, hardware: '' }],
  });
  return { tag: name, client: host('10.0.0.1', 'c'), server: host('10.0.0.2', 's') };
};
const [own, other] = [pairOf(tag), pairOf('xxxx0')];
const strangers = 99;

const isQueued = ({ text: said }: Block) => said.startsWith('net_dev_queue:');
const again = blocks.filter(({ text: said }) => said.startsWith('tcp_retransmit_skb:'));

/** Every block goes the way it came, those that `change` gives another thread included. */
function heard(change: (block: Block) => Block, followed: readonly number[] = []) {
  const owners = openOwners([own, other]);
  for (const pid of programs) owners.give(pid, own);
  for (const pid of followed) owners.give(pid, other);
  for (const block of blocks.map(change)) {
    if (isQueued(block)) owners.hearWire(block);
    else owners.hearProgram(block);
    if (/^(?:tcp_|inet_|icmp_|kfree_)/.test(block.text)) owners.hearWire(block);
  }
  return { own: owners.take(own).blocks, other: owners.take(other).blocks };
}

test('everything of a pair’s programs is the pair’s, once', () => {
  const { own: got, other: none } = heard((block) => block);
  const ofPrograms = got.filter(({ pid }) => programs.includes(pid));
  expect(again).toHaveLength(1);
  expect(ofPrograms.length).toBeGreaterThan(30);
  expect(new Set(got).size).toBe(got.length);
  expect(got.filter((block) => block === again[0])).toHaveLength(1);
  expect(none).toEqual([]);
});

test.each([
  ['of nobody that is followed', []],
  ['of another pair’s program', [strangers]],
])('a timer that fires on a thread %s: the connection tells', (_, followed) => {
  const { own: got, other: none } = heard(
    (block) => (block === again[0] ? { ...block, pid: strangers, flags: '..s1.' } : block),
    followed,
  );
  expect(got.filter(({ text: said }) => said === again[0]?.text)).toHaveLength(1);
  expect(none).toEqual([]);
});

test('a connection of other addresses, a packet at the same address a moment later: nobody’s', () => {
  const owners = openOwners([own]);
  const queued = blocks.find(isQueued);
  const dropped = blocks.find(({ text: said }) => said.startsWith('kfree_skb:'));
  if (queued === undefined || dropped === undefined || again[0] === undefined)
    throw new Error('not recorded');
  const at = (block: Block, laterNs: bigint, pid = queued.pid) => ({
    ...{ ...block, pid, cpu: queued.cpu, stampNs: queued.stampNs + laterNs },
    text: block.text.replace(/skbaddr=\S+/, /skbaddr=\S+/.exec(queued.text)?.[0] ?? ''),
  });
  owners.hearWire(queued);
  owners.hearWire(at(dropped, 50_000n));
  owners.hearWire(at(dropped, 50_000n, strangers));
  owners.hearWire(at(dropped, 5_000_000n));
  owners.hearWire({ ...again[0], pid: strangers, text: again[0].text.replaceAll('10.0.0.', '192.0.2.') });
  expect(owners.take(own).blocks.map(({ stampNs }) => stampNs - queued.stampNs)).toEqual([0n, 50_000n]);
});
