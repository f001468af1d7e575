/** Every file that is made from a run: a format is one renderer and one row. */
import { renderImprecise } from '../imprecise.ts';
import { renderRuntimes } from '../runtimes.ts';
import { eventSchema } from './event-schema.ts';
import { jsonText } from './json-text.ts';
import { renderJsonl } from './jsonl.ts';
import { renderPcapng } from './pcapng.ts';
import { perRun, perScene, type Renderer } from './renderer.ts';

export const formatNames = ['jsonl', 'schema', 'pcapng', 'verdicts', 'imprecise', 'runtimes'] as const;
export type Format = (typeof formatNames)[number];

export const formats: Readonly<Record<Format, Renderer>> = {
  jsonl: perScene('events.jsonl', renderJsonl),
  schema: perRun('events.schema.json', () => `${jsonText(eventSchema(), 2)}\n`),
  pcapng: perScene('capture.pcapng', renderPcapng),
  verdicts: perRun('verdicts.json', ({ judged }) => {
    const verdicts = judged.flatMap((variant) => variant.verdicts);
    return `${JSON.stringify(verdicts, null, 2)}\n`;
  }),
  imprecise: perRun('imprecise.txt', ({ judged }) => renderImprecise(judged)),
  runtimes: perRun('runtimes.txt', ({ judged }) => renderRuntimes(judged)),
};
