/** Everything after recording: a run's files → timelines and verdicts. Pure; it can be done again anywhere. */
import { timelineOf, type Timeline } from '../correlate/timeline.ts';
import type { Lesson } from '../lessons/lesson.ts';
import type { Run, SceneRecord } from '../model/run.ts';
import { logLine } from '../parse/log-line.ts';
import { readNflog } from '../parse/nflog.ts';
import type { Answer, Verdict } from '../model/verdict.ts';
import type { Quote } from './evidence.ts';
import { judgeAnswers, judgeVariant, type Recorded } from './judge.ts';

/** The recordings of a scene, by file name. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface JudgedVariant {
  readonly lesson: Lesson;
  readonly variant: string;
  readonly timelines: ReadonlyMap<string, Timeline>;
  readonly verdicts: readonly Verdict[];
  readonly answers: readonly Answer[];
}

/** @param filesOf the recordings of a scene; lessons that the run did not record are left out */
export function judgeRun(
  run: Run,
  lessons: readonly Lesson[],
  filesOf: (scene: SceneRecord) => Files,
): JudgedVariant[] {
  // Lessons that tell the same scene have the same recordings of it.
  const known = new Map<string, Timeline>();
  const timeline = (scene: SceneRecord): Timeline => {
    const key = JSON.stringify(scene.files);
    const made = known.get(key) ?? timelineOf(run, scene, filesOf(scene));
    known.set(key, made);
    return { ...made, scene };
  };
  return lessons.flatMap((lesson) => {
    const scenes = run.scenes.filter((scene) => scene.lesson === lesson.id);
    const find = (variant: string, id: string) =>
      scenes.find((scene) => scene.variant === variant && scene.scene === id);
    return [...new Set(scenes.map(({ variant }) => variant))].map((variant) => {
      const recorded: Recorded = {
        timelineOf(other, id) {
          const scene = find(other, id);
          return scene && timeline(scene);
        },
        quote(id) {
          const scene = find(variant, id);
          return quoteFrom(scene ? filesOf(scene) : new Map(), scene?.hosts ?? []);
        },
      };
      const own = scenes.filter((scene) => scene.variant === variant);
      return {
        ...{ lesson, variant },
        timelines: new Map(own.map((scene) => [scene.scene, timeline(scene)])),
        verdicts: judgeVariant(lesson, variant, recorded),
        answers: judgeAnswers(lesson, variant, recorded),
      };
    });
  });
}

/** Lines of the recordings, read when first asked for; a capture on a link has none. */
export function quoteFrom(files: Files, hosts: SceneRecord['hosts']): Quote {
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

/** What LOG would have written of the packets that NFLOG recorded, marked as such. */
export function logLines(bytes: Uint8Array, source: string, hosts: SceneRecord['hosts']): string[] {
  const lines: string[] = [];
  for (const frame of readNflog(bytes, source).frames) {
    const links = hosts.find(({ name }) => name === frame.host)?.links ?? [];
    const names = new Map(links.map(({ index, interface: link }) => [index, link]));
    lines[frame.line - 1] = `${logLine(frame, names)} (made from NFLOG)`;
  }
  return lines;
}
