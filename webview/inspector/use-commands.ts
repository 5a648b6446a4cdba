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
  const tell = useRef(() => {});
  tell.current = () => {
    const place = document.hasFocus() ? { view, typing: isTyping() } : null;
    const text = JSON.stringify(place);
    if (text === told.current) return;
    told.current = text;
    void client.request('place', place);
  };
  useEffect(() => tell.current(), [view]);
  useEffect(() => {
    // Focus has moved when the event is through.
    const later = (): void => void setTimeout(() => tell.current(), 0);
    const events = ['focus', 'blur'] as const;
    for (const name of events) window.addEventListener(name, later);
    for (const name of ['focusin', 'focusout'] as const) document.addEventListener(name, later);
    return () => {
      for (const name of events) window.removeEventListener(name, later);
      for (const name of ['focusin', 'focusout'] as const) document.removeEventListener(name, later);
    };
  }, []);
}
