import { expect, test } from 'vitest';
import { loadLessons } from '../cli/lessons.ts';
import { checkLesson } from './check.ts';
import { agrees, call, differs } from './expectation.ts';
import type { Act, Lesson } from './lesson.ts';

const story: Act[] = [
  { act: 'start', host: 'client', args: [] },
  { act: 'exited', host: 'client' },
];
const good: Lesson = {
  id: 'x',
  question: 'what?',
  section: 'Overview',
  look: 'there',
  surprises: [],
  notShown: 'that',
  ask: [],
  scenes: [{ id: 'main', variants: ['node-udp'], story }],
  claims: [{ id: 'c', says: 'it', expect: { 'node-udp': agrees('it', { see: call({ host: 'client' }) }) } }],
};
const [scene] = good.scenes;
const [claim] = good.claims;

test('the project’s own lessons load, in their order', async () => {
  expect((await loadLessons()).map(({ id }) => id)).toEqual(expect.arrayContaining(['dial', 'echo']));
  expect(checkLesson({ lesson: good }, 'x.ts')).toBe(good);
});

test.each<[string, unknown, RegExp]>([
  ['nothing', {}, /x\.ts does not export a `lesson`/],
  ['a name that means all of them', { ...good, id: 'all' }, /LESSON=all means every lesson/],
  ['no main scene', { ...good, scenes: [{ ...scene, id: 'other' }] }, /no scene is called main/],
  [
    'a wait before the start',
    { ...good, scenes: [{ ...scene, story: story.toReversed() }] },
    /'exited' of client before/,
  ],
  [
    'a program left running',
    { ...good, scenes: [{ ...scene, story: story.slice(0, 1) }] },
    /does not wait for the program on client/,
  ],
  [
    'a variant that is not played',
    { ...good, claims: [{ ...claim, expect: { 'node-tcp': claim?.expect['node-udp'] } }] },
    /node-tcp, which scene main does not play/,
  ],
  [
    'an expectation of nothing',
    { ...good, claims: [{ ...claim, expect: { 'node-udp': agrees('it') } }] },
    /expects nothing/,
  ],
  [
    'a pattern that anything fits',
    { ...good, claims: [{ ...claim, expect: { 'node-udp': agrees('it', { see: call({}) }) } }] },
    /a pattern that anything fits/,
  ],
  [
    'another stance without a reason',
    {
      ...good,
      claims: [{ ...claim, expect: { 'node-udp': differs('it', '', { see: call({ host: 'client' }) }) } }],
    },
    /differs and does not say why/,
  ],
  [
    'a pattern that anything fits, inside another clause',
    {
      ...good,
      claims: [
        {
          ...claim,
          expect: {
            'node-udp': agrees('it', {
              after: call({ host: 'client' }),
              before: call({ host: 'server' }),
              holds: { never: call({}) },
            }),
          },
        },
      ],
    },
    /a pattern that anything fits/,
  ],
  [
    'a question without an answer that can be checked',
    { ...good, ask: [{ question: 'why?', answer: 'so', variant: 'node-udp', clauses: [] }] },
    /the question 'why\?' \(node-udp\) expects nothing/,
  ],
  [
    'a program that is stopped for good',
    {
      ...good,
      scenes: [
        { ...scene, story: [story[0], { act: 'signal', host: 'client', signal: 'SIGSTOP' }, story[1]] },
      ],
    },
    /stops the program on client and never continues it/,
  ],
  [
    'an argument that nobody gives',
    { ...good, scenes: [{ ...scene, story: [{ act: 'start', host: 'client', args: ['$port'] }, story[1]] }] },
    /has an argument \$port that no printed line gives/,
  ],
])('%s is refused when the lesson is loaded', (_, lesson, message) => {
  expect(() => checkLesson({ lesson }, 'x.ts')).toThrow(message);
});
