/** A lesson in steps for class: first what is to be foretold, then what happened, one thing at a time. */
import type { LessonPage } from '../data/report.ts';
import type { StepRow } from './StepTable.tsx';

export type Reveal =
  | { readonly kind: 'title' }
  /** A row of the step table as far as the part; what follows stays hidden. */
  | { readonly kind: 'step'; readonly row: number; readonly part: Part }
  | { readonly kind: 'question'; readonly n: number; readonly answered: boolean }
  | { readonly kind: 'surprise'; readonly n: number };

export const parts = ['name', 'call', 'wire', 'kernel'] as const;
export type Part = (typeof parts)[number];

/** What the class is asked before a part is shown. */
export const prompts: Readonly<Record<Part, string>> = {
  name: 'What comes next?',
  call: 'What does it return?',
  wire: 'What is on the wire?',
  kernel: 'How far does it get in the kernel?',
};

export interface LectureRow extends StepRow {
  readonly host: string;
}

export function lectureOf(lesson: LessonPage, rows: readonly LectureRow[]): Reveal[] {
  return [
    { kind: 'title' },
    ...rows.flatMap((row, n) => partsOf(row).map((part): Reveal => ({ kind: 'step', row: n, part }))),
    ...lesson.answers.flatMap((_, n): Reveal[] => [
      { kind: 'question', n, answered: false },
      { kind: 'question', n, answered: true },
    ]),
    ...lesson.surprises.map((_, n): Reveal => ({ kind: 'surprise', n })),
  ];
}

/** The parts that there is something to say about, in either column. */
export function partsOf({ cells }: LectureRow): Part[] {
  const some = (has: (cell: NonNullable<StepRow['cells'][number]>) => boolean) =>
    cells.some((cell) => cell !== undefined && has(cell));
  return parts.filter((part) => {
    if (part === 'name') return true;
    if (part === 'call') return some(({ call }) => call !== '');
    if (part === 'wire') return some(({ wire }) => wire.length > 0);
    return some(({ path, states }) => path !== '' || states !== '');
  });
}

/** The part that comes after, in the same row. */
export const nextPart = (row: LectureRow, part: Part): Part | undefined => {
  const all = partsOf(row);
  return all[all.indexOf(part) + 1];
};
