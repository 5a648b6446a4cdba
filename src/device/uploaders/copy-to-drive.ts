import fs from 'node:fs/promises';
import path from 'node:path';
import { orCancelled, throwIfCancelled } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { DriveUpload } from '../boards/uploads';
import { advice } from './advice';
import { bytesOfDriveImage } from './drive-image';
import type { Drive, FindDrives } from './drives';
import type { ImageSegment } from './intel-hex';
import { pause } from './link-reader';
import * as problems from './problems';

/** Bytes written between two reports of progress. */
const CHUNK_BYTES = 16 * 1024;
const FILE_STEM = 'FIRMWARE';
const POLL_MS = 50;

export interface DriveTimes {
  /** For the drive to appear. */
  readonly appearMs: number;
  /** For a UF2 drive to vanish when its last block has come: the board has accepted it and restarted. */
  readonly vanishMs: number;
  /** For the drive of a probe to be taken away while the chip is written; most do that to show a new state. */
  readonly settleMs: number;
}

const defaultTimes: DriveTimes = { appearMs: 10_000, vanishMs: 10_000, settleMs: 3000 };
const FAILURE = 'FAIL.TXT';

/**
 * Copies an image to the drive of a board. A UF2 drive shows that the image is complete and for its chip by vanishing; the
 * probe of an STM32 or nRF board by a drive without a FAIL.TXT.
 */
export async function copyToDrive(image: readonly ImageSegment[], chip: string, upload: DriveUpload, find: FindDrives, task: Task, times = defaultTimes): Promise<void> {
  const { bytes, ending } = bytesOfDriveImage(image, upload);
  task.progress({ stage: 'Looking for the drive of the board' });
  const drive = await waitForDrive(upload, chip, find, task, times.appearMs);
  const file = path.join(drive.folder, FILE_STEM + ending);
  const failureBefore = await failureOf(drive);
  await write(file, bytes, drive, task);
  task.progress({ stage: 'Verifying', done: bytes.length, total: bytes.length });
  if (upload.kind === 'uf2') await vanished(drive, task, times.vanishMs);
  else await settled(drive, failureBefore, task, times, async () => (await find()).find((other) => matches(other, upload)));
}

const matches = (drive: Drive, upload: DriveUpload): boolean =>
  upload.kind === 'uf2' ? upload.target.boardIds.some((id) => drive.boardId?.startsWith(id)) : upload.target.labels.includes(drive.label);

async function waitForDrive(upload: DriveUpload, chip: string, find: FindDrives, task: Task, limitMs: number): Promise<Drive> {
  const end = Date.now() + limitMs;
  for (;;) {
    throwIfCancelled(task.signal);
    const drives = await orCancelled(find(), task.signal);
    const found = drives.filter((drive) => matches(drive, upload));
    if (found.length > 1) throw new ProblemError(problems.severalDrives(found.map((d) => d.folder)));
    if (found.length === 1) return found[0];
    const other = upload.kind === 'uf2' ? drives.find((drive) => drive.boardId !== undefined) : undefined;
    if (other) throw new ProblemError(problems.otherChip(other.folder, `a ${chip}`, `its drive says it is "${other.boardId}"`));
    if (Date.now() >= end) throw new ProblemError(problems.noDrive(chip, upload.kind === 'uf2' ? advice.uf2 : advice.massStorage));
    await pause(POLL_MS, task.signal);
  }
}

/**
 * What was written is on the drive, not only in the system's memory: progress is the drive's, and a drive that was pulled is
 * noticed. With the last block the board restarts: its drive may then be gone before it could be synchronised.
 */
async function onTheDrive(handle: fs.FileHandle, isLast: boolean): Promise<void> {
  await handle.datasync().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EINVAL' && !(isLast && ['EIO', 'ENODEV', 'ENOENT'].includes(error.code ?? ''))) throw error; // EINVAL: cannot be synchronised
  });
}

async function write(file: string, bytes: Uint8Array, drive: Drive, task: Task): Promise<void> {
  let handle: fs.FileHandle | undefined;
  /** A drive that is stuck is not waited for once the user has cancelled. */
  const unlessCancelled = <T>(work: Promise<T>): Promise<T> => orCancelled(work, task.signal);
  try {
    const opening = fs.open(file, 'w');
    handle = await unlessCancelled(opening).catch((error: unknown) => {
      void opening.then((late) => late.close()).catch(() => {});
      throw error;
    });
    for (let at = 0; at < bytes.length; ) {
      task.progress({ stage: 'Writing', done: at, total: bytes.length });
      // a drive that fills up takes a part, and says so at the next write only
      const { bytesWritten } = await unlessCancelled(handle.write(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at), at));
      if (bytesWritten === 0) throw new ProblemError(problems.driveFull(drive.folder, bytes.length));
      at += bytesWritten;
      await unlessCancelled(onTheDrive(handle, at >= bytes.length));
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ProblemError(code === 'ENOSPC' ? problems.driveFull(drive.folder, bytes.length) : problems.driveFailed(drive.folder, message));
  } finally {
    const closing = handle?.close().catch(() => {}); // a drive that is gone has nothing to close
    if (!task.signal.aborted) await closing;
  }
}

async function vanished(drive: Drive, task: Task, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (await fs.access(path.join(drive.folder, 'INFO_UF2.TXT')).then(() => true, () => false)) {
    if (Date.now() >= end) throw new ProblemError(problems.driveStayed(drive.folder));
    await pause(POLL_MS, task.signal);
  }
}

/** DAPLink and ST-LINK leave FAIL.TXT on the drive when an image could not be written; it stays until the next one. */
const failureOf = async (drive: Drive): Promise<{ readonly why: string; readonly at: number } | undefined> => {
  const file = path.join(drive.folder, FAILURE);
  try {
    return { why: (await fs.readFile(file, 'utf8')).trim(), at: (await fs.stat(file)).mtimeMs };
  } catch {
    return undefined; // there is none, or the drive is away
  }
};

/**
 * A probe takes its drive away while it writes the chip, and brings it back with its verdict, perhaps in another folder; one that
 * keeps it is given a while. A drive that is not mounted again leaves the verdict to the firmware's first words.
 */
async function settled(drive: Drive, before: { readonly at: number } | undefined, task: Task, { settleMs, appearMs }: DriveTimes, again: () => Promise<Drive | undefined>): Promise<void> {
  const begun = Date.now();
  let left = false;
  for (;;) {
    const here = await fs.access(drive.folder).then(() => true, () => false);
    const failure = here ? await failureOf(drive) : undefined;
    if (failure && (left || failure.at !== before?.at)) throw new ProblemError(problems.driveRefused(drive.folder, failure.why));
    if (left && here) return;
    left ||= !here;
    const elapsed = Date.now() - begun;
    if (!left && elapsed >= settleMs) return;
    if (elapsed >= appearMs) break;
    await pause(POLL_MS, task.signal);
  }
  const elsewhere = await orCancelled(again(), task.signal);
  const failure = elsewhere && (await failureOf(elsewhere));
  if (failure) throw new ProblemError(problems.driveRefused(elsewhere.folder, failure.why));
  if (!elsewhere) task.log.write('warning', `The drive ${drive.folder} is not mounted again: whether the probe has taken the image shows when the firmware answers`);
}
