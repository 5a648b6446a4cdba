import { ProblemError } from '../../../base/problem';
import type { ConstantData } from '../../ir/types';
import { GraphImporter, type ImportSource } from './import-graph';
import { tfliteProblems } from './problems';

/** What the graphs that are called once, before the first run, write to variables. */
export function initialContents(source: ImportSource, main: GraphImporter): ReadonlyMap<string, ConstantData> {
  const contents = new Map<string, ConstantData>();
  for (const index of main.initializers) {
    if (!source.model.subgraphs?.[index] || index === 0) throw new ProblemError(tfliteProblems.badGraph(`Subgraph ${index}, which is to be called once, does not exist`));
    const importer = new GraphImporter(source, index);
    importer.run();
    for (const [key, id] of importer.variables.contents()) {
      const { constant, name } = importer.editor.value(id);
      if (constant) contents.set(key, constant);
      else source.problems.push(tfliteProblems.variable(name, 'What it starts with is computed in a way that is not understood'));
    }
  }
  return contents;
}
