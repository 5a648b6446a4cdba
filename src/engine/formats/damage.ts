import { formatCount } from '../../base/units';

/** Where a file is damaged: an offset beyond its end means that the rest never arrived. */
export const damageTitle = (offset: number, size: number): string =>
  offset >= size ? `This file ends too early: it has ${formatCount(size)} bytes, and byte ${formatCount(offset)} is needed` : `This file is damaged at byte ${formatCount(offset)} of ${formatCount(size)}`;

/** A reason as a sentence: with a capital, and a full stop. */
export const sentence = (why: string): string => `${why.charAt(0).toUpperCase()}${why.slice(1)}${/[.!?…]$/.test(why) ? '' : '.'}`;
