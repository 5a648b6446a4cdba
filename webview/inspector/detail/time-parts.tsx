import { formatCount, formatPercent } from '../../../src/base/units';
import type { TimeView } from '../../../src/messages/inspector';

const colours = ['conv', 'depthwise', 'third', 'other'] as const;

/** The time as a sum of named parts, each with its formula, and what turns instructions into time. */
export const TimeParts = ({ time }: { readonly time: TimeView }) => {
  const total = time.parts.reduce((sum, part) => sum + part.count, 0);
  return (
    <div class="time-parts">
      {total > 0 && (
        <div class="stack" aria-hidden="true">
          {time.parts.map((part, i) => part.count > 0 && <i key={part.name} class={colours[i] ?? 'other'} style={{ flexGrow: part.count }} />)}
        </div>
      )}
      <table>
        <tbody>
          {time.parts.map((part, i) => (
            <tr key={part.name}>
              <td><i class={`swatch ${colours[i] ?? 'other'}`} aria-hidden="true" />{part.name}</td>
              <td class="dim right">{part.formula}</td>
              <td class="right">{formatCount(part.count)}</td>
              <td class="dim right">{formatPercent(total ? part.count / total : 0)}</td>
            </tr>
          ))}
          <tr class="sum"><td>{time.unit}</td><td /><td class="right">{formatCount(total)}</td><td /></tr>
        </tbody>
      </table>
      <p class="small-text">{time.result}</p>
      {time.how.map((text) => <p key={text} class="dim small-text">{text}</p>)}
    </div>
  );
};
