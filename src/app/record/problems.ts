import type { Problem } from '../../base/problem';
import { formatCount } from '../../base/units';

export const recordProblems = {
  nothing: (): Problem => ({
    code: 'TINYML-RECORD-NOTHING', severity: 'warning', title: 'Nothing was recorded: no line carried numbers',
    detail: 'Lines such as x:1,y:2 or >x:1 are recorded, one row each, and the measurements of a sensor of our firmware.',
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
    code: 'TINYML-RECORD-LABEL', severity: 'error', title: `${JSON.stringify(label)} cannot stand in a table or name a folder`, detail: 'Labels in a .csv have no comma, semicolon, tabulator or quote; those of a folder no slash and nothing else that names of files must not have.',
    fixes: [{ title: 'Choose another label' }],
  }),
  noSound: (path: string, columns: number): Problem => ({
    code: 'TINYML-RECORD-SOUND', severity: 'error', title: `${formatCount(columns)} series are no sound: a .wav has one here`, where: { path },
    fixes: [{ title: 'Save as .csv or .npz' }],
  }),
  noRate: (path: string): Problem => ({
    code: 'TINYML-RECORD-RATE', severity: 'error', title: 'How many samples a second these are is not known', where: { path },
    detail: 'A sensor of our firmware tells its rate; lines that a sketch prints do not.',
    fixes: [{ title: 'Give it: --rate 16000' }, { title: 'Save as .csv or .npz' }],
  }),
  beyondFullScale: (path: string, most: number): Problem => ({
    code: 'TINYML-RECORD-SCALE', severity: 'error', title: `These numbers go up to ${most}: they are neither shares of full scale nor counts of 16 bits`, where: { path },
    fixes: [{ title: 'Print sound from -1 to 1, or as counts from -32,768 to 32,767' }],
  }),
  unknownLabel: (label: string, known: readonly string[]): Problem => ({
    code: 'TINYML-RECORD-CLASS', severity: 'error', title: `"${label}" is no class of this data set`, detail: known.length ? `Known: ${known.join(', ')}.` : 'A .npz holds class indices; without a model a label is a number.',
    fixes: [{ title: 'Save as .csv, which takes any label' }, { title: 'Name the model whose classes these are' }],
  }),
};
