import type { Disposable } from '../base/disposable';
import { LineSplitter } from '../base/lines';
import type { BrokenPiece, Session } from '../device/protocol/session';
import type { RunEvent } from './run-contract';

/** Printable runs of so many characters in a broken piece are shown: what a crashed board printed in the middle of a frame. */
const READABLE = /[\x20-\x7e\t]{8,}/g;

/** All that a board says beside its answers, as text events: its lines, its log, and what could not be read. */
export function tellText(session: Session, onEvent: (event: RunEvent) => void): Disposable {
  const lines = new LineSplitter();
  const print = (text: string): void => onEvent({ kind: 'text', text });
  const parts = [
    session.onText((chunk) => lines.push(chunk).forEach(print)),
    session.onLog(({ level, text }) => onEvent({ kind: 'text', text, level })),
    session.onBroken((piece) => onEvent({ kind: 'text', text: brokenLine(piece), level: 'warning' })),
    session.onClose(() => lines.end().forEach(print)),
  ];
  return {
    dispose: () => {
      lines.end().forEach(print);
      for (const part of parts) part.dispose();
    },
  };
}

function brokenLine({ bytes, reason }: BrokenPiece): string {
  const readable = (new TextDecoder('latin1').decode(bytes).match(READABLE) ?? []).join(' … ');
  return `${bytes.length} bytes that are neither text nor a frame (${reason})${readable ? `: ${readable}` : ''}`;
}
