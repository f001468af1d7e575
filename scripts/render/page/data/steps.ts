/** The steps of a scene in the words of the step table. */
import type { Step } from '../../../correlate/steps.ts';
import type { Timeline } from '../../../correlate/timeline.ts';
import { sayStep, wireCell } from '../../cell.ts';
import { pathCell, statesCell } from '../../kernel-cell.ts';
import { ownAccount, type StepCell } from './report.ts';

export function stepCells(timeline: Timeline): StepCell[] {
  return timeline.hosts.flatMap(({ host, steps, rest }) => [
    ...steps.map((step) => ({
      ...{ host, name: step.name, call: sayStep(step), calls: step.calls.map(({ id }) => id) },
      wire: wire(host, step.packets),
      path: pathCell(step, timeline),
      states: statesCell(step, timeline),
    })),
    ...(rest.length === 0
      ? []
      : [
          {
            ...{ host, name: ownAccount, call: '', calls: [], path: '', states: '' },
            wire: wire(host, rest),
          },
        ]),
  ]);
}

function wire(host: string, packets: Step['packets']): StepCell['wire'] {
  const texts = wireCell(host, packets);
  return packets.map(({ id }, n) => ({ id, text: texts[n] ?? '' }));
}
