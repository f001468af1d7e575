/** What a renderer of files gets and gives. Pure: a file is a path and what is in it; cli/ writes it. */
import type { Timeline } from '../../correlate/timeline.ts';
import { explainerOf } from '../../explain/explain-timeline.ts';
import type { Explanation } from '../../explain/explanation.ts';
import type { Quote } from '../../judge/evidence.ts';
import { quoteFrom, type Files, type JudgedVariant } from '../../judge/run.ts';
import type { Lesson } from '../../lessons/lesson.ts';
import type { Event } from '../../model/event.ts';
import type { Run, SceneRecord } from '../../model/run.ts';

/** A run with all that is known of it. */
export interface WholeRun {
  readonly run: Run;
  readonly judged: readonly JudgedVariant[];
  readonly plays: readonly Play[];
  /** The runtime's own calls in full. */
  readonly unfold: boolean;
}

/** A scene as it was played once. Lessons that tell the same scene share it. */
export interface Play {
  readonly run: Run;
  readonly timeline: Timeline;
  readonly files: Files;
  /** The folders of its recordings, relative to the run's, with `/` between. */
  readonly folders: readonly string[];
  readonly unfold: boolean;
  explain(event: Event): Explanation;
  /** A line of a recording; of an NFLOG frame the line that LOG would have written. */
  readonly quote: Quote;
}

export interface RenderedFile {
  /** Relative to the run's folder, with `/` between; several where lessons share a scene. */
  readonly paths: readonly string[];
  readonly content: string | Uint8Array;
}

/** Gives its files one by one, so that they can be written while the next is made. */
export type Renderer = (whole: WholeRun) => Iterable<RenderedFile>;

export function wholeRun(
  run: Run,
  judged: readonly JudgedVariant[],
  filesOf: (scene: SceneRecord) => Files,
  unfold = false,
): WholeRun {
  const timelines = judged.flatMap((variant) => [...variant.timelines.values()]);
  // Shared recordings were read once (judgeRun), so their timelines have the very same events.
  const plays = [...Map.groupBy(timelines, ({ events }) => events).values()].flatMap((same) => {
    const [timeline] = same;
    if (timeline === undefined) return [];
    const folders = same.map(({ scene }) => scene.folder);
    const files = filesOf(timeline.scene);
    const quote = quoteFrom(files, timeline.scene.hosts);
    return [{ ...{ run, timeline, folders, unfold, files, quote }, explain: explainerOf(timeline) }];
  });
  return { run, judged, plays, unfold };
}

/** One file for each scene. */
export const perScene = (name: string, render: (play: Play) => string | Uint8Array): Renderer =>
  function* renderScenes({ plays }) {
    for (const play of plays) yield { paths: inFolders(play, name), content: render(play) };
  };

/** One file for each host that a program of the scene ran on. */
export const perHost = (ending: string, render: (play: Play, host: string) => string): Renderer =>
  function* renderHosts({ plays }) {
    for (const play of plays) {
      for (const { name: host } of play.timeline.scene.hosts) {
        if (!play.files.has(`${host}.strace`)) continue;
        yield { paths: inFolders(play, `${host}.${ending}`), content: render(play, host) };
      }
    }
  };

const inFolders = ({ folders }: Play, name: string) => folders.map((folder) => `${folder}/${name}`);

/** A lesson with its variants in this run, and the plays of their scenes. */
export interface PlayedLesson {
  readonly run: Run;
  readonly lesson: Lesson;
  readonly variants: readonly JudgedVariant[];
  playOf(timeline: Timeline): Play | undefined;
}

/** One file for each lesson. */
export const perLesson = (name: string, render: (played: PlayedLesson) => string): Renderer =>
  function* renderLessons({ run, judged, plays }) {
    const byEvents = new Map(plays.map((play) => [play.timeline.events, play]));
    for (const [lesson, variants] of Map.groupBy(judged, (variant) => variant.lesson)) {
      const playOf = (timeline: Timeline) => byEvents.get(timeline.events);
      yield { paths: [`${lesson.id}/${name}`], content: render({ run, lesson, variants, playOf }) };
    }
  };

/** One file for the run. */
export const perRun = (name: string, render: (whole: WholeRun) => string): Renderer =>
  function* renderRun(whole) {
    yield { paths: [name], content: render(whole) };
  };
