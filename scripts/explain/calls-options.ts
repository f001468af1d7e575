/** getsockopt(2) and setsockopt(2): the option's meaning from socket-options.ts, the value as a person would say it. */
import { field, type Call, type Value } from 'strace-parser';
import { errnos } from './errno.ts';
import { lookUp } from './explanation.ts';
import type { Teller } from './outcome.ts';
import { descriptor, protocolOf } from './places.ts';
import { argument, bare, names, numberOf, plain, textOf } from './reading.ts';
import { socketOptions } from './socket-options.ts';

export const optionCalls: Readonly<Record<string, readonly [Teller, source: string]>> = {
  getsockopt: [
    (call) => {
      const option = optionOf(call);
      if (option === 'SO_ERROR') return pendingError(call);
      const asks = `asks for ${option} of ${descriptor(argument(call, 0))}`;
      return [asks, `${asks}: ${valueOf(option, argument(call, 3))}${about(option)}`];
    },
    'getsockopt(2)',
  ],
  setsockopt: [
    (call) => {
      const option = optionOf(call);
      const what = `${option} of ${descriptor(argument(call, 0))} to ${valueOf(option, argument(call, 3))}`;
      return [`wants to set ${what}`, `sets ${what}${about(option)}`];
    },
    'setsockopt(2)',
  ],
};

const optionOf = (call: Call): string => names(call, 2)[0] ?? `option ${plain(argument(call, 2))}`;

/** `; it says whether …`, `; it is the size …`, `; it joins …`, as the phrase needs. */
function about(option: string): string {
  const means = lookUp(socketOptions, option)?.[0].replace(/^SO_\w+: /, '');
  if (means === undefined) return '';
  if (/^(?:whether|how|which|when|where|what|after)\b/.test(means)) return `; it says ${means}`;
  return /^(?:joins|leaves|takes)\b/.test(means) ? `; it ${means}` : `; it is ${means}`;
}

function pendingError(call: Call): readonly [string, string] {
  const asks = `asks ${descriptor(argument(call, 0))} for an error that has waited (SO_ERROR)`;
  const error = names(call, 3)[0];
  const means = error === undefined ? undefined : lookUp(errnos, error);
  if (means !== undefined) return [asks, `${asks}: ${error}, ${means[0]}; asking takes it away`];
  const none =
    protocolOf(call) === 'UDP'
      ? 'none'
      : 'none; if connect(2) said EINPROGRESS and poll(2) since said writable, it is connected';
  return [asks, `${asks}: ${none}`];
}

function valueOf(option: string, value: Value | undefined): string {
  if (/TIMEO/.test(option)) return time(value);
  const number = numberOf(value);
  if (option === 'SO_TYPE' && number !== undefined) return types[number] ?? String(number);
  if (number !== undefined) return String(number);
  return plain(bare(value));
}

const types: Readonly<Record<number, string>> = {
  1: 'SOCK_STREAM',
  2: 'SOCK_DGRAM',
  3: 'SOCK_RAW',
  5: 'SOCK_SEQPACKET',
};

/** A struct timeval; strace 6 prints SO_RCVTIMEO_OLD as its bytes (two 64-bit numbers, lowest byte first). */
function time(value: Value | undefined): string {
  const seconds = numberOf(field(value, 'tv_sec')) ?? littleEndian(textOf(value), 0);
  const microseconds = numberOf(field(value, 'tv_usec')) ?? littleEndian(textOf(value), 8);
  if (seconds === undefined || microseconds === undefined) return plain(value);
  if (seconds === 0 && microseconds === 0) return '0 (no limit)';
  return `${seconds + microseconds / 1e6} s`;
}

function littleEndian(bytes: string | undefined, at: number): number | undefined {
  if (bytes?.length !== 16) return undefined;
  let number = 0;
  for (let place = 7; place >= 0; place--) number = number * 256 + bytes.charCodeAt(at + place);
  return number;
}
