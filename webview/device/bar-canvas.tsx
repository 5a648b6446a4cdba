import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Bar, BarKind } from './bars';

/** On a canvas: where a board floods, these are thousands of bars in each frame, too many for elements. Behind what the rest of the chart draws. */
export const Bars = ({ bars, width, height }: { readonly bars: readonly Bar[]; readonly width: number; readonly height: number }) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colors = { low: useRef<HTMLElement>(null), right: useRef<HTMLElement>(null), wrong: useRef<HTMLElement>(null) };
  useThemeChange();
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const dots = globalThis.devicePixelRatio;
    const [across, down] = [Math.round(width * dots), Math.round(height * dots)];
    if (canvas.current.width !== across || canvas.current.height !== down) [canvas.current.width, canvas.current.height] = [across, down];
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.clearRect(0, 0, width, height);
    for (const kind of Object.keys(colors) as BarKind[]) {
      context.fillStyle = getComputedStyle(colors[kind].current!).color; // the theme's, whatever it is now
      for (const bar of bars) if (bar.kind === kind) context.fillRect(bar.x, bar.y, bar.width, bar.height);
    }
  });
  return (
    <>
      <canvas ref={canvas} aria-hidden="true" style={{ width: `${width}px`, height: `${height}px` }} />
      {(Object.keys(colors) as BarKind[]).map((kind) => <i key={kind} ref={colors[kind]} class={`color ${kind}`} aria-hidden="true" />)}
    </>
  );
};

/** Draws anew when the editor changes its theme: it sets variables on the document and classes on the body, and a canvas keeps what it was painted with. */
function useThemeChange(): void {
  const [, change] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => change((n) => n + 1));
    for (const element of [document.documentElement, document.body]) observer.observe(element, { attributeFilter: ['style', 'class'] });
    return () => observer.disconnect();
  }, []);
}
