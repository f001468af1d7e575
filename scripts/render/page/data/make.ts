/** Everything that the page shows, from a run, what was judged of it, and its recordings. */
import type { Timeline } from '../../../correlate/timeline.ts';
import type { Explanation } from '../../../explain/explanation.ts';
import { explainTimeline } from '../../../explain/explain-timeline.ts';
import type { Files, JudgedVariant } from '../../../judge/run.ts';
import type { Lesson, Scene } from '../../../lessons/lesson.ts';
import type { Event, PacketEvent } from '../../../model/event.ts';
import type { Run, SceneRecord } from '../../../model/run.ts';
import { commandLine } from '../../command-line.ts';
import { refer } from '../../ledger.ts';
import { fatesOf } from './fate.ts';
import { recordedFiles } from './files.ts';
import { openForms } from './lines.ts';
import { openValues, pack } from './packed.ts';
import type { Places } from './places.ts';
import type { LessonPage, RecordedFile, Report, SceneBody, SceneHead } from './report.ts';
import { say } from './say.ts';
import { stepCells } from './steps.ts';

export interface PageData {
  readonly report: Report;
  readonly bodies: readonly SceneBody[];
  /** The recordings of each scene, in the order of the bodies. */
  readonly files: readonly (readonly RecordedFile[])[];
  /** Shared by all bodies: values of packed events, forms of packed lines. */
  readonly values: readonly unknown[];
  readonly forms: readonly string[];
}

/** @param folder the run's, as the user may type it */
export function makePageData(
  run: Run,
  judged: readonly JudgedVariant[],
  filesOf: (scene: SceneRecord) => Files,
  folder: string,
): PageData {
  const [values, forms] = [openValues(), openForms()];
  const heads: SceneHead[] = [];
  const bodies: SceneBody[] = [];
  const files: RecordedFile[][] = [];
  const known = new Map<string, number>();
  const placeOf = (timeline: Timeline, scene: Scene | undefined): number => {
    const key = JSON.stringify(timeline.scene.files);
    const place = known.get(key) ?? heads.length;
    if (known.has(key)) return place;
    known.set(key, place);
    heads.push(headOf(timeline, scene));
    const recorded = recordedFiles(timeline, filesOf(timeline.scene), forms);
    files.push(recorded);
    bodies.push(bodyOf(timeline, scene, recorded, values));
    return place;
  };
  const lessons = [...Map.groupBy(judged, ({ lesson }) => lesson)].map(([lesson, variants]) =>
    lessonPage(lesson, variants, placeOf),
  );
  const { scenes: _, ...facts } = run;
  return {
    report: { folder, run: facts, lessons, scenes: heads },
    bodies,
    files,
    values: values.list,
    forms: forms.list,
  };
}

function lessonPage(
  lesson: Lesson,
  variants: readonly JudgedVariant[],
  placeOf: (timeline: Timeline, scene: Scene | undefined) => number,
): LessonPage {
  const { id, question, section, look, surprises, notShown } = lesson;
  const order = lesson.ask.map((one) => one.question);
  return {
    ...{ id, question, section, look, surprises, notShown },
    answers: variants
      .flatMap(({ answers }) => answers)
      .toSorted((one, other) => order.indexOf(one.question) - order.indexOf(other.question)),
    claims: lesson.claims.map(({ id, says }) => ({
      ...{ id, says },
      verdicts: variants.flatMap(({ verdicts }) => verdicts.filter(({ claim }) => claim === id)),
    })),
    scenes: lesson.scenes.flatMap((scene) => {
      const recorded = variants.flatMap(({ variant, timelines }) => {
        const timeline = timelines.get(scene.id);
        return timeline === undefined ? [] : [[variant, placeOf(timeline, scene)] as const];
      });
      const title = scene.title ?? (scene.id === 'main' ? question : scene.id);
      return recorded.length === 0 ? [] : [{ id: scene.id, title, recorded: Object.fromEntries(recorded) }];
    }),
  };
}

function headOf({ scene, problems, watches }: Timeline, told: Scene | undefined): SceneHead {
  const { folder, hosts, takes, losses } = scene;
  const commands = scene.commands.map((command) => ({
    ...{ host: command.host, ended: command.ended },
    line: commandLine(command, told?.story),
  }));
  return {
    ...{ folder, hosts, commands, takes, losses, problems },
    watches: watches.map(({ source, host, at, fenced }) => ({ source, host, at, fenced })),
  };
}

function bodyOf(
  timeline: Timeline,
  scene: Scene | undefined,
  recorded: readonly RecordedFile[],
  values: Places<unknown>,
): SceneBody {
  const explained = explainTimeline(timeline);
  const packets = timeline.events.filter((event): event is PacketEvent => event.kind === 'packet');
  const fates = fatesOf(packets, scene?.story ?? [], timeline.scene.hosts);
  const rows = timeline.events.map((event) => {
    const { id } = event;
    return Object.assign(
      slim(event),
      id !== refer(event.source, event.line) && { id },
      { say: say(event) },
      told(explained.get(id)),
      { fate: fates.get(id) },
    );
  });
  return {
    events: pack(rows, values),
    steps: stepCells(timeline),
    files: recorded.map((file) => ({ name: file.name, is: 'bytes' in file ? 'capture' : 'text' })),
  };
}

/** Its parts as fields of their own: the text is often the only one, the words come again and again. */
function told(explanation: Explanation | undefined) {
  if (explanation === undefined) return {};
  const { text, source, words } = explanation;
  return { means: text, cites: source, ...(words.length > 0 && { words }) };
}

/** A copy without its id, which mostly says where it stands, and the bytes, which stand in the recordings. */
function slim(event: Event) {
  if (event.kind === 'call') {
    const { id: _, data: __, kernelNs: ___, durationNs: ____, ...rest } = event;
    return rest;
  }
  const { id: _, ...rest } = event;
  if (rest.kind !== 'packet' || (rest.packet.protocol !== 'tcp' && rest.packet.protocol !== 'udp'))
    return rest;
  const { payload: __, ...packet } = rest.packet;
  return { ...rest, packet };
}
