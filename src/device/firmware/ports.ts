import avrPort from './ports/avr/tml_port_avr.c';
import arduinoPort from './ports/arduino/tml_port_arduino.cpp';
import arduinoSketch from './ports/arduino/firmware_ino.cpp';
import espIdfPort from './ports/esp-idf/tml_port_esp_idf.c';
import cortexMLinkScript from './ports/cortex-m/cortex_m.ld';
import cortexMPort from './ports/cortex-m/tml_port_cortex_m.c';
import cortexMStartup from './ports/cortex-m/startup.c';
import hostPort from './ports/host/tml_port_host.c';
import riscvLinkScript from './ports/riscv-virt/riscv_virt.ld';
import riscvPort from './ports/riscv-virt/tml_port_riscv_virt.c';
import riscvStart from './ports/riscv-virt/start.S';
import rp2040LinkScript from './ports/rp2040/rp2040.ld';
import rp2040Port from './ports/rp2040/tml_port_rp2040.c';
import zephyrPort from './ports/zephyr/tml_port_zephyr.c';

/** Start-up code, UART and clock of a family of chips: implements `app/tml_port.h`. */
export interface FirmwarePort {
  readonly files: ReadonlyArray<{ readonly path: string; readonly text: string }>;
  readonly compileFlags: readonly string[];
  readonly linkFlags: readonly string[];
  /** Libraries come after the objects. */
  readonly libraries: readonly string[];
  /** The stack lies between our data and the end of RAM: what of it was used can be seen. */
  readonly ownsStack?: true;
}

const bareMetal = ['-ffunction-sections', '-fdata-sections'];

export const ports = {
  host: {
    files: [{ path: 'tml_port_host.c', text: hostPort }],
    compileFlags: ['-O2'],
    linkFlags: [],
    libraries: ['-lm'],
  },
  avr: {
    files: [{ path: 'tml_port_avr.c', text: avrPort }],
    compileFlags: ['-Os', '-mcall-prologues', ...bareMetal],
    linkFlags: ['-Wl,--gc-sections', '-Wl,--relax'],
    libraries: ['-lm'],
    ownsStack: true,
  },
  'cortex-m': {
    files: [
      { path: 'tml_port_cortex_m.c', text: cortexMPort },
      { path: 'startup.c', text: cortexMStartup },
      { path: 'cortex_m.ld', text: cortexMLinkScript },
    ],
    compileFlags: ['-O2', ...bareMetal],
    linkFlags: ['-nostartfiles', '--specs=nano.specs', '--specs=nosys.specs', '-T', 'cortex_m.ld', '-Wl,--gc-sections'],
    libraries: ['-lm'],
    ownsStack: true,
  },
  rp2040: {
    files: [
      { path: 'tml_port_rp2040.c', text: rp2040Port },
      { path: 'startup.c', text: cortexMStartup },
      { path: 'rp2040.ld', text: rp2040LinkScript },
    ],
    compileFlags: ['-O2', ...bareMetal],
    linkFlags: ['-nostartfiles', '--specs=nano.specs', '--specs=nosys.specs', '-T', 'rp2040.ld', '-Wl,--gc-sections'],
    libraries: ['-lm'],
    ownsStack: true,
  },
  'riscv-virt': {
    files: [
      { path: 'tml_port_riscv_virt.c', text: riscvPort },
      { path: 'start.S', text: riscvStart },
      { path: 'riscv_virt.ld', text: riscvLinkScript },
    ],
    compileFlags: ['-O2', '--specs=picolibc.specs', ...bareMetal],
    linkFlags: ['-nostartfiles', '--specs=picolibc.specs', '-T', 'riscv_virt.ld', '-Wl,--gc-sections,--no-warn-rwx-segments'],
    libraries: ['-lm'],
    ownsStack: true,
  },
  /** Flags and libraries are those of the board's package. */
  arduino: {
    files: [
      { path: 'tml_port_arduino.cpp', text: arduinoPort },
      { path: 'firmware.cpp', text: arduinoSketch },
    ],
    compileFlags: [],
    linkFlags: [],
    libraries: [],
  },
  'esp-idf': { files: [{ path: 'tml_port_esp_idf.c', text: espIdfPort }], compileFlags: [], linkFlags: [], libraries: [] },
  zephyr: { files: [{ path: 'tml_port_zephyr.c', text: zephyrPort }], compileFlags: [], linkFlags: [], libraries: [] },
} as const satisfies Record<string, FirmwarePort>;

export type FirmwarePortId = keyof typeof ports;
