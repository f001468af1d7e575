/** Which events are lit: the chosen one, and what belongs to it. */
import { useMemo } from 'preact/hooks';
import { useApp } from './app-state.ts';
import { readReference } from './link.ts';
import { related } from './related.ts';
import type { Entry } from '../data/report.ts';
import type { Scene } from './scene.ts';
import type { Side } from './side.ts';

export type Light = 'chosen' | 'related' | '';

/** The chosen event: an id names it, or a line of a recording that tells of it. */
export function chosenEntry(scene: Scene | undefined, chosen: string | undefined): Entry | undefined {
  if (scene === undefined || chosen === undefined) return undefined;
  const reference = readReference(chosen);
  return scene.find(chosen) ?? (reference && scene.at(reference.source, reference.line));
}

export function useLights(sides: readonly Side[]): (side: Side, id: string) => Light {
  const { state } = useApp();
  const { variant, chosen } = state.place;
  const scene = sides.find((side) => side.variant === variant)?.scene;
  const lit = useMemo(() => {
    const entry = chosenEntry(scene, chosen);
    return scene === undefined || entry === undefined
      ? undefined
      : { id: entry.id, others: related(scene, entry.id) };
  }, [scene, chosen]);
  return (side, id) => {
    if (lit === undefined || side.variant !== variant) return '';
    if (lit.id === id) return 'chosen';
    return lit.others.has(id) ? 'related' : '';
  };
}
