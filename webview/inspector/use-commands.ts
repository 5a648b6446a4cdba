import { useEffect, useRef } from 'preact/hooks';
import type { InspectorCommand, InspectorPlace } from '../../src/messages/inspector';
import type { Model } from './use-model';

type Handlers = Partial<Readonly<Record<InspectorCommand, () => void>>>;

/** What is on the screen, the innermost last. */
const shown: { readonly current: Handlers }[] = [];

/** What a part of the page does on the editor's commands, as long as it is shown. */
export function useCommands(handlers: Handlers): void {
  const own = useRef(handlers);
  own.current = handlers;
  useEffect(() => {
    shown.push(own);
    return () => void shown.splice(shown.indexOf(own), 1);
  }, []);
}

/** A command means what the innermost part that knows it says. */
export const runCommand = (id: InspectorCommand): void => [...shown].reverse().find(({ current }) => current[id])?.current[id]?.();

export const isTyping = (): boolean => {
  const active = document.activeElement;
  return active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement || active?.localName === 'vscode-text-field';
};

/** Tells the host where keys go, so that the editor's key bindings are about this page only while it has the focus. */
export function usePlace(client: Model['client'], view: InspectorPlace['view']): void {
  const told = useRef('');
  // Not `document.hasFocus()`: a frame in a frame is not always told of it.
  const focused = useRef(document.hasFocus());
  const tell = useRef(() => {});
  tell.current = () => {
    const place = focused.current ? { view, typing: isTyping() } : null;
    const text = JSON.stringify(place);
    if (text === told.current) return;
    told.current = text;
    void client.request('place', place);
  };
  useEffect(() => tell.current(), [view]);
  useEffect(() => {
    // Focus has moved when the event is through.
    const listener = (on: boolean) => (): void => {
      focused.current = on;
      setTimeout(() => tell.current(), 0);
    };
    const [come, gone] = [listener(true), listener(false)];
    const coming = ['focus', 'focusin', 'pointerdown', 'keydown'] as const;
    for (const name of coming) window.addEventListener(name, come, true);
    window.addEventListener('blur', gone);
    return () => {
      for (const name of coming) window.removeEventListener(name, come, true);
      window.removeEventListener('blur', gone);
    };
  }, []);
}
