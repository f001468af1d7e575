import { expect, test } from 'vitest';
import { formatLink, readLink } from './link.ts';

test.each([
  [
    '#dial/node-udp/client.strace:131',
    { lesson: 'dial', variant: 'node-udp', scene: 'main', chosen: 'client.strace:131' },
  ],
  [
    '#dial/node-tcp/syn-ack-lost/client.pcap#3',
    { lesson: 'dial', variant: 'node-tcp', scene: 'syn-ack-lost', chosen: 'client.pcap#3' },
  ],
  [
    '#lost/libc-udp/slow-reader/server.state:44.Udp.RcvbufErrors',
    { lesson: 'lost', variant: 'libc-udp', scene: 'slow-reader', chosen: 'server.state:44.Udp.RcvbufErrors' },
  ],
  ['#echo/libc-tcp', { lesson: 'echo', variant: 'libc-tcp', scene: 'main' }],
])('%s is a place, and a place has this address', (hash, place) => {
  expect(readLink(hash)).toEqual(place);
  expect(formatLink(place)).toBe(hash);
});

test('names that would break out of an address come back as they were', () => {
  const place = { lesson: 'a/b', variant: '"><c', scene: '%2F', chosen: 'x y:1' };
  expect(formatLink(place)).not.toMatch(/["<> ]/);
  expect(readLink(formatLink(place))).toEqual(place);
});

test('pages beside the lessons, and nothing', () => {
  expect(readLink('#/imprecise')).toBe('imprecise');
  expect(readLink('')).toBeUndefined();
  expect(readLink('#')).toBeUndefined();
});
