import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { labelOf } from '../../ledger.ts';
import { visible } from '../../paint.ts';
import type { LessonPage } from '../data/report.ts';
import { columnsOf, lessonOf, sceneOfLesson, useApp } from './app-state.ts';
import { EvidenceLinks } from './Claims.tsx';
import {
  lectureOf,
  nextPart,
  parts,
  partsOf,
  prompts,
  type LectureRow,
  type Part,
  type Reveal,
} from './lecture.ts';
import { capital } from './LessonHead.tsx';
import { protocolOf, type Side } from './side.ts';
import { stepRows } from './StepTable.tsx';
import { useScenes } from './use-scenes.ts';

/** Predict, then reveal: in large type, by keys alone, with nothing on the page that comes later. */
export function ClassMode() {
  const { report, state, set } = useApp();
  const { place } = state;
  const lesson = lessonOf(report, place.lesson);
  const page = sceneOfLesson(lesson, place.scene);
  const columns = columnsOf(page, place.variant);
  const opened = useScenes(report, page, columns);
  const sides = columns.flatMap((variant, n) => {
    const scene = opened[n];
    return scene === undefined ? [] : [{ variant, scene }];
  });
  const rows = useMemo(() => lectureRows(sides), [opened]);
  const reveals = useMemo(() => (lesson === undefined ? [] : lectureOf(lesson, rows)), [lesson, rows]);
  const [at, setAt] = useState(0);
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const go: Record<string, () => void> = {
        ' ': () => setAt((n) => Math.min(reveals.length - 1, n + 1)),
        ArrowRight: () => setAt((n) => Math.min(reveals.length - 1, n + 1)),
        PageDown: () => setAt((n) => Math.min(reveals.length - 1, n + 1)),
        Backspace: () => setAt((n) => Math.max(0, n - 1)),
        ArrowLeft: () => setAt((n) => Math.max(0, n - 1)),
        PageUp: () => setAt((n) => Math.max(0, n - 1)),
        Home: () => setAt(0),
        Escape: () => set({ classMode: false }),
      };
      const act = go[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [reveals]);
  useEffect(() => {
    box.current?.querySelector('.now')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const now = reveals[at];
  if (lesson === undefined || now === undefined) return null;
  return (
    <main ref={box} class="class" tabIndex={-1} aria-label={`Class mode: ${lesson.question}`}>
      <div class="stage" aria-live="polite" tabIndex={0} role="region" aria-label="Slide">
        <Slide now={now} lesson={lesson} rows={rows} sides={sides} />
      </div>
      <footer>
        <span>
          {at + 1} / {reveals.length}
        </span>
        <progress max={reveals.length - 1} value={at} aria-label="How far the lesson is" />
        <span>
          <kbd>Space</kbd> on <kbd>Backspace</kbd> back <kbd>Esc</kbd> end
        </span>
      </footer>
    </main>
  );
}

function lectureRows(sides: readonly Side[]): LectureRow[] {
  const hosts = sides[0]?.scene.head.hosts.map(({ name }) => name) ?? [];
  return hosts.flatMap((host) =>
    stepRows(host, sides).flatMap((row) => ('more' in row ? [] : [{ ...row, host }])),
  );
}

interface SlideProps {
  readonly now: Reveal;
  readonly lesson: LessonPage;
  readonly rows: readonly LectureRow[];
  readonly sides: readonly Side[];
}

function Slide({ now, lesson, rows, sides }: SlideProps) {
  switch (now.kind) {
    case 'title':
      return (
        <div class="title now">
          <p class="section">{lesson.section}</p>
          <h1>{capital(lesson.question)}</h1>
          <p>
            {sides.map(({ variant }) => labelOf(variant)).join(' and ')}, side by side. Say what you expect
            first.
          </p>
        </div>
      );
    case 'step':
      return <Rows rows={rows.slice(0, now.row + 1)} part={now.part} sides={sides} />;
    case 'question': {
      const answer = lesson.answers[now.n];
      if (answer === undefined) return null;
      return (
        <div class="asked now">
          <p class="section">
            Question {now.n + 1} of {lesson.answers.length}
          </p>
          <h1>{answer.question}</h1>
          {now.answered && (
            <>
              <p class="answer">
                {visible(answer.verdict === 'met' ? answer.answer : `Not so in this run: ${answer.because}`)}
              </p>
              <EvidenceLinks {...answer} lesson={lesson.id} most={3} />
            </>
          )}
        </div>
      );
    }
    case 'surprise':
      return (
        <div class="surprises">
          <h1>What surprises most people</h1>
          <ul>
            {lesson.surprises.slice(0, now.n + 1).map((text, n) => (
              <li key={text} class={n === now.n ? 'now' : ''}>
                {text}
              </li>
            ))}
          </ul>
        </div>
      );
    default:
      return unreachable(now);
  }
}

/** The table as far as it has been shown; of the last row the parts up to one, and what to foretell next. */
function Rows({ rows, part, sides }: { rows: readonly LectureRow[]; part: Part; sides: readonly Side[] }) {
  return (
    <table class="steps">
      <caption class="unseen">What has been shown so far</caption>
      <colgroup>
        <col class="names" />
      </colgroup>
      {rows.map((row, n) => {
        const isLast = n === rows.length - 1;
        const shown = partsOf(row).filter((one) => !isLast || parts.indexOf(one) <= parts.indexOf(part));
        const next = isLast ? nextPart(row, part) : undefined;
        const beginsHost = rows[n - 1]?.host !== row.host;
        return (
          <tbody key={n} class={isLast ? 'step now' : 'step'}>
            {beginsHost && (
              <tr class="host">
                <th scope="col">{row.host}</th>
                {sides.map(({ variant }) => (
                  <th key={variant} scope="col" class={protocolOf(variant)}>
                    {labelOf(variant)}
                  </th>
                ))}
              </tr>
            )}
            {shown
              .filter((one) => one !== 'name' || !shown.includes('call'))
              .map((one) => (
                <tr key={one} class={one}>
                  <th scope="row">{one === 'call' || one === 'name' ? row.name : one}</th>
                  {sides.map(({ variant }, column) => (
                    <td key={variant}>{one === 'name' ? '' : say(row, one, column)}</td>
                  ))}
                </tr>
              ))}
            {next !== undefined && (
              <tr class="prompt">
                <td />
                <td colSpan={sides.length}>{prompts[next]}</td>
              </tr>
            )}
          </tbody>
        );
      })}
    </table>
  );
}

function say({ cells }: LectureRow, part: Part, column: number): string {
  const cell = cells[column];
  if (cell === undefined) return '–';
  if (part === 'call') return visible(cell.call);
  if (part === 'wire')
    return cell.wire.length === 0 ? 'nothing' : visible(cell.wire.map(({ text }) => text).join('   '));
  return [cell.path, cell.states].filter((text) => text !== '').join(' · ');
}

function unreachable(reveal: never): never {
  throw new Error(`no slide for ${JSON.stringify(reveal)}`);
}
