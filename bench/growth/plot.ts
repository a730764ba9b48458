import type { GrowthRun } from './kept.ts';
import { decades, type LogScale, logScale } from './log-scale.ts';
import { type Panel, type Point, panels, pointsOf, short, sizesOf } from './panels.ts';

/*
 * Written by hand: two scales and polylines of three points need no chart library, and one such as d3-scale with d3-shape would bring nine packages
 * for them. Colours follow the reader's scheme; the ground is the drawing's own, so that it is read on any page.
 */
const WIDTH = 420;
const HEIGHT = 236;
const COLUMNS = 2;
const PLOT = { left: 56, right: 396, top: 58, bottom: 204 };
const LABEL = { width: 36, height: 12 };
/** By the place of a series in its panel; every pair stands out on its ground by more than 4.5 to 1. */
const COLOURS = [
  { light: '#1d4ed8', dark: '#79b8ff' },
  { light: '#c2410c', dark: '#ffab70' },
  { light: '#047857', dark: '#56d364' },
] as const;
const colours = (scheme: 'light' | 'dark') =>
  COLOURS.map(
    ({ [scheme]: colour }, n) => `.line.s${n}{stroke:${colour}}circle.s${n},text.s${n},tspan.s${n}{fill:${colour}}`,
  ).join('\n');
const STYLE = `
.ground{fill:#fff}text{font:11px system-ui,sans-serif;fill:#4b5563}.title{font-size:13px;font-weight:600;fill:#111827}
.grid{stroke:#e5e7eb}.target{stroke:#6b7280;stroke-dasharray:4 3}.line{fill:none;stroke-width:2}
${colours('light')}
@media(prefers-color-scheme:dark){
.ground{fill:#0d1117}text{fill:#b1bac4}.title{fill:#f0f6fc}.grid{stroke:#30363d}.target{stroke:#8b949e}
${colours('dark')}}
`;

/** Small multiples over the size of the desk, both axes logarithmic; what was not measured is not drawn. */
export function growthSvg(runs: readonly GrowthRun[]): string {
  const drawn = panels.filter((panel) => panel.series.some((series) => visible(runs, series, panel).length > 0));
  const rows = Math.ceil(drawn.length / COLUMNS);
  const [width, height] = [WIDTH * COLUMNS, HEIGHT * rows];
  const parts = drawn.map((panel, n) => {
    const at = `translate(${(n % COLUMNS) * WIDTH} ${Math.floor(n / COLUMNS) * HEIGHT})`;
    return `<g transform="${at}">${drawPanel(runs, panel)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>How cost grows with the tickets of a desk</title>',
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

const visible = (runs: readonly GrowthRun[], series: Panel['series'][number], { factor }: Panel): Point[] =>
  pointsOf(runs, series, factor).filter(({ value }) => value > 0);

function drawPanel(runs: readonly GrowthRun[], panel: Panel): string {
  const lines = panel.series.map((series) => ({ label: series.label, points: visible(runs, series, panel) }));
  const targets = [...new Set(panel.series.flatMap(({ target }) => target ?? []))];
  const ticks = decades([...lines.flatMap(({ points }) => points.map(({ value }) => value)), ...targets]);
  const y = logScale([ticks[0] ?? 1, ticks.at(-1) ?? 10], [PLOT.bottom, PLOT.top]);
  const sizes = sizesOf(runs);
  const [least = 1, most = 1] = [sizes[0], sizes.at(-1)];
  // Room at both sides, so that no point lies on an axis.
  const x = logScale([least / 2, most * 2], [PLOT.left, PLOT.right]);
  return [
    `<text class="title" x="12" y="22">${escaped(`${panel.title}, ${panel.unit}`)}</text>`,
    ...ticks.map(
      (tick) => grid(PLOT.left, y(tick), PLOT.right, y(tick)) + text(PLOT.left - 6, y(tick) + 4, short(tick), 'end'),
    ),
    text(PLOT.left - 6, PLOT.bottom + 18, 'tickets', 'end'),
    ...sizes.map(
      (size) => grid(x(size), PLOT.top, x(size), PLOT.bottom) + text(x(size), PLOT.bottom + 18, short(size), 'middle'),
    ),
    ...targets.map(
      (target) =>
        `<line class="target" x1="${PLOT.left}" y1="${r(y(target))}" x2="${PLOT.right}" y2="${r(y(target))}"/>`,
    ),
    ...lines.map(({ points }, n) => drawLine(points, n, x, y)),
    ...placeLabels(
      lines.map(({ points }) => points.map((point) => ({ ...point, x: x(point.size), y: y(point.value) }))),
    ).map((label) => text(label.x, label.y, label.text, 'middle', `s${label.series}`)),
    legend(
      lines.map(({ label }) => label),
      targets.length > 0,
    ),
  ].join('\n');
}

function drawLine(points: readonly Point[], n: number, x: LogScale, y: LogScale): string {
  const places = points.map(({ size, value }) => `${r(x(size))},${r(y(value))}`);
  const dots = points.map(({ size, value }) => `<circle class="s${n}" cx="${r(x(size))}" cy="${r(y(value))}" r="3"/>`);
  return `<polyline class="line s${n}" points="${places.join(' ')}"/>${dots.join('')}`;
}

export interface Label {
  readonly series: number;
  readonly x: number;
  readonly y: number;
  readonly text: string;
}
/**
 * Values beside their points: above where there is room, else below, else nowhere; the table has them all. No two of them overlap,
 * nor does one cover a point of another series.
 */
export function placeLabels(series: readonly (readonly { x: number; y: number; value: number }[])[]): Label[] {
  const placed: Label[] = [];
  const meets = (x: number, y: number, other: { x: number; y: number }, height: number) =>
    Math.abs(other.x - x) < LABEL.width && Math.abs(other.y - y) < height;
  series.forEach((points, n) => {
    for (const { x, y, value } of points) {
      const at = [y - 8, y + 17].find(
        (place) =>
          !placed.some((label) => meets(x, place, label, LABEL.height)) &&
          !series.some((others, m) => m !== n && others.some((dot) => meets(x, place - 4, dot, 9))),
      );
      if (at !== undefined) placed.push({ series: n, x, y: at, text: short(value) });
    }
  });
  return placed;
}

function legend(labels: readonly string[], hasTarget: boolean): string {
  const spans = labels.map((label, n) => `<tspan class="s${n}">● ${escaped(label)}</tspan>`);
  if (hasTarget) spans.push('<tspan>┄ target</tspan>');
  return `<text x="12" y="42">${spans.join(' &#160; ')}</text>`;
}

const grid = (x1: number, y1: number, x2: number, y2: number) =>
  `<line class="grid" x1="${r(x1)}" y1="${r(y1)}" x2="${r(x2)}" y2="${r(y2)}"/>`;
const text = (x: number, y: number, words: string, anchor: 'middle' | 'end', name = '') =>
  `<text${name === '' ? '' : ` class="${name}"`} x="${r(x)}" y="${r(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
const r = (value: number): number => Math.round(value * 10) / 10;
const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
