import type { Problem } from '../../base/problem';
import { formatCount } from '../../base/units';

export const recordProblems = {
  nothing: (): Problem => ({
    code: 'TINYML-RECORD-NOTHING', severity: 'warning', title: 'Nothing was recorded: no line carried numbers',
    detail: 'Lines such as x:1,y:2 or >x:1 are recorded, one row each.',
    fixes: [{ title: 'Let the sketch print its measurements in one of these forms' }],
  }),
  otherSize: (names: readonly string[], elements: number): Problem => ({
    code: 'TINYML-RECORD-SIZE', severity: 'error', title: `${names.length} series (${names.join(', ')}) do not fill an input of ${formatCount(elements)} numbers evenly`,
    fixes: [{ title: 'Print exactly the channels that the model takes' }, { title: 'Record without a model' }],
  }),
  tooShort: (rows: number, window: number): Problem => ({
    code: 'TINYML-RECORD-SHORT', severity: 'warning', title: `${formatCount(rows)} rows were recorded, one sample takes ${formatCount(window)}`,
    fixes: [{ title: 'Record longer' }],
  }),
  otherShape: (path: string, width: number, found: number): Problem => ({
    code: 'TINYML-RECORD-SHAPE', severity: 'error', title: `The samples of this data set have ${formatCount(found)} numbers, those recorded ${formatCount(width)}`, where: { path },
    fixes: [{ title: 'Save the recording to another file' }],
  }),
  tornLabel: (label: string): Problem => ({
    code: 'TINYML-RECORD-LABEL', severity: 'error', title: `${JSON.stringify(label)} cannot stand in a table`, detail: 'Labels in a .csv have no comma, semicolon, tabulator or quote.',
    fixes: [{ title: 'Choose another label' }],
  }),
  unknownLabel: (label: string, known: readonly string[]): Problem => ({
    code: 'TINYML-RECORD-CLASS', severity: 'error', title: `"${label}" is no class of this data set`, detail: known.length ? `Known: ${known.join(', ')}.` : 'A .npz holds class indices; without a model a label is a number.',
    fixes: [{ title: 'Save as .csv, which takes any label' }, { title: 'Name the model whose classes these are' }],
  }),
};
