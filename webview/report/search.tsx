import type { PlacesView, ReportView } from '../../src/messages/report';

/** Channels or ranks before and after, a bar for what is left. */
export const Places = ({ places }: { readonly places: PlacesView }) => (
  <section>
    <h2>{places.title}</h2>
    <div class="scroll">
      <table>
        <thead><tr><th>Of</th><th>Chosen by</th><th class="number">Before</th><th class="number">After</th><th /><th class="number">Distance, this alone</th></tr></thead>
        <tbody>
          {places.rows.map((row) => (
            <tr key={row.name}>
              <td class="name" title={row.name}>{row.name}</td><td class="dim">{row.rule}</td><td class="number">{row.before}</td><td class="number">{row.after}</td>
              <td><span class="lane"><b style={{ width: `${(row.after / row.before) * 100}%` }} /></span></td><td class="number">{row.distance}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);

export const Trials = ({ trials, distanceOf }: Pick<ReportView, 'trials' | 'distanceOf'>) => {
  const isCounted = trials.some(({ right }) => right !== '');
  return (
    <section>
      <h2>What was tried</h2>
      <p class="dim small-text">On validation samples: {distanceOf}.</p>
      <div class="scroll">
        <table class="few">
          <thead><tr><th>Step</th><th class="number">Distance</th>{isCounted && <th class="number">Right</th>}<th><span class="visually-hidden">Kept</span></th></tr></thead>
          <tbody>{trials.map((trial, i) => <tr key={i}><td>{trial.step}</td><td class="number">{trial.distance}</td>{isCounted && <td class="number">{trial.right}</td>}<td>{trial.kept ? 'kept' : ''}</td></tr>)}</tbody>
        </table>
      </div>
    </section>
  );
};
