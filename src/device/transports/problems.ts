import type { Fix, Problem } from '../../base/problem';

export const portTaken = (portPath: string, holder: string): Problem => ({
  code: 'TINYML-PORT-TAKEN',
  severity: 'error',
  title: `${portPath} is in use by ${holder}`,
  fixes: [{ title: `Stop ${holder} first` }],
});

export const programNotStarted = (name: string, command: readonly string[], why: string): Problem => ({
  code: 'TINYML-PROCESS-START',
  severity: 'error',
  title: `${name} could not be started`,
  detail: `${command.map((part) => JSON.stringify(part)).join(' ')}\n${why}`,
  fixes: [{ title: 'Build the firmware again, and check that programs may be run from the build folder' }],
});

/** What is known about why a port cannot be opened. */
export interface PortCircumstances {
  readonly holders: readonly { readonly processId: number; readonly name: string }[];
  /** The group that may use it. */
  readonly group?: string;
}

export type PortCause = 'forbidden' | 'busy' | 'absent';

/** Causes that a serial driver names in its message, in the wordings of Linux, macOS and Windows. */
const causes: ReadonlyArray<readonly [RegExp, PortCause]> = [
  [/permission denied|EACCES/i, 'forbidden'],
  [/cannot lock port|resource busy|EBUSY|access denied|resource temporarily unavailable/i, 'busy'],
  [/no such file|ENOENT|file not found/i, 'absent'],
];

export const causeOf = (why: string): PortCause | undefined => causes.find(([pattern]) => pattern.test(why))?.[1];

export function portNotOpened(portPath: string, why: string, { holders, group }: PortCircumstances = { holders: [] }): Problem {
  const cause = causeOf(why);
  const holding = holders.map((holder) => `${holder.name} (process ${holder.processId})`).join(', ');
  const said: Record<PortCause, { readonly title: string; readonly fixes: readonly [Fix, ...Fix[]] }> = {
    forbidden: {
      title: `you may not use it${group ? `, only the group ${group} may` : ''}`,
      fixes: [{ title: `Join the group ${group ?? 'that owns serial ports'}, then log in again`, shell: `sudo usermod -aG ${group ?? 'dialout'} "$USER"` }],
    },
    busy: {
      title: holding ? `${holding} has it open` : 'another program has it open',
      fixes: [{ title: holding ? `Close ${holders.map((h) => h.name).join(', ')}, then try again` : 'Close the other serial monitor or editor, then try again' }],
    },
    absent: { title: 'there is no such port', fixes: [{ title: 'Plug the board in, then choose the port again' }] },
  };
  return {
    code: 'TINYML-PORT-OPEN',
    severity: 'error',
    title: `${portPath} cannot be opened${cause ? `: ${said[cause].title}` : ''}`,
    detail: why,
    fixes: cause ? said[cause].fixes : [{ title: 'Unplug the board, plug it in again, then try again' }],
  };
}

export const portDidNotReturn = (portPath: string, what: string): Problem => ({
  code: 'TINYML-PORT-NOT-BACK',
  severity: 'error',
  title: `${what} has not appeared after ${portPath} went away`,
  detail: 'Such a board changes its port between bootloader and firmware.',
  fixes: [{ title: 'Press the reset button twice within half a second, then flash again' }, { title: 'Unplug the board, plug it in again, and choose its port' }],
});

export const portsNotListed = (why: string): Problem => ({
  code: 'TINYML-PORT-LIST',
  severity: 'error',
  title: 'This system does not tell which serial ports it has',
  detail: why,
  fixes: /udevadm/.test(why)
    ? [{ title: 'Install udev, whose udevadm lists them; a container has often none', shell: 'sudo apt-get install udev' }]
    : [{ title: 'Name the port of the board by its path, in the setting tinyml.ports or with --port' }],
});

export const serialportMissing = (why: string): Problem => ({
  code: 'TINYML-PORT-DRIVER',
  severity: 'error',
  title: 'The serial port driver of this extension does not load on this system',
  detail: why,
  fixes: [{ title: 'Install the extension built for this platform; simulated boards work without it' }],
});
