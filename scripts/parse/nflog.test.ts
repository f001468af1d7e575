import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readKernelLog, type LogRecord } from './kernel-log.ts';
import { logLine } from './log-line.ts';
import { readLogText } from './log-text.ts';
import { readNflog } from './nflog.ts';

const read = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const framesOf = (host: string) => readNflog(read(`${host}.nflog.pcap`), `${host}.nflog.pcap`).frames;
const names = { client: new Map([[2, 'ek3f9ac']]), server: new Map([[2, 'ek3f9as']]) };

const kernelLog = readKernelLog(new TextDecoder().decode(read('kernel.log')), 'kernel.log');
const logOf = (host: string) =>
  kernelLog.records.filter((record): record is LogRecord => record.kind === 'log' && record.host === host);

test('a frame says which rule saw the packet, where, and whose socket sent it', () => {
  const { frames, problems, consumed } = readNflog(read('client.nflog.pcap'), 'client.nflog.pcap');
  expect(problems).toEqual([]);
  expect(consumed).toBe(read('client.nflog.pcap').length);
  expect(frames[0]).toMatchObject({
    line: 1,
    epochNs: 1795460724171734000n,
    prefix: '[TCP] k3f9a client OUTPUT ',
    tag: 'k3f9a',
    host: 'client',
    chain: 'OUTPUT',
    hook: 3,
    indev: undefined,
    outdev: 2,
    uid: 0,
    gid: 0,
    hardwareHeader: undefined,
    packet: { protocol: 'tcp', flags: 'SYN', dport: 9000, payloadLength: 0 },
  });
  expect(frames[1]).toMatchObject({ chain: 'INPUT', hook: 1, indev: 2, outdev: undefined });
  expect(frames.find(({ packet }) => packet.protocol === 'udp')?.packet).toMatchObject({
    payload: 'MESSAGE 1',
  });
});

test.for(['client', 'server'] as const)(
  'on the %s, each frame makes the very line that the kernel wrote',
  (host) => {
    const lines = framesOf(host).map((frame) => logLine(frame, names[host]));
    const kernels = logOf(host).map(({ text }) => text);
    expect(lines.length).toBeGreaterThan(20);
    // The recorded PREROUTING rule has a prefix of 30 characters, of which LOG keeps 29.
    expect(lines.map((line) => line.replace('PREROUTING IN=', 'PREROUTINGIN='))).toEqual(kernels);
  },
);

test.for(['client', 'server'])('on the %s, LOG and NFLOG give the same packet, less the payload', (host) => {
  const frames = framesOf(host).map(({ packet }) => {
    const { payload: _, ...rest } = { payload: '', ...packet };
    return rest;
  });
  expect(frames).toEqual(logOf(host).map(({ packet }) => packet));
});

test('a line made from a frame is read back as its packet', () => {
  for (const frame of [...framesOf('client'), ...framesOf('server')]) {
    const { payload: _, ...packet } = { payload: '', ...frame.packet };
    const back = readLogText(logLine(frame));
    expect(back).toMatchObject({ tag: frame.tag, host: frame.host, chain: frame.chain, packet });
    expect(`${back?.in}${back?.out}`).toBe('if2');
  }
});

test('what is no frame of this lab is a problem', () => {
  const file = read('client.nflog.pcap');
  file[file.indexOf('['.charCodeAt(0))] = '('.charCodeAt(0);
  const foreign = readNflog(file, 'n.pcap');
  expect(foreign.frames.length).toBe(framesOf('client').length - 1);
  expect(foreign.problems).toEqual([
    {
      source: 'n.pcap',
      line: 1,
      what: "the prefix '(TCP] k3f9a client OUTPUT ' is not one of this lab's rules",
    },
  ]);
  expect(readNflog(read('client.pcap'), 'n.pcap')).toMatchObject({
    frames: [],
    problems: [{ line: 0, what: "link type 1 where NFLOG's 239 is due" }],
  });
});
