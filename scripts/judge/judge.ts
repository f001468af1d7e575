/** Claims against timelines: met, unmet or unobserved, each with the lines that say so. */
import type { Timeline } from '../correlate/timeline.ts';
import type { Clause } from '../lessons/expectation.ts';
import { expectationsOf, type Lesson } from '../lessons/lesson.ts';
import type { Event } from '../model/event.ts';
import type { Answer, Verdict } from '../model/verdict.ts';
import { remarkOn, waysOf, type Elsewhere } from './clause.ts';
import { gapsFor } from './coverage.ts';
import { evidenceOf, fenceEvidence, type Quote } from './evidence.ts';
import type { Bindings } from './match.ts';
import { whyNot } from './why-not.ts';

/** What is judged: the timelines of every variant, by scene, and the lines of the recordings. */
export interface Recorded {
  timelineOf(variant: string, scene: string): Timeline | undefined;
  /** A line of a recording of the variant that is judged. */
  quote(scene: string): Quote;
}

export function judgeVariant(lesson: Lesson, variant: string, recorded: Recorded): Verdict[] {
  return lesson.claims.flatMap((claim) =>
    expectationsOf(claim, variant).map(({ scene = 'main', stance, what, why, clauses }) => ({
      ...{ claim: claim.id, lesson: lesson.id, variant, scene, stance, what, ...(why && { why }) },
      ...judge(clauses, what, variant, scene, recorded),
    })),
  );
}

/** Do the answers to a lesson's questions stand in the recordings? */
export function judgeAnswers({ ask }: Lesson, variant: string, recorded: Recorded): Answer[] {
  return ask
    .filter((one) => one.variant === variant)
    .map(({ question, answer, scene = 'main', clauses }) => ({
      ...{ question, answer, variant, scene },
      ...judge(clauses, answer, variant, scene, recorded),
    }));
}

type Judged = Pick<Verdict, 'verdict' | 'because' | 'evidence'>;

function judge(
  clauses: readonly Clause[],
  what: string,
  variant: string,
  scene: string,
  recorded: Recorded,
): Judged {
  const timeline = recorded.timelineOf(variant, scene);
  if (timeline === undefined)
    return { verdict: 'unobserved', because: `the scene ${scene} was not recorded`, evidence: [] };
  const quote = recorded.quote(scene);
  const elsewhere = (other: string) => recorded.timelineOf(other, scene)?.events ?? [];
  const isThere = (other: string) => recorded.timelineOf(other, scene) !== undefined;
  const furthest = { index: 0, bindings: new Map() as Bindings };
  const shown = solve({ clauses, events: timeline.events, elsewhere, furthest }, 0, new Map());
  if (shown !== undefined) {
    const gaps = clauses.filter(provesAbsence).flatMap((clause) => gapsFor(clause, timeline, isThere));
    const evidence = [
      ...evidenceOf(clauses, scene, shown, quote),
      ...(clauses.some(aboutNoPacket) ? fenceEvidence(timeline, quote) : []),
    ];
    if (gaps.length === 0) {
      const seen = clauses.flatMap((clause) => remarkOn(clause, timeline.events)).join('; ');
      return { verdict: 'met', because: what + (seen === '' ? '' : `: ${seen}`), evidence };
    }
    return { verdict: 'unobserved', because: [...new Set(gaps)].join('; '), evidence };
  }
  const clause = clauses[furthest.index];
  if (clause === undefined) throw new Error('an expectation without clauses');
  const { text, events } = whyNot(clause, timeline.events, furthest.bindings, elsewhere);
  const gaps = gapsFor(clause, timeline, isThere);
  const evidence = evidenceOf(clauses, scene, events, quote);
  if (gaps.length > 0) return { verdict: 'unobserved', because: `${text}; ${gaps.join('; ')}`, evidence };
  return { verdict: 'unmet', because: text, evidence };
}

interface Search {
  readonly clauses: readonly Clause[];
  readonly events: readonly Event[];
  readonly elsewhere: Elsewhere;
  /** The furthest that any values came; told when none come through. */
  readonly furthest: { index: number; bindings: Bindings };
}

/** Some values for the names that make every clause hold; backtracks. */
function solve(search: Search, index: number, bindings: Bindings): Event[] | undefined {
  const { clauses, events, elsewhere, furthest } = search;
  const clause = clauses[index];
  if (clause === undefined) return [];
  if (index > furthest.index) Object.assign(furthest, { index, bindings });
  for (const way of waysOf(clause, events, bindings, elsewhere)) {
    const rest = solve(search, index + 1, way.bindings);
    if (rest !== undefined) return [...way.events, ...rest];
  }
  return undefined;
}

/** What such a clause says of events that are not there holds only if nobody lost any. */
const provesAbsence = (clause: Clause): boolean =>
  'holds' in clause
    ? provesAbsence(clause.holds)
    : !('see' in clause || 'inOrder' in clause || 'earlier' in clause);

const aboutNoPacket = (clause: Clause): boolean =>
  'holds' in clause ? aboutNoPacket(clause.holds) : 'never' in clause && clause.never.kind === 'packet';
