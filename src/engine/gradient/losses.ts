import { elementCount } from '../ir/dtype';
import type { Tape } from './tape';

/** What a result is compared with, and how. */
export interface Compared {
  /** Shares of classes along the last axis: by what decisions are made of; or numbers: by the square of their distance. */
  readonly kind: 'shares' | 'numbers';
  /** Shape of one batch. */
  readonly shape: readonly number[];
}

/** The loss, a mean over the batch, and its gradient with respect to the result. */
export interface Loss {
  readonly loss: string;
  readonly gradient: string;
}

/**
 * Scores are divided by this before they become probabilities, as in distillation (Hinton et al. 2015, arXiv 1503.02531): at 1
 * nearly all samples are so plain that only the few doubtful ones count. Both are added up.
 */
const TEMPERATURES = [1, 4];

/** `target` has the shape of the result; `scale` is the name of a factor for distances of numbers. */
export function lossOf(tape: Tape, { kind, shape }: Compared, result: string, target: string, scale: string): Loss {
  return kind === 'shares' ? divergence(tape, shape, result, target) : distance(tape, shape, result, target, scale);
}

/** Kullback-Leibler divergence from the target's shares, times the temperature's square, mean over rows. */
function divergence(tape: Tape, shape: readonly number[], result: string, target: string): Loss {
  const rows = elementCount(shape.slice(0, -1));
  const parts = TEMPERATURES.map((temperature) => {
    const log = (scores: string): string => tape.emit('LogSoftmax', [temperature === 1 ? scores : tape.scaled(scores, 1 / temperature)], { axis: -1 });
    const [p, q] = [log(target), log(result)];
    const [wanted, made] = [tape.emit('Exp', [p]), tape.emit('Exp', [q])];
    const sum = tape.sum(tape.emit('Mul', [wanted, tape.emit('Sub', [p, q])]), shape.map((_, axis) => axis));
    return { loss: tape.scaled(sum, temperature ** 2 / rows), gradient: tape.scaled(tape.emit('Sub', [made, wanted]), temperature / rows) };
  });
  return { loss: tape.emit('Sum', parts.map(({ loss }) => loss)), gradient: tape.emit('Sum', parts.map(({ gradient }) => gradient)) };
}

/** Mean square, times the scale. */
function distance(tape: Tape, shape: readonly number[], result: string, target: string, scale: string): Loss {
  const count = elementCount(shape);
  const difference = tape.emit('Sub', [result, target]);
  const scaled = tape.emit('Mul', [difference, scale]);
  const sum = tape.sum(tape.emit('Mul', [scaled, difference]), shape.map((_, axis) => axis));
  return { loss: tape.scaled(sum, 1 / count), gradient: tape.scaled(scaled, 2 / count) };
}
