import avrPort from './ports/avr/tml_port_avr.c';
import mps2LinkScript from './ports/cortex-m-mps2/mps2.ld';
import mps2Port from './ports/cortex-m-mps2/tml_port_mps2.c';
import mps2Startup from './ports/cortex-m-mps2/startup.c';
import hostPort from './ports/host/tml_port_host.c';

/** Start-up code, UART and clock of a family of chips: implements `app/tml_port.h`. */
export interface FirmwarePort {
  readonly files: ReadonlyArray<{ readonly path: string; readonly text: string }>;
  readonly compileFlags: readonly string[];
  readonly linkFlags: readonly string[];
  /** Libraries come after the objects. */
  readonly libraries: readonly string[];
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
  },
  'cortex-m-mps2': {
    files: [
      { path: 'tml_port_mps2.c', text: mps2Port },
      { path: 'startup.c', text: mps2Startup },
      { path: 'mps2.ld', text: mps2LinkScript },
    ],
    compileFlags: ['-O2', ...bareMetal],
    linkFlags: ['-nostartfiles', '--specs=nano.specs', '--specs=nosys.specs', '-T', 'mps2.ld', '-Wl,--gc-sections'],
    libraries: ['-lm'],
  },
} as const satisfies Record<string, FirmwarePort>;

export type FirmwarePortId = keyof typeof ports;
