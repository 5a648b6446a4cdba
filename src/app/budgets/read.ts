import path from 'node:path';
import { ProblemError } from '../../base/problem';
import { lineAndColumn, parseJsonTree, type JsonNode } from '../data/json-tree';
import { appProblems } from '../problems';
import { budgetProblems } from './problems';
import { ofNoLayer, parseQuantity, resources, type Resource } from './quantity';

/** Place of a value in the project file: 1-based line, and columns from its first character to the one behind its last. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly columns: readonly [number, number];
}

/** One limit of `tinyml.json`. */
export interface Budget {
  /** As the file writes it. */
  readonly model: string;
  /** Absolute path. */
  readonly modelPath: string;
  /** Id of the board that it is about: its own, else that of the file; absent where the file names none. */
  readonly board?: string;
  /** Name or `#index` of a layer; absent for the whole model. */
  readonly layer?: string;
  readonly resource: Resource;
  /** Bytes, MACs, µs, µJ, or a share of right answers. */
  readonly limit: number;
  /** Name of the board whose own limit this is; absent where the user has set it. */
  readonly ofBoard?: string;
  readonly place: Place;
}

export interface Budgets {
  readonly budgets: readonly Budget[];
  readonly board?: string;
}

/**
 * The budgets of a project file: `budgets` by model, in it limits, `boards` by id and `layers` by name, boards and layers nested
 * either way. @throws ProblemError with the line of what cannot be used.
 */
export function readBudgets(file: string, text: string): Budgets {
  const placeOf = (node: { readonly from: number; readonly to: number }): Place => {
    const { line, column } = lineAndColumn(text, node.from);
    return { path: file, line, columns: [column, column + node.to - node.from] };
  };
  const fail = (node: JsonNode, why: string): never => {
    throw new ProblemError(budgetProblems.badBudget(placeOf(node), why));
  };
  const membersOf = (node: JsonNode, what: string): NonNullable<JsonNode['members']> => node.members ?? fail(node, `${what} is no object.`);

  let root: JsonNode;
  try {
    root = parseJsonTree(text);
  } catch (error) {
    throw new ProblemError(appProblems.badProjectFile(file, error instanceof Error ? error.message : String(error)));
  }
  const top = membersOf(root, 'The file');
  const boardNode = top.get('board');
  if (boardNode && typeof boardNode.value !== 'string') fail(boardNode, '"board" is no text.');
  const board = boardNode?.value as string | undefined;
  const budgets: Budget[] = [];

  const visit = (node: JsonNode, about: Pick<Budget, 'model' | 'modelPath' | 'board' | 'layer'>): void => {
    for (const [name, member] of membersOf(node, `The budget of ${about.model}`)) {
      if (name === 'boards') for (const [id, inner] of membersOf(member, '"boards"')) visit(inner, { ...about, board: id });
      else if (name === 'layers') for (const [layer, inner] of membersOf(member, '"layers"')) visit(inner, { ...about, layer });
      else {
        const resource = resources.find((known) => known === name) ?? fail(member, `There is no budget for "${name}": known are ${resources.join(', ')}, boards, layers.`);
        if (ofNoLayer.has(resource) && about.layer !== undefined) fail(member, `A layer has no ${resource === 'accuracy' ? 'accuracy' : 'energy'} of its own.`);
        const limit = parseQuantity(resource, member.value) ?? fail(member, budgetProblems.howToWrite(resource));
        budgets.push({ ...about, resource, limit, place: placeOf(member) });
      }
    }
  };
  const all = top.get('budgets');
  if (all) for (const [model, node] of membersOf(all, '"budgets"')) visit(node, { model, modelPath: path.resolve(path.dirname(file), model), ...(board === undefined ? {} : { board }) });
  return { budgets, ...(board === undefined ? {} : { board }) };
}
