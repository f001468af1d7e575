/** Every kind of file that is made from a run: one renderer, one row. */
import { renderAnnotatedLog } from '../annotated/log.ts';
import { renderAnnotatedMarkdown } from '../annotated/markdown.ts';
import { renderFunctions } from '../functions.ts';
import { renderImprecise } from '../imprecise.ts';
import { renderRuntimes } from '../runtimes.ts';
import { eventSchema } from './event-schema.ts';
import { renderHandout } from './handout.ts';
import { jsonText } from './json-text.ts';
import { renderJsonl } from './jsonl.ts';
import { renderPacketdrill } from './packetdrill.ts';
import { renderPcapng } from './pcapng.ts';
import { renderPerfetto } from './perfetto.ts';
import { perHost, perLesson, perRun, perScene, type Renderer } from './renderer.ts';

/** In the order in which they are listed; the first are what people read. */
export const formatNames = [
  'handout',
  'log',
  'md',
  'pcapng',
  'perfetto',
  'packetdrill',
  'jsonl',
  'schema',
  'verdicts',
  'imprecise',
  'runtimes',
  'functions',
] as const;
export type Format = (typeof formatNames)[number];

export interface Row {
  /** What it is for, in a line. */
  readonly about: string;
  readonly render: Renderer;
}

export const formats: Readonly<Record<Format, Row>> = {
  handout: {
    about: 'a lesson on paper, with diagrams (Mermaid)',
    render: perLesson('handout.md', renderHandout),
  },
  log: { about: 'strace line by line, for a pager', render: perHost('annotated.log', renderAnnotatedLog) },
  md: { about: 'the same in Markdown, to unfold', render: perHost('annotated.md', renderAnnotatedMarkdown) },
  pcapng: {
    about: 'all packets for Wireshark, each with its call',
    render: perScene('capture.pcapng', renderPcapng),
  },
  perfetto: {
    about: 'the timeline for ui.perfetto.dev',
    render: perScene('trace.perfetto.json', renderPerfetto),
  },
  packetdrill: {
    about: 'calls and packets in packetdrill’s notation',
    render: perHost('pkt', renderPacketdrill),
  },
  jsonl: { about: 'every event, for programs', render: perScene('events.jsonl', renderJsonl) },
  schema: {
    about: 'the JSON Schema of its lines',
    render: perRun('events.schema.json', () => `${jsonText(eventSchema(), 2)}\n`),
  },
  verdicts: {
    about: 'what the recordings say of each claim',
    render: perRun('verdicts.json', ({ judged }) => {
      const verdicts = judged.flatMap((variant) => variant.verdicts);
      return `${JSON.stringify(verdicts, null, 2)}\n`;
    }),
  },
  imprecise: {
    about: 'where the article is imprecise',
    render: perRun('imprecise.txt', ({ judged }) => renderImprecise(judged)),
  },
  runtimes: {
    about: 'which of Node’s calls stands where',
    render: perRun('runtimes.txt', ({ judged }) => renderRuntimes(judged)),
  },
  functions: {
    about: 'which of the kernel’s functions a dial runs',
    render: perRun('functions.txt', ({ judged }) => renderFunctions(judged)),
  },
};
