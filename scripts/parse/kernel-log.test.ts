import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readKernelLog } from './kernel-log.ts';

const recorded = readFileSync(new URL('fixtures/kernel.log', import.meta.url), 'utf8');
const all = readKernelLog(recorded, 'kernel.log');

const packetWith = (words: string) => {
  const record = all.records.find(({ text }) => text.includes(words));
  return record?.kind === 'log' ? record.packet : undefined;
};

test('a SYN', () => {
  expect(all.problems).toEqual([]);
  expect(all.records[0]).toEqual({
    kind: 'log',
    line: 1,
    level: 4,
    seq: 393,
    stampUs: 1669984393,
    text: '[TCP] k3f9a client OUTPUT IN= OUT=ek3f9ac SRC=10.0.0.1 DST=10.0.0.2 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=51050 DF PROTO=TCP SPT=37022 DPT=9000 SEQ=3602453444 ACK=0 WINDOW=65520 RES=0x00 SYN URGP=0 OPT (020402300402080A79E23662000000000103030A) ',
    prefix: '[TCP] k3f9a client OUTPUT ',
    tag: 'k3f9a',
    host: 'client',
    chain: 'OUTPUT',
    in: '',
    out: 'ek3f9ac',
    packet: {
      protocol: 'tcp',
      src: '10.0.0.1',
      dst: '10.0.0.2',
      id: 51050,
      ttl: 64,
      length: 60,
      sport: 37022,
      dport: 9000,
      seq: 3602453444,
      ack: 0,
      window: 65520,
      flags: 'SYN',
      payloadLength: 0,
    },
  });
});

test('the payload of a segment is what both headers leave, options counted', () => {
  expect(packetWith('LEN=64 TOS')).toMatchObject({ flags: 'ACK PSH', length: 64, payloadLength: 12 });
});

test('flags in the order of the kernel', () => {
  expect(packetWith('CWR')).toMatchObject({ flags: 'CWR ECE SYN' });
  expect(packetWith('RST')).toMatchObject({ flags: 'ACK RST', payloadLength: 0 });
});

test('an ICMP error and the header it quotes', () => {
  expect(packetWith('TYPE=3 CODE=3')).toMatchObject({
    protocol: 'icmp',
    src: '10.0.0.2',
    dst: '10.0.0.1',
    type: 3,
    code: 3,
    length: 62,
    inner: { protocol: 'udp', src: '10.0.0.1', dst: '10.0.0.2', sport: 60497, dport: 9998 },
  });
  const withoutPorts = packetWith('TYPE=3 CODE=2');
  expect(withoutPorts).toMatchObject({ type: 3, code: 2 });
  expect(withoutPorts).not.toHaveProperty('inner');
});

test('fragments: ports in the first alone', () => {
  const fragments = all.records.flatMap((record) =>
    record.kind === 'log' && /ID=56024/.test(record.text) && record.chain === 'PREROUTING'
      ? [record.packet]
      : [],
  );
  expect(fragments).toMatchObject([
    { protocol: 'udp', length: 596, fragment: { offset: 0, more: true }, payloadLength: 1300, dport: 9001 },
    { protocol: 'other', what: 'fragment of udp, id 56024, offset 576' },
    { protocol: 'other', what: 'fragment of udp, id 56024, offset 1152, the last' },
  ]);
});

test('what no rule of the lab wrote stays a plain record, unescaped', () => {
  expect(all.records.at(-1)).toEqual({
    kind: 'plain',
    line: 57,
    level: 6,
    seq: 449,
    stampUs: 1670307185,
    text: String.raw`k3f9a \mark café`,
  });
  const text =
    '4,1,2,-;[UFW BLOCK] IN=eth0 OUT= SRC=1.2.3.4 DST=5.6.7.8 LEN=40\n SUBSYSTEM=net\n DEVICE=n1\n';
  expect(readKernelLog(text, 'k')).toMatchObject({ problems: [], records: [{ kind: 'plain', level: 4 }] });
});

test('lines that lost their last blank say the same', () => {
  const trimmed = readKernelLog(recorded.replaceAll(' \n', '\n'), 'kernel.log');
  const packets = ({ records }: typeof all) =>
    records.map((record) => record.kind === 'log' && record.packet);
  expect(packets(trimmed)).toEqual(packets(all));
});

test('a rule that logs too little is a problem, named once', () => {
  const withoutOptions = readKernelLog(recorded.replaceAll(/OPT \(\w+\) /g, ''), 'k');
  expect(withoutOptions.problems.length).toBe(4);
  expect(withoutOptions.problems[0]).toEqual({
    source: 'k',
    line: 1,
    what: 'a SYN without OPT: this rule lacks --log-tcp-options, so its payload lengths count TCP options too',
  });
  const withoutSequence = readKernelLog((recorded.split('\n')[0] ?? '').replace(/SEQ=.*WIN/, 'WIN'), 'k');
  expect(withoutSequence).toMatchObject({
    problems: [
      { line: 1, what: 'unreadable: LOG line without SEQ and ACK: its rule lacks --log-tcp-sequence' },
    ],
    records: [{ kind: 'log', packet: { protocol: 'other' } }],
  });
});

test('a line cut anywhere is a record or a problem, and a segment only if it is whole', () => {
  for (const line of recorded.trimEnd().split('\n')) {
    for (let length = 1; length < line.length; length += 1) {
      const { records, problems } = readKernelLog(line.slice(0, length), 'k');
      expect(records.length + problems.length).toBeGreaterThan(0);
      const segments = records.filter((cut) => cut.kind === 'log' && cut.packet.protocol === 'tcp');
      expect(segments.every(({ text }) => text.includes(' URGP=0'))).toBe(true);
    }
  }
});
