/** A call of the strace log in packetdrill's notation, which is nearly strace's own: `...` for what it has no words for. */
import { field, type Call, type Value } from 'strace-parser';

/** Of a payload: enough to know it. */
const longestString = 32;

/** `connect(21, {sa_family=AF_INET, …}, 16) = -1 EINPROGRESS (Operation now in progress)` */
export function drillCall(call: Call): string {
  const { returned } = call;
  const result =
    returned?.value === undefined
      ? '?'
      : `${String(returned.value)}${returned.errno === undefined ? '' : ` ${returned.errno}${note(returned.text)}`}`;
  return `${call.name}(${call.args.map(expression).join(', ')}) = ${result}`;
}

/** `(Operation now in progress)`: words, or nothing. */
const note = (text: string): string => {
  const words = /\(([\w ]+)\)$/.exec(text.trim())?.[1];
  return words === undefined ? '' : ` (${words})`;
};

function expression(value: Value): string {
  switch (value.type) {
    case 'descriptor':
      return value.fd === -100 ? 'AT_FDCWD' : String(value.fd);
    case 'integer':
      // An address of the program's memory means nothing in another run.
      return value.radix === 16 && value.value > 0xffff ? '...' : String(value.value);
    case 'flags':
      return value.names.every((name) => /^\w+$/.test(name)) ? value.names.join('|') : '...';
    case 'string':
      return drillString(value);
    case 'array':
      return value.more || value.items.some(isUnspoken)
        ? '...'
        : `[${value.items.map(expression).join(', ')}]`;
    case 'change':
      // `[128 => 16]`: what came out is what a script expects.
      return value.bracketed === true ? `[${expression(value.after)}]` : expression(value.after);
    case 'struct':
      return structure(value);
    case 'named':
      return expression(value.value);
    case 'comment':
      return value.value === undefined ? '...' : expression(value.value);
    case 'bitset':
    case 'call':
    case 'raw':
      return '...';
    default:
      return unreachable(value);
  }
}

const isUnspoken = (value: Value): boolean => expression(value) === '...';

/** Socket addresses and the events of epoll; of a message its name and bytes. */
function structure(value: Value): string {
  const [family, port, address] = ['sa_family', 'sin_port', 'sin_addr'].map((name) => field(value, name));
  const number = inner(port);
  const host = inner(address);
  if (family?.type === 'flags' && number?.type === 'integer' && host?.type === 'string')
    return `{sa_family=${family.names.join('|')}, sin_port=htons(${number.value}), sin_addr=inet_addr(${drillString(host)})}`;
  const parts = field(value, 'msg_iov');
  if (parts?.type === 'array') return message(value, parts.items);
  const base = field(value, 'iov_base');
  const length = field(value, 'iov_len');
  if (base !== undefined && length?.type === 'integer') return `{..., ${length.value}}`;
  const events = field(value, 'events');
  const told = field(field(value, 'data'), 'u64');
  if (events !== undefined && told?.type === 'integer' && told.value <= 0xffff)
    return `{events=${expression(events)}, fd=${told.value}}`;
  return '...';
}

function message(value: Value, parts: readonly Value[]): string {
  const flags = field(value, 'msg_flags');
  const said = flags?.type === 'flags' || flags?.type === 'integer' ? expression(flags) : '0';
  return `{msg_name(...)=..., msg_iov(${parts.length})=[${parts.map(expression).join(', ')}], msg_flags=${said}}`;
}

const inner = (value: Value | undefined): Value | undefined =>
  value?.type === 'call' ? value.args[0] : undefined;

/** In C's escapes, all of it ASCII. */
function drillString({ bytes, truncated }: Extract<Value, { type: 'string' }>): string {
  const shown = Array.from(bytes.subarray(0, longestString), (byte) => {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === '\\') return `\\${char}`;
    return /[\x20-\x7e]/.test(char) ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  return `"${shown}"${truncated || bytes.length > longestString ? '...' : ''}`;
}

function unreachable(value: never): never {
  throw new Error(`no notation for ${JSON.stringify(value)}`);
}
