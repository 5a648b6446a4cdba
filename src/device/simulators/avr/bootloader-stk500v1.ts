import { stk } from '../../uploaders/stk500v1';
import { writePage, type BootloaderHost } from './bootloader';

/**
 * The board's side of STK500v1 (Atmel AVR061), so that a simulated board needs no bootloader of someone else's: it answers as
 * the bootloader of an Uno does, and writes the simulated flash.
 */

/** Answers to GET_PARAMETER: versions as a bootloader of 2012 reports them, 3 for all others. */
const GET_PARAMETER = 0x41;
const parameters: Readonly<Record<number, number>> = { 0x81: 4, 0x82: 4 };
/** Bytes that follow commands whose content has no meaning for a bootloader. */
const ignoredArguments: Readonly<Record<number, number>> = { 0x42: 20, 0x45: 5 };
const UNIVERSAL = 0x56;

export function* bootloaderStk500v1(host: BootloaderHost): Generator<void, void, number> {
  let address = 0;
  for (;;) {
    const command = yield;
    const args: number[] = [];
    const take = function* (count: number): Generator<void, void, number> {
      for (let i = 0; i < count; i++) args.push(yield);
    };
    let data: Uint8Array = new Uint8Array();
    let written: { at: number; bytes: number[] } | undefined;
    if (command === stk.loadAddress) {
      yield* take(2);
      address = (args[0] | (args[1] << 8)) * 2;
    } else if (command === stk.programPage) {
      yield* take(3);
      const length = (args[0] << 8) | args[1];
      yield* take(length);
      if (args[2] === stk.flashMemory) written = { at: address, bytes: args.slice(3) };
    } else if (command === stk.readPage) {
      yield* take(3);
      data = host.flash.slice(address, address + ((args[0] << 8) | args[1]));
    } else if (command === stk.readSignature) {
      data = Uint8Array.from(host.signature);
    } else if (command === GET_PARAMETER) {
      yield* take(1);
      data = Uint8Array.of(parameters[args[0]] ?? 3);
    } else if (command === UNIVERSAL) {
      yield* take(4);
      data = Uint8Array.of(0);
    } else {
      yield* take(ignoredArguments[command] ?? 0);
    }
    if ((yield) !== stk.endOfCommand) return host.leave(); // a real one waits for its watchdog, which starts the sketch
    if (written) writePage(host, written.at, written.bytes);
    host.send(Uint8Array.of(stk.inSync, ...data, stk.ok));
    if (command === stk.leaveProgramming) return host.leave();
  }
}
