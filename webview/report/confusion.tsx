import type { ConfusionView } from '../../src/messages/report';

/** Mistakes made so often carry their count. */
const TOLD = 3;

export const Confusion = ({ confusion }: { readonly confusion: ConfusionView }) => (
  <section>
    <h2>What is confused</h2>
    <p class="dim small-text">Row: truth. Column: prediction. Mistakes made {TOLD} times or more carry their count.{confusion.news.length > 0 && ` New: ${confusion.news.join('; ')}.`}</p>
    <div class="matrices">
      {confusion.matrices.map(({ name, right, counts }) => (
        <figure key={name}>
          <figcaption><b>{name}</b> <span class="dim">{right}</span></figcaption>
          <table class="matrix">
            <thead><tr><td />{confusion.labels.map((label) => <th key={label} title={label}><span>{label}</span></th>)}</tr></thead>
            <tbody>{counts.map((row, truth) => <Row key={truth} label={confusion.labels[truth]} labels={confusion.labels} truth={truth} counts={row} />)}</tbody>
          </table>
        </figure>
      ))}
    </div>
  </section>
);

const Row = ({ label, labels, truth, counts }: { readonly label: string; readonly labels: readonly string[]; readonly truth: number; readonly counts: readonly number[] }) => {
  const total = Math.max(1, counts.reduce((a, b) => a + b, 0));
  return (
    <tr>
      <th scope="row">{label}</th>
      {counts.map((count, said) => (
        <td key={said} class={count === 0 ? '' : said === truth ? 'right' : 'wrong'} style={{ '--share': `${Math.round(25 + (75 * count) / total)}%` }} title={`${label} read as ${labels[said]}: ${count}`}>
          {said !== truth && count >= TOLD ? count : ''}
        </td>
      ))}
    </tr>
  );
};
