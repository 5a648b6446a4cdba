import { frameStk500v2, stk2 } from '../../uploaders/stk500v2';
import { writePage, type BootloaderHost } from './bootloader';

/**
 * The board's side of STK500v2 (Atmel AVR068), so that a simulated Mega needs no bootloader of someone else's. It answers what
 * uploaders ask of a bootloader; all that concerns programming by wires is accepted and has no effect.
 */
const NAME = 'AVRISP_2';
const COMMAND_UNKNOWN = 0xc9;
const READ_SIGNATURE_BYTE = 0x30;
const LONGEST_MESSAGE = 300;
/** Commands that are answered with OK alone. */
const accepted = new Set<number>([0x02, stk2.enterProgramming, stk2.leaveProgramming, stk2.chipErase]);

export function* bootloaderStk500v2(host: BootloaderHost): Generator<void, void, number> {
  const state = { address: 0 };
  for (;;) {
    if ((yield) !== stk2.messageStart) continue;
    const head: number[] = [stk2.messageStart];
    for (let i = 0; i < 4; i++) head.push(yield);
    const length = (head[2] << 8) | head[3];
    if (head[4] !== stk2.token || length > LONGEST_MESSAGE) continue;
    const body: number[] = [];
    for (let i = 0; i < length; i++) body.push(yield);
    const sum = yield;
    if ([...head, ...body].reduce((a, b) => a ^ b, 0) !== sum) continue; // a damaged message is not answered
    host.send(frameStk500v2(head[1], answer(host, state, body)));
    if (body[0] === stk2.leaveProgramming) return host.leave();
  }
}

function answer(host: BootloaderHost, state: { address: number }, body: readonly number[]): number[] {
  const [command, high, low] = body;
  const count = (high << 8) | low;
  if (command === stk2.signOn) return [command, stk2.ok, NAME.length, ...Buffer.from(NAME)];
  if (command === stk2.loadAddress) {
    state.address = (((body[1] & 0x7f) << 24) | (body[2] << 16) | (body[3] << 8) | body[4]) * 2;
    return [command, stk2.ok];
  }
  if (command === stk2.programFlash) {
    writePage(host, state.address, body.slice(10, 10 + count));
    state.address += count;
    return [command, stk2.ok];
  }
  if (command === stk2.readFlash) {
    const bytes = host.flash.slice(state.address, state.address + count);
    state.address += count;
    return [command, stk2.ok, ...bytes, stk2.ok];
  }
  if (command === stk2.readSignature) return [command, stk2.ok, host.signature[body[4]] ?? 0, stk2.ok];
  if (command === stk2.spiMulti) {
    const value = body[4] === READ_SIGNATURE_BYTE ? (host.signature[body[6]] ?? 0) : 0;
    return [command, stk2.ok, 0, body[4], 0, value, stk2.ok];
  }
  if (command === 0x03) return [command, stk2.ok, 2]; // get parameter: versions, all 2
  return [command, accepted.has(command) ? stk2.ok : COMMAND_UNKNOWN];
}
