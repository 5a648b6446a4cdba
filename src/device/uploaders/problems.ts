import type { Fix, Problem } from '../../base/problem';
import { formatCount } from '../../base/units';

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
const hexAddress = (address: number): string => `0x${address.toString(16).padStart(4, '0')}`;
const signatureText = (bytes: ArrayLike<number>): string => Array.from(bytes, hexByte).join(' ');

const again: Fix = { title: 'Flash again' };

export const noSync = (port: string, attempts: number, received: Uint8Array): Problem => ({
  code: 'TINYML-UPLOAD-NO-SYNC',
  severity: 'error',
  title: `The bootloader of the board at ${port} does not answer`,
  detail: received.length
    ? `${attempts} attempts; what came instead: ${signatureText(received.subarray(0, 16))}${received.length > 16 ? ' …' : ''}`
    : `${attempts} attempts; not one byte came back.`,
  fixes: [
    { title: 'Check that the chosen board and port are the right ones' },
    { title: 'Press the reset button of the board just as flashing begins' },
    { title: 'Unplug what is wired to pins 0 and 1: they are the serial line' },
  ],
});

export const noAnswer = (port: string, step: string): Problem => ({
  code: 'TINYML-UPLOAD-NO-ANSWER',
  severity: 'error',
  title: `The bootloader at ${port} fell silent: ${step}`,
  fixes: [again, { title: 'Try another cable or USB socket' }],
});

export const badAnswer = (port: string, step: string, received: Uint8Array): Problem => ({
  code: 'TINYML-UPLOAD-BAD-ANSWER',
  severity: 'error',
  title: `The bootloader at ${port} answered wrongly: ${step}`,
  detail: `Received ${signatureText(received)}.`,
  fixes: [again, { title: 'Unplug what is wired to pins 0 and 1: they are the serial line' }],
});

export const wrongChip = (port: string, chip: string, expected: ArrayLike<number>, found: ArrayLike<number>): Problem => ({
  code: 'TINYML-UPLOAD-WRONG-CHIP',
  severity: 'error',
  title: `The board at ${port} is not an ${chip}`,
  detail: `Its signature is ${signatureText(found)}, that of the ${chip} ${signatureText(expected)}. Nothing was written.`,
  fixes: [{ title: 'Choose the board that is really connected' }],
});

export const verifyFailed = (port: string, address: number, expected: number, found: number): Problem => ({
  code: 'TINYML-UPLOAD-VERIFY',
  severity: 'error',
  title: `The flash of the board at ${port} differs from the image at ${hexAddress(address)}`,
  detail: `Written ${hexByte(expected)}, read back ${hexByte(found)}. The firmware on the board is not usable.`,
  fixes: [again, { title: 'Where it happens again, the flash of the chip is worn out: use another board' }],
});

export const imageTooLarge = (imageBytes: number, limitBytes: number): Problem => ({
  code: 'TINYML-UPLOAD-TOO-LARGE',
  severity: 'error',
  title: `The image ends at ${formatCount(imageBytes)} bytes, the board has ${formatCount(limitBytes)} below its bootloader`,
  detail: 'Nothing was written.',
  fixes: [{ title: 'Choose a smaller model, or a board with more flash' }],
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
