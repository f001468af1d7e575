/** What the page is showing, and the few ways to change it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { LessonPage, Report, ScenePage } from '../data/report.ts';
import { readLink, type OtherPage, type Place } from './link.ts';

export const views = ['steps', 'sequence', 'timeline', 'claims'] as const;
export type View = (typeof views)[number];

export interface AppState {
  readonly place: Place;
  /** Shown in place of the lesson. */
  readonly other?: OtherPage | undefined;
  readonly view: View;
  /** Of sequence diagrams: as far apart as in time, or all alike. */
  readonly spacing: 'even' | 'real';
  /** The table that says the same as the diagram. */
  readonly asTable: boolean;
  readonly tab: Tab;
  readonly host: string;
  readonly query: string;
  /** Whether the recordings and the meaning stand below the view. */
  readonly docked: boolean;
  readonly classMode: boolean;
  readonly help: boolean;
  readonly theme: 'light' | 'dark' | undefined;
}

/** Kinds of recordings. */
export const tabs = ['strace', 'packets', 'LOG', 'kernel', 'graph', 'output', 'state'] as const;
export type Tab = (typeof tabs)[number];

export interface App {
  readonly report: Report;
  readonly state: AppState;
  readonly set: (change: Partial<AppState>) => void;
  /** Chooses an event or a line, of the variant in view or of another. */
  readonly choose: (chosen: string, variant?: string) => void;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('no app around');
  return app;
}

export const lessonOf = ({ lessons }: Report, id: string): LessonPage | undefined =>
  lessons.find((lesson) => lesson.id === id);

export const sceneOfLesson = (lesson: LessonPage | undefined, id: string): ScenePage | undefined =>
  lesson?.scenes.find((scene) => scene.id === id) ?? lesson?.scenes[0];

/** TCP and UDP of the runtime in view, as far as the scene was recorded with them. */
export function columnsOf(scene: ScenePage | undefined, variant: string): string[] {
  const [runtime = ''] = variant.split('-');
  const recorded = Object.keys(scene?.recorded ?? {});
  return ['tcp', 'udp'].map((protocol) => `${runtime}-${protocol}`).filter((one) => recorded.includes(one));
}

/** The nearest place that this run has: an address may come from another run. */
export function placeIn(report: Report, wanted: Partial<Place>): Place {
  const lesson = lessonOf(report, wanted.lesson ?? '') ?? report.lessons[0];
  const scene =
    lesson?.scenes.find(({ id, recorded }) => id === wanted.scene && (wanted.variant ?? '') in recorded) ??
    lesson?.scenes.find(({ id }) => id === (wanted.scene ?? 'main')) ??
    lesson?.scenes[0];
  const recorded = Object.keys(scene?.recorded ?? {});
  const [runtime = 'node', protocol = 'tcp'] = (wanted.variant ?? '').split('-');
  const variant =
    recorded.find((one) => one === wanted.variant) ??
    recorded.find((one) => one.startsWith(`${runtime}-`)) ??
    recorded.find((one) => one.endsWith(`-${protocol}`)) ??
    recorded[0] ??
    '';
  const known = wanted.variant === undefined || wanted.variant === variant;
  return {
    ...{ lesson: lesson?.id ?? '', scene: scene?.id ?? 'main', variant },
    ...(wanted.chosen !== undefined && known && { chosen: wanted.chosen }),
  };
}

export function stateAt(report: Report, hash: string, before?: AppState): AppState {
  const link = readLink(hash);
  const other = typeof link === 'string' ? link : undefined;
  const place = typeof link === 'object' ? placeIn(report, link) : (before?.place ?? placeIn(report, {}));
  const fresh: AppState = {
    place,
    view: 'steps',
    spacing: 'even',
    asTable: false,
    tab: 'strace',
    host: 'client',
    query: '',
    docked: true,
    classMode: false,
    help: false,
    theme: undefined,
  };
  return { ...(before ?? fresh), place, other };
}
