import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button, TextField } from '../kit';
import { clockText, type DeviceHistory } from './history';

/** What the board prints, and a line to send to it. */
export const Console = ({ history, onSend }: { readonly history: DeviceHistory; readonly onSend: (text: string) => void }) => {
  const [text, setText] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const send = (): void => {
    if (text === '') return;
    onSend(text);
    setText('');
  };
  useLayoutEffect(() => void (box.current && (box.current.scrollTop = box.current.scrollHeight)), [history.textCount]);
  return (
    <div class="console">
      <div class="printed-lines mono" role="log" aria-label="Text of the board" tabIndex={0} ref={box}>
        {history.texts.length === 0 && <span class="dim">The board has printed nothing yet.</span>}
        {history.texts.slice(-200).map((line, i) => <div key={`${history.textCount}-${i}`}><span class="dim">{clockText(line.at)}</span> {line.text}</div>)}
      </div>
      <div class="row send">
        <TextField label="Text to send" value={text} placeholder="A line to the board" onInput={setText} onKeyDown={(event) => event.key === 'Enter' && send()} />
        <Button icon="send" onClick={send}>Send</Button>
      </div>
    </div>
  );
};
