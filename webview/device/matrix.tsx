import { formatCount } from '../../src/base/units';
import type { DeviceHistory } from './history';

/** Truth down, prediction across; shade is the share of the class, words are the counts. */
export const Matrix = ({ history: { matrix, labels } }: { readonly history: DeviceHistory }) => {
  const names = matrix.map((_, i) => labels[i] ?? String(i));
  if (!matrix.length) return <p class="empty dim">Labelled samples are counted here by truth and prediction.</p>;
  return (
    <div class="matrix-room">
      <table class="matrix" aria-label="Confusion matrix of the board">
        <thead><tr><th scope="col" class="dim">truth ↓ read as →</th>{names.map((name) => <th key={name} scope="col" title={name}>{name.slice(0, 8)}</th>)}<th scope="col">right</th></tr></thead>
        <tbody>
          {matrix.map((row, truth) => {
            const all = row.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={truth}>
                <th scope="row" title={names[truth]}>{names[truth]}</th>
                {row.map((count, read) => (
                  <td key={read} class={read === truth ? 'right' : count ? 'wrong' : ''} style={count ? { '--share': String(Math.round((count / all) * 100)) + '%' } : undefined}>{count ? formatCount(count) : <span class="dim">0</span>}</td>
                ))}
                <td class="dim">{all ? `${formatCount(row[truth])} of ${formatCount(all)}` : '0'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};
