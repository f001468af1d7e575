/** Is a module a lesson? A wrong one is refused when it is loaded, in words, not when it is played. */
import type { Expectation, Pattern } from './expectation.ts';
import type { Lesson, Scene } from './lesson.ts';

/** @throws Error that names the file and what is wrong with it */
export function checkLesson(module: unknown, file: string): Lesson {
  const lesson = isObject(module) ? module['lesson'] : undefined;
  if (!isLesson(lesson))
    throw new Error(`${file} does not export a \`lesson\` with id, question, scenes and claims`);
  const refuse = (what: string): never => {
    throw new Error(`${file}: ${what}`);
  };
  if (!lesson.scenes.some(({ id }) => id === 'main')) refuse('no scene is called main');
  for (const scene of lesson.scenes)
    for (const wrong of faultsOf(scene)) refuse(`scene ${scene.id} ${wrong}`);
  for (const claim of lesson.claims) {
    for (const [variant, expectation] of Object.entries(claim.expect)) {
      const scene = lesson.scenes.find(({ id }) => id === (expectation.scene ?? 'main'));
      if (scene === undefined)
        refuse(`claim ${claim.id} is about scene ${expectation.scene ?? ''}, which is not there`);
      if (!scene?.variants.some((name) => name === variant)) {
        refuse(
          `claim ${claim.id} expects something of ${variant}, which scene ${scene?.id ?? ''} does not play`,
        );
      }
      if (expectation.clauses.length === 0) refuse(`claim ${claim.id} (${variant}) expects nothing`);
      if (patternsIn(expectation).some(({ fields }) => Object.keys(fields).length === 0)) {
        refuse(`claim ${claim.id} (${variant}) has a pattern that anything fits`);
      }
    }
  }
  return lesson;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isLesson = (value: unknown): value is Lesson =>
  isObject(value) &&
  typeof value['id'] === 'string' &&
  typeof value['question'] === 'string' &&
  Array.isArray(value['scenes']) &&
  Array.isArray(value['claims']);

/** A story that waits for a program before it was started, or leaves one running, would only end by force. */
function* faultsOf(scene: Scene): Generator<string> {
  const started = new Set<string>();
  const exited = new Set<string>();
  for (const act of scene.story) {
    if (act.act === 'start' && started.has(act.host)) yield `starts the program on ${act.host} twice`;
    if (act.act === 'start') started.add(act.host);
    else if (act.act !== 'state' && !['drop', 'let-pass'].includes(act.act) && !started.has(act.host)) {
      yield `has '${act.act}' of ${act.host} before its program is started`;
    }
    if (act.act === 'exited') exited.add(act.host);
  }
  for (const host of started) if (!exited.has(host)) yield `does not wait for the program on ${host} to exit`;
}

function patternsIn({ clauses }: Expectation): Pattern[] {
  return clauses.flatMap((clause) => Object.values(clause).flat().filter(isPattern));
}

const isPattern = (value: unknown): value is Pattern => isObject(value) && isObject(value['fields']);
