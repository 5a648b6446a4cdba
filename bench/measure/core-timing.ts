import { execFileSync } from 'node:child_process';

/**
 * Cycles of single instructions on cores whose pipeline Arm documents. Sources: Cortex-M4 TRM r0p1 (100166), tables 3-1 and 7-1,
 * section 3.3.2; Cortex-M3 TRM r2p0 (DDI 0337), table 3-1; Cortex-M0+ TRM r0p1 (DDI 0484), table 3-1. Memory without wait states.
 * Where a table gives a range: taken branches refill the pipeline in 2 of 1 to 3 cycles, a division takes 7 of 2 to 12, a long
 * multiplication of the M3 4 of 3 to 5.
 */
export interface CoreTiming {
  readonly name: string;
  /** Taken branches, beyond the branch itself. */
  readonly refill: number;
  /** A load behind another load or store takes a cycle less. */
  readonly pipelinedLoads: boolean;
  readonly load: number;
  readonly store: number;
  readonly multiplyLong: number;
  readonly multiplyAdd: number;
}

export const coreTimings = {
  'Cortex-M4F': { name: 'Cortex-M4F', refill: 2, pipelinedLoads: true, load: 2, store: 1, multiplyLong: 1, multiplyAdd: 1 },
  'Cortex-M3': { name: 'Cortex-M3', refill: 2, pipelinedLoads: true, load: 2, store: 1, multiplyLong: 4, multiplyAdd: 2 },
  'Cortex-M0+': { name: 'Cortex-M0+', refill: 1, pipelinedLoads: false, load: 2, store: 2, multiplyLong: 1, multiplyAdd: 1 },
} as const satisfies Record<string, CoreTiming>;

interface Instruction {
  readonly bytes: number;
  readonly cycles: number;
  readonly isLoad: boolean;
  readonly isStore: boolean;
  readonly mayBranch: boolean;
}

const registersIn = (operands: string): number =>
  (/\{(.*)\}/.exec(operands)?.[1] ?? '').split(',').reduce((sum, part) => {
    const range = /[rs](\d+)\s*-\s*[rs](\d+)/.exec(part);
    return sum + (range ? Number(range[2]) - Number(range[1]) + 1 : 1);
  }, 0);

function instructionOf(bytes: number, mnemonic: string, operands: string, core: CoreTiming): Instruction {
  const name = mnemonic.replace(/\.(n|w)$/, '');
  const plain = (cycles: number): Instruction => ({ bytes, cycles, isLoad: false, isStore: false, mayBranch: /^(b|bl|bx|blx|cbz|cbnz|tb[bh]|pop|ldm|b[a-z]{2})$/.test(name) });
  if (/^(ldm|pop|vldmia|vpop|ldrd)/.test(name)) return plain(1 + (name === 'ldrd' ? 2 : registersIn(operands)));
  if (/^(stm|push|vstmia|vpush|strd)/.test(name)) return plain(1 + (name === 'strd' ? 2 : registersIn(operands)));
  if (/^v?ldr/.test(name)) return { ...plain(core.load), isLoad: true };
  if (/^v?str/.test(name)) return { ...plain(/\[[^\]]*r\d+, r\d+/.test(operands) ? 2 : core.store), isStore: true };
  if (/^(vdiv|vsqrt)/.test(name)) return plain(14);
  if (/^(vmla|vmls|vfma|vfms|vnmla|vnmls|vfnma|vfnms)/.test(name)) return plain(3);
  if (/^[su]div/.test(name)) return plain(7);
  if (/^[su](mull|mlal)/.test(name)) return plain(core.multiplyLong);
  if (/^ml[as]$/.test(name)) return plain(core.multiplyAdd);
  return plain(1);
}

/** All instructions of an ELF by address, and the addresses of functions. */
function disassembled(elf: string, core: CoreTiming): { readonly at: ReadonlyMap<number, Instruction>; readonly functions: ReadonlyMap<string, number> } {
  const text = execFileSync('arm-none-eabi-objdump', ['-d', '--no-show-raw-insn', elf], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const lines = text.split('\n').flatMap((line) => {
    const found = /^\s*([0-9a-f]+):\s+(\S+)\s*(.*)$/.exec(line);
    return found ? [{ address: parseInt(found[1], 16), mnemonic: found[2], operands: found[3] }] : [];
  });
  const at = new Map(lines.map(({ address, mnemonic, operands }, i) => [address, instructionOf((lines[i + 1]?.address ?? address + 2) - address, mnemonic, operands, core)]));
  const functions = new Map([...text.matchAll(/^([0-9a-f]+) <([^>]+)>:$/gm)].map(([, address, name]) => [name, parseInt(address, 16)]));
  return { at, functions };
}

/** Counts cycles and instructions of `m_run` from the addresses as they are executed. */
export function cycleCounter(elf: string, core: CoreTiming): { visit(address: number): void; result(): { instructions: number; cycles: number } } {
  const { at, functions } = disassembled(elf, core);
  const [from, to] = [functions.get('m_run')!, functions.get('number')!];
  let state: 'before' | 'in' | 'after' = 'before';
  let last: { address: number; instruction: Instruction } | undefined;
  let [instructions, cycles] = [0, 0];
  return {
    visit(address) {
      if (state === 'after') return;
      if (state === 'before' && address !== from) return;
      state = address === to ? 'after' : 'in';
      const instruction = at.get(address);
      if (!instruction || address === to) return;
      if (last?.instruction.mayBranch && address !== last.address + last.instruction.bytes) cycles += core.refill;
      const pipelined = core.pipelinedLoads && instruction.isLoad && (last?.instruction.isLoad || last?.instruction.isStore);
      instructions++;
      cycles += instruction.cycles - (pipelined ? 1 : 0);
      last = { address, instruction };
    },
    result: () => ({ instructions, cycles }),
  };
}
