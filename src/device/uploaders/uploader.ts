import type { Task } from '../../base/progress';
import type { ByteLink } from '../transports/link';
import type { ImageSegment } from './intel-hex';

/**
 * Writes an image over an open link, proves that it is there, and starts it. The link stays open: it is the caller's. Progress
 * counts bytes. The chip is asked who it is before anything is erased.
 * @throws ProblemError with a way out, CancelledError
 */
export type LinkUploader<Target> = (
  link: ByteLink,
  image: readonly ImageSegment[],
  chip: string,
  target: Target,
  task: Task,
) => Promise<void>;
