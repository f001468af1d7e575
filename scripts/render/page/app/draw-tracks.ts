/** Draws a timeline on a canvas: marks that would fall on one pixel are drawn once, so that any number is quick. */
import type { Light } from './lights.ts';
import { firstFrom } from './sorted.ts';
import type { Track } from './tracks.ts';

/** What of the time is seen, in nanoseconds from the scene's first event. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

export interface Picture {
  readonly tracks: readonly Track[];
  readonly span: Span;
  readonly width: number;
  readonly ratio: number;
  readonly lightOf: (place: number) => Light;
  readonly colours: Colours;
}

export interface Colours {
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly mark: string;
  readonly chosen: string;
  readonly own: string;
}

export const geometry = { names: 96, track: 14, axis: 18 } as const;

export const heightOf = (tracks: readonly Track[]): number => tracks.length * geometry.track + geometry.axis;

export function drawTracks(canvas: CanvasRenderingContext2D, picture: Picture): void {
  const { tracks, span, width, ratio, colours } = picture;
  const scale = (width - geometry.names) / (span.until - span.from);
  canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
  canvas.clearRect(0, 0, width, heightOf(tracks));
  drawAxis(canvas, picture, scale);
  canvas.textAlign = 'left';
  for (const [n, { host, recorder }] of tracks.entries()) {
    const y = geometry.axis + n * geometry.track;
    const first = tracks[n - 1]?.host !== host;
    canvas.font = `11px system-ui, sans-serif`;
    canvas.fillStyle = colours.line;
    canvas.fillRect(first ? 0 : geometry.names, y, width, first ? 1 : 0.5);
    canvas.fillStyle = first ? colours.text : colours.dim;
    canvas.fillText(first ? `${host} ${recorder}` : recorder, first ? 0 : 6, y + 11);
  }
  canvas.save();
  canvas.beginPath();
  canvas.rect(geometry.names, 0, width, heightOf(tracks));
  canvas.clip();
  for (const [n, track] of tracks.entries())
    drawTrack(canvas, picture, track, geometry.axis + n * geometry.track, scale);
  canvas.restore();
}

function drawTrack(
  canvas: CanvasRenderingContext2D,
  { span, lightOf, colours }: Picture,
  { places, from, until }: Track,
  y: number,
  scale: number,
): void {
  // A call that began before the window may reach into it; the longest ones are waits, and few.
  let last = -1;
  const lit: [x: number, width: number, light: Light][] = [];
  canvas.fillStyle = colours.own;
  const begin = Math.max(0, firstFrom(from, span.from) - 50);
  for (let n = begin; n < from.length; n += 1) {
    const start = from[n] ?? 0;
    if (start > span.until) break;
    const x = geometry.names + (start - span.from) * scale;
    const width = Math.max(1, ((until[n] ?? start) - start) * scale);
    const light = lightOf(places[n] ?? -1);
    if (light !== '') lit.push([x, width, light]);
    const pixel = Math.round(x + width);
    if (pixel === last) continue;
    last = pixel;
    if (width > 2) {
      canvas.globalAlpha = 0.35;
      canvas.fillRect(x, y + 4, width, 7);
      canvas.globalAlpha = 1;
    }
    canvas.fillRect(x, y + 3, 1, 9);
  }
  for (const [x, width, light] of lit) {
    canvas.fillStyle = light === 'chosen' ? colours.chosen : colours.mark;
    canvas.strokeStyle = colours.mark;
    const height = light === 'chosen' ? 12 : 8;
    canvas.fillRect(x - 1, y + 8 - height / 2, Math.max(3, width), height);
    canvas.strokeRect(x - 1.5, y + 7.5 - height / 2, Math.max(4, width + 1), height);
  }
}

/** A step of 1, 2 or 5 that leaves room for its number. */
function drawAxis(
  canvas: CanvasRenderingContext2D,
  { span, width, tracks, colours }: Picture,
  scale: number,
): void {
  const least = 78 / scale;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
  canvas.textAlign = 'center';
  canvas.font = '10.5px system-ui, sans-serif';
  for (let at = Math.ceil(span.from / step) * step; at <= span.until; at += step) {
    const x = geometry.names + (at - span.from) * scale;
    canvas.fillStyle = colours.line;
    canvas.fillRect(x, geometry.axis - 4, 0.5, heightOf(tracks));
    canvas.fillStyle = colours.dim;
    if (x < width - 24) canvas.fillText(`${Number((at / 1e6).toPrecision(7))} ms`, x, 11);
  }
}
