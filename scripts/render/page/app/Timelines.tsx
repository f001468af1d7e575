import type { Side } from './side.ts';

export function Timelines({ sides }: { sides: readonly Side[] }) {
  return <p>{sides.length}</p>;
}
