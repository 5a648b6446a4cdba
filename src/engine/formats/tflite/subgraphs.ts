import type { ValueId } from '../../ir/types';
import type { GraphImporter, ImportSource } from './import-graph';
import { NotUnderstood } from './mapping';

/** A resource variable that a tensor refers to. */
export interface Handle {
  readonly key: string;
  readonly name: string;
}

/** What goes into a called graph and comes out of it: a value, or the handle of a variable. */
export type Operand = ValueId | Handle;

/** Graphs inside each other, deeper than this, are a damaged or hostile file. */
const MAX_DEPTH = 40;
/** Operators that calls and unrolled loops may make, and that graphs of their own may have: a few bytes can call graphs exponentially often. */
const MAX_OPERATORS = 30_000;

/** The operator of the main graph that they are made for is given up, not the one inside of it that happened to be the last. */
export class TooManyNodes extends NotUnderstood {}

type Make = (graph: number) => GraphImporter;

/** Bounds what graphs that run other graphs may cost while a file is read. */
export class Nesting {
  private depth = 0;
  private readonly operators = { inline: 0, apart: 0 };

  get isInside(): boolean {
    return this.depth > 0;
  }

  /** A graph whose operators become part of the caller's. */
  inline<T>(source: ImportSource, index: number, make: Make, run: (importer: GraphImporter) => T): T {
    return this.within('inline', source, index, make, run);
  }

  /** A graph that stays one. */
  apart<T>(source: ImportSource, index: number, make: Make, run: (importer: GraphImporter) => T): T {
    return this.within('apart', source, index, make, run);
  }

  private within<T>(how: 'inline' | 'apart', source: ImportSource, index: number, make: Make, run: (importer: GraphImporter) => T): T {
    // Graph 0 is the model itself.
    if (!(index > 0) || !source.model.subgraphs?.[index]) refuse(`graph ${index}, which the file has not`);
    if (this.depth >= MAX_DEPTH) throw new TooManyNodes(`graphs inside each other more than ${MAX_DEPTH} deep`);
    const importer = make(index);
    this.operators[how] += 1 + importer.operators;
    if (this.operators[how] > MAX_OPERATORS) throw new TooManyNodes(`calls and loops of more than ${MAX_OPERATORS} operators`);
    this.depth++;
    try {
      return run(importer);
    } finally {
      this.depth--;
    }
  }
}

export function refuse(reason: string): never {
  throw new NotUnderstood(reason);
}
