/** Everything after recording: a run's files → timelines and verdicts. Pure; it can be done again anywhere. */
import { timelineOf, type Timeline } from '../correlate/timeline.ts';
import type { Lesson } from '../lessons/lesson.ts';
import type { Run, SceneRecord } from '../model/run.ts';
import { logLine } from '../parse/log-line.ts';
import { readNflog } from '../parse/nflog.ts';
import type { Verdict } from '../model/verdict.ts';
import { judgeVariant } from './judge.ts';

/** The recordings of a scene, by file name. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface JudgedVariant {
  readonly lesson: Lesson;
  readonly variant: string;
  readonly timelines: ReadonlyMap<string, Timeline>;
  readonly verdicts: readonly Verdict[];
}

/** @param filesOf the recordings of a scene; lessons that the run did not record are left out */
export function judgeRun(
  run: Run,
  lessons: readonly Lesson[],
  filesOf: (scene: SceneRecord) => Files,
): JudgedVariant[] {
  return lessons.flatMap((lesson) => {
    const scenes = run.scenes.filter((scene) => scene.lesson === lesson.id);
    return [...Map.groupBy(scenes, ({ variant }) => variant)].map(([variant, own]) => {
      const files = new Map(own.map((scene) => [scene.scene, filesOf(scene)]));
      const timelines = new Map(own.map((scene) => [scene.scene, timelineOf(run, scene, filesOf(scene))]));
      const quote = (scene: string) => quoteFrom(files.get(scene) ?? new Map(), own[0]?.hosts ?? []);
      return { lesson, variant, timelines, verdicts: judgeVariant(lesson, variant, timelines, quote) };
    });
  });
}

/** Lines of the recordings, read when first asked for; a capture on a link has none. */
function quoteFrom(files: Files, hosts: SceneRecord['hosts']) {
  const read = new Map<string, readonly string[]>();
  return (source: string, line: number): string | undefined => {
    const bytes = files.get(source);
    if (bytes === undefined || (source.endsWith('.pcap') && !source.endsWith('.nflog.pcap')))
      return undefined;
    let lines = read.get(source);
    if (lines === undefined) {
      lines = source.endsWith('.nflog.pcap')
        ? logLines(bytes, source, hosts)
        : new TextDecoder().decode(bytes).split('\n');
      read.set(source, lines);
    }
    return lines[line - 1];
  };
}

/** What LOG would have written of the packets that NFLOG recorded, marked as such. A host has one link beside lo. */
function logLines(bytes: Uint8Array, source: string, hosts: SceneRecord['hosts']): string[] {
  const lines: string[] = [];
  for (const frame of readNflog(bytes, source).frames) {
    const link = hosts.find(({ name }) => name === frame.host)?.interface ?? '?';
    const indices = [frame.indev, frame.outdev].filter((index) => index !== undefined);
    lines[frame.line - 1] =
      `${logLine(frame, new Map(indices.map((index) => [index, link])))} (made from NFLOG)`;
  }
  return lines;
}
