/** Where one is on the page, as an address: `#dial/node-udp/client.strace:131`, `#dial/node-tcp/syn-ack-lost/client.pcap#3`. */
export interface Place {
  readonly lesson: string;
  readonly variant: string;
  readonly scene: string;
  /** An event, or a line of a recording that is none: `client.strace:131`. */
  readonly chosen?: string;
}

/** The pages beside the lessons: `#/imprecise`. */
export const otherPages = ['imprecise', 'unobserved', 'run'] as const;
export type OtherPage = (typeof otherPages)[number];

export function formatLink({ lesson, variant, scene, chosen }: Place): string {
  const parts = [
    lesson,
    variant,
    ...(scene === 'main' ? [] : [scene]),
    ...(chosen === undefined ? [] : [chosen]),
  ];
  return `#${parts.map(encode).join('/')}`;
}

/** `:` and `#` stay readable; whatever else a name could break out with does not. */
const encode = (part: string): string =>
  encodeURIComponent(part).replaceAll('%3A', ':').replaceAll('%23', '#');

export function readLink(hash: string): Place | OtherPage | undefined {
  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  const other = otherPages.find((name) => text === `/${name}`);
  if (other !== undefined) return other;
  const [lesson = '', variant = '', ...rest] = text.split('/').map(decode);
  if (lesson === '') return undefined;
  const last = rest.at(-1);
  const chosen = last !== undefined && isReference(last) ? last : undefined;
  const scene = (chosen === undefined ? rest : rest.slice(0, -1)).join('/') || 'main';
  return { lesson, variant, scene, ...(chosen !== undefined && { chosen }) };
}

const isReference = (text: string) => /[:#]\d+(?:\.[\w.]+)?$/.test(text);

/** A line of a recording out of `client.strace:131`, `client.pcap#3`; a counter's id has its name behind it. */
export function readReference(text: string): { source: string; line: number } | undefined {
  const [, source, line] = /^(.+)[:#](\d+)(?:\.[\w.]+)?$/.exec(text) ?? [];
  return source === undefined ? undefined : { source, line: Number(line) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // not encoded by this page: taken as it stands
  }
}
