/** Where a drawing stands: `x` and `y` of the screen's corner in the drawing, and how many pixels of the screen one of its own takes. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export const SMALLEST = 0.02;
export const LARGEST = 2.5;
const MARGIN = 16;

const within = (scale: number): number => Math.min(LARGEST, Math.max(SMALLEST, scale));

/** The whole drawing, never larger than life; a large one begins at its top, around `middle`, with text that can be read. */
export function fitted(drawing: Extent, screen: Extent, readable = 0.7, middle = drawing.width / 2): Viewport {
  const whole = Math.min((screen.width - MARGIN) / drawing.width, (screen.height - MARGIN) / drawing.height, 1);
  const scale = within(Math.max(whole, readable));
  const x = drawing.width * scale <= screen.width ? drawing.width / 2 : middle;
  return { scale, x: x - screen.width / scale / 2, y: whole >= scale ? drawing.height / 2 - screen.height / scale / 2 : -MARGIN / 2 / scale };
}

/** All of it, however small. */
export const whole = (drawing: Extent, screen: Extent): Viewport => fitted(drawing, screen, 0);

/** Zooms around a point of the screen, which keeps its place in the drawing. */
export function zoomed(view: Viewport, factor: number, at: { readonly x: number; readonly y: number }): Viewport {
  const scale = within(view.scale * factor);
  return { scale, x: view.x + at.x / view.scale - at.x / scale, y: view.y + at.y / view.scale - at.y / scale };
}

export const panned = (view: Viewport, dx: number, dy: number): Viewport => ({ ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale });

/** Puts a point into the middle, at a size that can be read. */
export const centred = (view: Viewport, screen: Extent, x: number, y: number, readable = 0.8): Viewport => {
  const scale = within(Math.max(view.scale, readable));
  return { scale, x: x - screen.width / scale / 2, y: y - screen.height / scale / 2 };
};

/** The least move that brings a box into sight. */
export function revealed(view: Viewport, screen: Extent, box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): Viewport {
  const margin = MARGIN / view.scale;
  const along = (at: number, size: number, middle: number, extent: number): number => {
    const [low, high] = [middle - extent / 2 - margin, middle + extent / 2 + margin];
    if (low < at) return low;
    return high > at + size ? high - size : at;
  };
  return { ...view, x: along(view.x, screen.width / view.scale, box.x, box.width), y: along(view.y, screen.height / view.scale, box.y, box.height) };
}

/** A part of the drawing, in its own pixels. */
export interface Sight {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** What of the drawing can be seen, and `around` as much of it on each side. */
export function sightOf({ x, y, scale }: Viewport, screen: Extent, drawing: Extent, around: number): Sight {
  const [width, height] = [screen.width / scale, screen.height / scale];
  const within = (at: number, most: number): number => Math.min(most, Math.max(0, at));
  return { x0: within(x - around * width, drawing.width), y0: within(y - around * height, drawing.height), x1: within(x + (1 + around) * width, drawing.width), y1: within(y + (1 + around) * height, drawing.height) };
}

/** Beyond this many times what is in sight, too much is drawn. */
const MOST_DRAWN = 6;

/** True while what has been drawn holds all that is in sight, and not far more. */
export const stillServes = (drawn: Sight, sight: Sight): boolean =>
  sight.x0 >= drawn.x0 && sight.x1 <= drawn.x1 && sight.y0 >= drawn.y0 && sight.y1 <= drawn.y1 &&
  (drawn.x1 - drawn.x0 <= MOST_DRAWN * (sight.x1 - sight.x0) && drawn.y1 - drawn.y0 <= MOST_DRAWN * (sight.y1 - sight.y0) || (sight.x0 === drawn.x0 && sight.x1 === drawn.x1 && sight.y0 === drawn.y0 && sight.y1 === drawn.y1));
