/** What the page is told: one report with everything to find one's way by, and a scene at a time. */
import type { Explanation } from '../../../explain/explanation.ts';
import type { Event } from '../../../model/event.ts';
import type { Problem } from '../../../model/problem.ts';
import type { Run, SceneRecord } from '../../../model/run.ts';
import type { Answer, Verdict } from '../../../model/verdict.ts';
import type { PackedLines } from './lines.ts';
import type { Packed } from './packed.ts';

export interface Report {
  /** The run's folder, as the user may type it. */
  readonly folder: string;
  readonly run: Omit<Run, 'scenes'>;
  readonly lessons: readonly LessonPage[];
  readonly scenes: readonly SceneHead[];
}

export interface LessonPage {
  readonly id: string;
  readonly question: string;
  readonly section: string;
  readonly look: string;
  readonly surprises: readonly string[];
  readonly notShown: string;
  readonly answers: readonly Answer[];
  readonly claims: readonly ClaimPage[];
  readonly scenes: readonly ScenePage[];
}

export interface ClaimPage {
  readonly id: string;
  readonly says: string;
  readonly verdicts: readonly Verdict[];
}

/** A scene of a lesson, and where each variant's recording stands in `Report.scenes`. */
export interface ScenePage {
  readonly id: string;
  readonly title: string;
  readonly recorded: Readonly<Record<string, number>>;
}

/** What is known of a recording without opening it. Lessons that tell the same scene share it. */
export interface SceneHead {
  readonly folder: string;
  readonly hosts: SceneRecord['hosts'];
  /** `line` as a shell takes it. */
  readonly commands: readonly { readonly host: string; readonly line: string; readonly ended: string }[];
  readonly takes: number;
  readonly losses: SceneRecord['losses'];
  readonly problems: readonly Problem[];
  /** Every recorder that stood at a packet's way, and whether it saw both fences. */
  readonly watches: readonly { source: string; host: string; at: 'wire' | 'rules'; fenced: boolean }[];
}

/** A scene's recording, stored apart and opened when it is looked at. */
export interface SceneBody {
  readonly events: Packed<Entry>;
  readonly steps: readonly StepCell[];
  /** What stands in the piece of its recordings. */
  readonly files: readonly { readonly name: string; readonly is: 'text' | 'capture' }[];
}

/** One step of the sockets API as the step table says it; `render/cell.ts` has the words. */
export interface StepCell {
  readonly host: string;
  readonly name: string;
  readonly call: string;
  /** Event ids. */
  readonly calls: readonly string[];
  readonly wire: readonly { readonly id: string; readonly text: string }[];
  readonly path: string;
  readonly states: string;
}

/** The last row of a host: packets that no step of it explains have the name of no step. */
export const ownAccount = '(kernel)';

/** The names of the pieces that hold the n-th scene and, as they shrink better together, all its recordings. */
export const pieceOf = (scene: number): string => `scene-${scene}`;
export const filesPieceOf = (scene: number): string => `files-${scene}`;

export type RecordedFile = TextFile | CaptureFile;

export interface TextFile {
  readonly name: string;
  readonly lines: PackedLines;
  /** Of an excerpt the lines' numbers; absent where it is the whole file. */
  readonly numbers?: readonly number[];
  /** Of a function graph: what its functions do, by name. */
  readonly functions?: Readonly<Record<string, string>>;
}

export interface CaptureFile {
  readonly name: string;
  /** The whole file, a character per byte. */
  readonly bytes: string;
}

/** What an event came to: `lost` where the lesson's own rule took it, `unread` where no call ever took it in. */
export type Fate = 'lost' | 'unread';

/** An event with its words. */
export type Entry = Event & {
  /** In a few words: `connect 10.0.0.2:9000 → 0`, `SYN ACK`. */
  readonly say: string;
  /** What it means, and where that is written: see explain/explanation.ts. */
  readonly means?: string;
  readonly cites?: string;
  readonly words?: Explanation['words'];
  readonly fate?: Fate;
};
