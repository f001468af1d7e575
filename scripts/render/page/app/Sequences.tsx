import type { Side } from './side.ts';

export function Sequences({ sides }: { sides: readonly Side[] }) {
  return <p>{sides.length}</p>;
}
