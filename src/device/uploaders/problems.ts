import type { Fix, Problem } from '../../base/problem';
import { formatCount } from '../../base/units';
import { describeRun, type ToolRun } from '../toolchains/run-tool';

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
const hexAddress = (address: number): string => `0x${address.toString(16).padStart(4, '0')}`;
const signatureText = (bytes: ArrayLike<number>): string => Array.from(bytes, hexByte).join(' ');

const again: Fix = { title: 'Flash again' };

/** `advice`: how to bring this kind of board into its bootloader by hand. */
export const noSync = (port: string, attempts: number, received: Uint8Array, advice: readonly Fix[]): Problem => ({
  code: 'TINYML-UPLOAD-NO-SYNC',
  severity: 'error',
  title: `The bootloader of the board at ${port} does not answer`,
  detail: received.length
    ? `${attempts} attempts; what came instead: ${signatureText(received.subarray(0, 16))}${received.length > 16 ? ' …' : ''}`
    : `${attempts} attempts; not one byte came back.`,
  fixes: [
    { title: 'Check that the chosen board and port are the right ones' },
    ...advice,
  ],
});

export const noAnswer = (port: string, step: string): Problem => ({
  code: 'TINYML-UPLOAD-NO-ANSWER',
  severity: 'error',
  title: `The bootloader at ${port} fell silent: ${step}`,
  fixes: [again, { title: 'Try another cable or USB socket' }],
});

/** `advice`: as for `noSync`. */
export const badAnswer = (port: string, step: string, received: Uint8Array, advice: readonly Fix[]): Problem => ({
  code: 'TINYML-UPLOAD-BAD-ANSWER',
  severity: 'error',
  title: `The bootloader at ${port} answered wrongly: ${step}`,
  detail: `Received ${signatureText(received.subarray(0, 64))}${received.length > 64 ? ' …' : ''}.`,
  fixes: [again, ...advice],
});

export const wrongChip = (port: string, chip: string, expected: ArrayLike<number>, found: ArrayLike<number>): Problem => ({
  code: 'TINYML-UPLOAD-WRONG-CHIP',
  severity: 'error',
  title: `The board at ${port} is not an ${chip}`,
  detail: `Its signature is ${signatureText(found)}, that of the ${chip} ${signatureText(expected)}. Nothing was written.`,
  fixes: [{ title: 'Choose the board that is really connected' }],
});

/** As `wrongChip`, where chips tell names or numbers instead of a signature. */
export const otherChip = (port: string, expected: string, found: string): Problem => ({
  code: 'TINYML-UPLOAD-OTHER-CHIP',
  severity: 'error',
  title: `The board at ${port} has another chip: ${found}`,
  detail: `The chosen board has ${expected}. Nothing was written.`,
  fixes: [{ title: 'Choose the board that is really connected' }],
});

export const verifyFailed = (port: string, address: number, expected: number, found: number): Problem => ({
  code: 'TINYML-UPLOAD-VERIFY',
  severity: 'error',
  title: `The flash of the board at ${port} differs from the image at ${hexAddress(address)}`,
  detail: `Written ${hexByte(expected)}, read back ${hexByte(found)}. The firmware on the board is not usable.`,
  fixes: [again, { title: 'Where it happens again, the flash of the chip is worn out: use another board' }],
});

/** As `verifyFailed`, where only check sums can be compared. */
export const checkSumDiffers = (port: string, address: number, bytes: number): Problem => ({
  code: 'TINYML-UPLOAD-VERIFY',
  severity: 'error',
  title: `The flash of the board at ${port} differs from the image between ${hexAddress(address)} and ${hexAddress(address + bytes - 1)}`,
  detail: 'The check sum that its bootloader computes is not that of the image. The firmware on the board is not usable.',
  fixes: [again, { title: 'Where it happens again, the flash of the chip is worn out: use another board' }],
});

/** The other side takes no more bytes: its buffers are full, and nobody reads them. */
export const lineStuck = (port: string, step: string): Problem => ({
  code: 'TINYML-UPLOAD-STUCK',
  severity: 'error',
  title: `The board at ${port} takes no more bytes: ${step}`,
  fixes: [{ title: 'Unplug the board and plug it in again, then flash again' }, { title: 'Try another cable or USB socket' }],
});

export const imageTooLarge = (imageBytes: number, limitBytes: number): Problem => ({
  code: 'TINYML-UPLOAD-TOO-LARGE',
  severity: 'error',
  title: `The image ends at ${formatCount(imageBytes)} bytes, the board has room for ${formatCount(limitBytes)}`,
  detail: 'Nothing was written.',
  fixes: [{ title: 'Choose a smaller model, or a board with more flash' }],
});

