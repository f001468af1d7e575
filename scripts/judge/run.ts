/** Everything after recording: a run's files → timelines and verdicts. Pure; it can be done again anywhere. */
import { timelineOf, type Timeline } from '../correlate/timeline.ts';
import type { Lesson } from '../lessons/lesson.ts';
import type { Run, SceneRecord } from '../model/run.ts';
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
      const quote = (scene: string) => quoteFrom(files.get(scene) ?? new Map());
      return { lesson, variant, timelines, verdicts: judgeVariant(lesson, variant, timelines, quote) };
    });
  });
}

/** Lines of the text recordings, split when first asked for. */
function quoteFrom(files: Files) {
  const split = new Map<string, string[]>();
  return (source: string, line: number): string | undefined => {
    const bytes = files.get(source);
    if (bytes === undefined || source.endsWith('.pcap')) return undefined;
    let lines = split.get(source);
    if (lines === undefined) split.set(source, (lines = new TextDecoder().decode(bytes).split('\n')));
    return lines[line - 1];
  };
}
