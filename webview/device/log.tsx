import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatTimeUs } from '../../src/base/units';
import { Icon } from '../kit';
import { useSize } from '../shell/use-size';
import { clockText, partOfRange, scoreRange, type DeviceHistory, type LogLine } from './history';

/** The panel shows the end of the log; all of it is in the output channel. */
const LINES_AT_MOST = 200;
const LINE_PX = 20;
/** Above those that are seen, where the end is followed: something to scroll to. More would only cost drawing. */
const SPARE_LINES = 4;

const Line = ({ line, range }: { readonly line: LogLine; readonly range: readonly [number, number] }) => {
  if (line.kind === 'text') {
    return <div class="line text"><span class="dim">{clockText(line.at)}</span><Icon small name="terminal" /><span class="printed dim">{line.text}</span></div>;
  }
  const known = line.truth !== undefined;
  const wrong = known && line.truth !== line.label;
  const answer = !known ? '' : wrong ? 'wrong' : 'right';
  return (
    <div class="line">
      <span class="dim">{clockText(line.at)}</span>
      <span class={`sign ${answer}`}>
        {known && <Icon small name={wrong ? 'close' : 'check'} />}
        <span class="visually-hidden">{answer}</span>
      </span>
      <span class="class-name" title={line.label}>{line.label}</span>
      <span class="lane"><b class={wrong ? 'wrong' : ''} style={{ width: `${partOfRange(line.score, range) * 100}%` }} /></span>
      <span class="number">{line.score.toFixed(3)}</span>
      <span class="number dim">{formatTimeUs(line.us)}</span>
      <span class="rest">
        {wrong && <span>truth: <b>{line.truth}</b></span>}
        {line.equalsHost !== undefined && <span class={line.equalsHost ? 'dim' : 'differs'}>{line.equalsHost ? '= host' : '≠ host'}</span>}
      </span>
    </div>
  );
};

/** Follows its end, unless the user has scrolled up to read. */
export const Log = ({ history }: { readonly history: DeviceHistory }) => {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const { height } = useSize(box);
  const lines = history.log.slice(following.current && height ? -Math.ceil(height / LINE_PX) - SPARE_LINES : -LINES_AT_MOST);
  const range = scoreRange(history.predictions);
  useLayoutEffect(() => {
    if (box.current && following.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const scrolled = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    following.current = scrollHeight - scrollTop - clientHeight < 8;
  };
  return (
    <section class="log mono" aria-label="Predictions" role="log" aria-live="off" tabIndex={0} ref={box} onScroll={scrolled}>
      {lines.map((line, i) => <Line key={i} line={line} range={range} />)}
    </section>
  );
};