export const imageBelowStart = (address: number, startAddress: number): Problem => ({
  code: 'TINYML-UPLOAD-BELOW-START',
  severity: 'error',
  title: `The image begins at ${hexAddress(address)}, applications of this board at ${hexAddress(startAddress)}`,
  detail: 'It is for another board, or for this one without its bootloader. Nothing was written.',
  fixes: [{ title: 'Build the firmware for this board' }, { title: 'Choose the board that the image is for' }],
});

export const refused = (port: string, step: string, why: string): Problem => ({
  code: 'TINYML-UPLOAD-REFUSED',
  severity: 'error',
  title: `The bootloader at ${port} refused: ${step}`,
  detail: why,
  fixes: [again, { title: 'Reset the board, then flash again' }],
});

export const badImage = (path: string, why: string): Problem => ({
  code: 'TINYML-UPLOAD-IMAGE',
  severity: 'error',
  title: `Not a usable image: ${why}`,
  where: { path },
  fixes: [{ title: 'Build the firmware again' }],
});

export const UNPLUGGED = 'TINYML-UPLOAD-UNPLUGGED';

export const linkGone = (port: string, step: string, why: string | undefined): Problem => ({
  code: UNPLUGGED,
  severity: 'error',
  title: `The board at ${port} went away: ${step}`,
  detail: why,
  fixes: [{ title: 'Plug the board in again, then flash again' }],
});

export const noDrive = (chip: string, fixes: readonly [Fix, ...Fix[]]): Problem => ({
  code: 'TINYML-UPLOAD-NO-DRIVE',
  severity: 'error',
  title: `No drive of a board with a ${chip} has appeared`,
  detail: 'Such a board shows itself as a drive while its bootloader waits. Where drives are not mounted by themselves, mount it first.',
  fixes,
});

export const severalDrives = (folders: readonly string[]): Problem => ({
  code: 'TINYML-UPLOAD-SEVERAL-DRIVES',
  severity: 'error',
  title: `${folders.length} boards of this kind wait for an image: ${folders.join(', ')}`,
  detail: 'Nothing was written.',
  fixes: [{ title: 'Unplug all but one, then flash again' }],
});

export const driveFull = (folder: string, bytes: number): Problem => ({
  code: 'TINYML-UPLOAD-DRIVE-FULL',
  severity: 'error',
  title: `The drive ${folder} is full: the image of ${formatCount(bytes)} bytes does not fit`,
  fixes: [{ title: 'Reset the board into its bootloader again: that empties the drive; then flash again' }, { title: 'Choose a smaller model, or a board with more flash' }],
});

export const driveFailed = (folder: string, why: string): Problem => ({
  code: 'TINYML-UPLOAD-DRIVE',
  severity: 'error',
  title: `Writing to the drive ${folder} failed: the board may have been unplugged`,
  detail: why,
  fixes: [{ title: 'Plug the board in again with its bootloader waiting, then flash again' }],
});

export const driveStayed = (folder: string): Problem => ({
  code: 'TINYML-UPLOAD-DRIVE-STAYED',
  severity: 'error',
  title: `The board has not taken the image: its drive ${folder} is still there`,
  detail: 'A bootloader restarts with the last block of an image for its chip, and its drive goes away. This one passed over the blocks.',
  fixes: [again, { title: 'Check that the chosen board is the one that is connected' }],
});

export const driveRefused = (folder: string, why: string): Problem => ({
  code: 'TINYML-UPLOAD-DRIVE-REFUSED',
  severity: 'error',
  title: `The probe of the board at ${folder} could not write the image`,
  detail: why,
  fixes: [again, { title: 'Update the firmware of the probe with the tool of its maker' }],
});

export const toolNeedsPort = (tool: string): Problem => ({
  code: 'TINYML-UPLOAD-TOOL-PORT',
  severity: 'error',
  title: `${tool} needs to know the port of the board`,
  fixes: [{ title: 'Choose the port the board is plugged into' }],
});

export const toolCannotTake = (tool: string, value: string): Problem => ({
  code: 'TINYML-UPLOAD-TOOL-PATH',
  severity: 'error',
  title: `${tool} cannot take a path with braces or backslashes: ${value}`,
  fixes: [{ title: 'Move the project to a folder without these characters in its path' }],
});

export const toolFailed = (port: string, run: ToolRun, busy: boolean): Problem => ({
  code: 'TINYML-UPLOAD-TOOL',
  severity: 'error',
  title: `Uploading to ${port} failed`,
  detail: describeRun(run),
  fixes: busy ? [{ title: 'Close what has the port open, then flash again' }, again] : [again, { title: 'Read the lines of the tool above' }],
});

export const espFailed = (port: string, step: string, why: string, advice: readonly Fix[]): Problem => ({
  code: 'TINYML-UPLOAD-ESP',
  severity: 'error',
  title: `Flashing the board at ${port} failed: ${step}`,
  detail: why,
  fixes: [again, ...advice],
});
