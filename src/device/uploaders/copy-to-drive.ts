import fs from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../../base/cancel';
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
}

const defaultTimes: DriveTimes = { appearMs: 10_000, vanishMs: 10_000 };

/**
 * Copies an image to the drive of a board. A UF2 drive shows that the image is complete and for its chip by vanishing; the
 * probe of an STM32 or nRF board by a drive without a FAIL.TXT.
 */
export async function copyToDrive(image: readonly ImageSegment[], chip: string, upload: DriveUpload, find: FindDrives, task: Task, times = defaultTimes): Promise<void> {
  const { bytes, ending } = bytesOfDriveImage(image, upload);
  task.progress({ stage: 'Looking for the drive of the board' });
  const drive = await waitForDrive(upload, chip, find, task, times.appearMs);
  const file = path.join(drive.folder, FILE_STEM + ending);
  await write(file, bytes, drive, task);
  task.progress({ stage: 'Verifying', done: bytes.length, total: bytes.length });
  if (upload.kind === 'uf2') await vanished(drive, task, times.vanishMs);
  else await checkFailure(drive);
}

const matches = (drive: Drive, upload: DriveUpload): boolean =>
  upload.kind === 'uf2' ? upload.target.boardIds.some((id) => drive.boardId?.startsWith(id)) : upload.target.labels.includes(drive.label);

async function waitForDrive(upload: DriveUpload, chip: string, find: FindDrives, task: Task, limitMs: number): Promise<Drive> {
  const end = Date.now() + limitMs;
  for (;;) {
    throwIfCancelled(task.signal);
    const drives = await find();
    const found = drives.filter((drive) => matches(drive, upload));
    if (found.length > 1) throw new ProblemError(problems.severalDrives(found.map((d) => d.folder)));
    if (found.length === 1) return found[0];
    const other = upload.kind === 'uf2' ? drives.find((drive) => drive.boardId !== undefined) : undefined;
    if (other) throw new ProblemError(problems.otherChip(other.folder, `a ${chip}`, `its drive says it is "${other.boardId}"`));
    if (Date.now() >= end) throw new ProblemError(problems.noDrive(chip, upload.kind === 'uf2' ? advice.uf2 : advice.massStorage));
    await pause(POLL_MS, task.signal);
  }
}

async function write(file: string, bytes: Uint8Array, drive: Drive, task: Task): Promise<void> {
  let handle: fs.FileHandle | undefined;
  try {
    handle = await fs.open(file, 'w');
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      task.progress({ stage: 'Writing', done: at, total: bytes.length });
      throwIfCancelled(task.signal);
      await handle.write(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at), at);
    }
    await handle.sync().catch((error: NodeJS.ErrnoException) => {
      // the board restarts with the last block: its drive may be gone before it could be synchronised
      if (!['EIO', 'ENODEV', 'ENOENT', 'EINVAL'].includes(error.code ?? '')) throw error;
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ProblemError(code === 'ENOSPC' ? problems.driveFull(drive.folder, bytes.length) : problems.driveFailed(drive.folder, message));
  } finally {
    await handle?.close().catch(() => {}); // a drive that is gone has nothing to close
  }
}

async function vanished(drive: Drive, task: Task, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (await fs.access(path.join(drive.folder, 'INFO_UF2.TXT')).then(() => true, () => false)) {
    if (Date.now() >= end) throw new ProblemError(problems.driveStayed(drive.folder));
    await pause(POLL_MS, task.signal);
  }
}

/** DAPLink and ST-LINK leave FAIL.TXT on the drive when an image could not be written. */
async function checkFailure(drive: Drive): Promise<void> {
  const why = await fs.readFile(path.join(drive.folder, 'FAIL.TXT'), 'utf8').catch(() => undefined);
  if (why !== undefined) throw new ProblemError(problems.driveRefused(drive.folder, why.trim()));
}
