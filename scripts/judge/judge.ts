/** Claims against timelines: met, unmet or unobserved, each with the lines that say so. */
import type { Timeline } from '../correlate/timeline.ts';
import type { Clause, Expectation, Pattern } from '../lessons/expectation.ts';
import type { Lesson } from '../lessons/lesson.ts';
import type { Event } from '../model/event.ts';
import type { Verdict } from '../model/verdict.ts';
import { remarkOn, waysOf } from './clause.ts';
import { gapsFor } from './coverage.ts';
import { evidenceOf, fenceEvidence, type Quote } from './evidence.ts';
import type { Bindings } from './match.ts';
import { whyNot } from './why-not.ts';

/** @param timelines of one variant, by scene; @param quote a line of a recording */
export function judgeVariant(
  lesson: Lesson,
  variant: string,
  timelines: ReadonlyMap<string, Timeline>,
  quote: (scene: string) => Quote,
): Verdict[] {
  return lesson.claims.flatMap((claim) => {
    const expectation = Object.entries(claim.expect).find(([name]) => name === variant)?.[1];
    if (expectation === undefined) return [];
    const scene = expectation.scene ?? 'main';
    const timeline = timelines.get(scene);
    const judged =
      timeline === undefined
        ? { verdict: 'unobserved' as const, because: `the scene ${scene} was not recorded`, evidence: [] }
        : judge(expectation, timeline, quote(scene));
    return [{ claim: claim.id, lesson: lesson.id, variant, stance: expectation.stance, ...judged }];
  });
}

type Judged = Pick<Verdict, 'verdict' | 'because' | 'evidence'>;

function judge(expectation: Expectation, timeline: Timeline, quote: Quote): Judged {
  const { clauses } = expectation;
  for (const clause of clauses) {
    if ('recorder' in clause) {
      return {
        verdict: 'unobserved',
        because: `it takes the ${clause.recorder} recorder, which this run does not have`,
        evidence: [],
      };
    }
  }
  const furthest = { index: 0, bindings: new Map() as Bindings };
  const shown = solve(clauses, 0, new Map(), timeline.events, furthest);
  if (shown !== undefined) {
    const gaps = clauses.filter(provesAbsence).flatMap((clause) => gapsFor(clause, timeline));
    const evidence = [
      ...evidenceOf(expectation, shown, quote),
      ...(clauses.some(aboutNoPacket) ? fenceEvidence(timeline, quote) : []),
    ];
    if (gaps.length === 0) {
      const seen = clauses.flatMap((clause) => remarkOn(clause, timeline.events)).join('; ');
      return { verdict: 'met', because: expectation.what + (seen === '' ? '' : `: ${seen}`), evidence };
    }
    return { verdict: 'unobserved', because: gaps.join('; '), evidence };
  }
  const clause = clauses[furthest.index];
  if (clause === undefined) throw new Error('an expectation without clauses');
  const { text, events } = whyNot(clause, timeline.events, furthest.bindings);
  const gaps = gapsFor(clause, timeline);
  const evidence = evidenceOf(expectation, events, quote);
  if (gaps.length > 0) return { verdict: 'unobserved', because: `${text}; ${gaps.join('; ')}`, evidence };
  return { verdict: 'unmet', because: text, evidence };
}

/** Some values for the names that make every clause hold; backtracks. */
function solve(
  clauses: readonly Clause[],
  index: number,
  bindings: Bindings,
  events: readonly Event[],
  furthest: { index: number; bindings: Bindings },
): Event[] | undefined {
  const clause = clauses[index];
  if (clause === undefined) return [];
  if (index > furthest.index) Object.assign(furthest, { index, bindings });
  for (const way of waysOf(clause, events, bindings)) {
    const rest = solve(clauses, index + 1, way.bindings, events, furthest);
    if (rest !== undefined) return [...way.events, ...rest];
  }
  return undefined;
}

/** What such a clause says of events that are not there holds only if nobody lost any. */
const provesAbsence = (clause: Clause): boolean =>
  !('see' in clause || 'inOrder' in clause || 'earlier' in clause);

const aboutNoPacket = (clause: Clause): boolean => 'never' in clause && isPacket(clause.never);
const isPacket = (pattern: Pattern) => pattern.kind === 'packet';
