import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import type { Board } from '../device/boards/board';
import { uploadOf } from '../device/boards/upload-of';
import { startBoard, type FirmwareOnDisk } from '../device/connect/open-board';
import { readImage, type PrebuiltImage } from '../device/images/read-image';
import { notRunnable } from '../device/images/problems';
import { currentEnvironment } from '../device/toolchains/environment';
import { findToolsById } from '../device/toolchains/find-tools';
import type { ToolId } from '../device/toolchains/tools';
import type { ByteLink } from '../device/transports/link';
import { writeIntelHex } from '../device/uploaders/intel-hex';
import { writeUf2 } from '../device/uploaders/uf2';
import type { FlashImageReport, FlashImageRequest } from './flash-image-contract';
import { boardById } from './find-board';
import { portBroker } from './port-broker';
import { appProblems } from './problems';
import type { RunDeps } from './run-contract';

export interface FlashedImage {
  readonly report: FlashImageReport;
  /** To the firmware that has started, whatever it says; the caller closes it. Absent where the board has no port. */
  readonly link: ByteLink | undefined;
}

/**
 * Writes a prebuilt image onto a board, plugged in or simulated. Its chip is checked against the file before anything is
 * erased, and by the bootloader once more.
 */
export async function flashImage(request: FlashImageRequest, deps: Pick<RunDeps, 'programs' | 'env' | 'workspace'>, task: Task): Promise<FlashedImage> {
  const board = await boardById(request.boardId, deps.workspace);
  const content = await fs.readFile(request.path).catch((error: Error) => {
    throw new ProblemError(appProblems.noFile(request.path, error.message));
  });
  const upload = uploadOf(board, request.via);
  const image = readImage(request.path, content, board, upload, request.address);
  // a compiler is not needed for what is built already
  const { value: tools, problems } = await findToolsById(toolsToRun(board, request.via), board.name, currentEnvironment(deps.env), task);
  if (problems.length) throw new ProblemError(problems[0], problems.slice(1));
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'tinyml-image-'));
  try {
    const firmware = await asFirmware(request.path, image, board, folder);
    const link = await startBoard(board, firmware, { tools, simulatorProgram: deps.programs.avrSimulator, rp2040Program: deps.programs.rp2040Simulator, portPath: request.portPath, portBroker, via: request.via, image: image.segments }, task);
    return { report: reportOf(board, image), link };
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

function toolsToRun(board: Board, via: string | undefined): readonly ToolId[] {
  const upload = uploadOf(board, via);
  return upload?.kind === 'tool' ? [...board.runTools, upload.target.tool] : board.runTools;
}

/** The image in the forms that boards and tools take; simulators of processors without a flash take ELF files alone. */
async function asFirmware(source: string, image: PrebuiltImage, board: Board, folder: string): Promise<FirmwareOnDisk> {
  const { kind } = board.connect;
  if ((kind === 'qemu' || kind === 'process') && image.format !== 'elf') throw new ProblemError(notRunnable(board.name, image.format, 'ELF file'));
  const hex = path.join(folder, 'image.hex');
  await fs.writeFile(hex, writeIntelHex(image.segments));
  const base = { elf: image.format === 'elf' ? source : '', hex, project: folder };
  if (board.connect.kind !== 'rp2040-simulator') return { ...base, bin: image.format === 'bin' || image.format === 'esp' ? source : undefined, uf2: image.format === 'uf2' ? source : undefined };
  const uf2 = path.join(folder, 'image.uf2');
  await fs.writeFile(uf2, writeUf2(image.segments, board.connect.target.familyId));
  return { ...base, uf2 };
}

function reportOf(board: Board, { format, segments }: PrebuiltImage): FlashImageReport {
  return {
    schema: 'tinyml-flash-image/1',
    board: board.id,
    format,
    bytes: segments.reduce((sum, segment) => sum + segment.bytes.length, 0),
    from: Math.min(...segments.map((segment) => segment.address)),
    to: Math.max(...segments.map((segment) => segment.address + segment.bytes.length)),
  };
}
