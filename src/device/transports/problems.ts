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

/** Causes a serial driver names in its message, with what helps. Linux, macOS and Windows wordings. */
const causes: ReadonlyArray<{ readonly pattern: RegExp; readonly title: string; readonly fixes: readonly [Fix, ...Fix[]] }> = [
  {
    pattern: /permission denied|EACCES/i,
    title: 'you may not use it',
    fixes: [{ title: 'Join the group that owns serial ports, then log in again', shell: 'sudo usermod -aG dialout "$USER"' }],
  },
  {
    pattern: /cannot lock port|resource busy|EBUSY|access denied/i,
    title: 'another program has it open',
    fixes: [{ title: 'Close the other serial monitor or editor, then try again' }],
  },
  {
    pattern: /no such file|ENOENT|file not found/i,
    title: 'there is no such port',
    fixes: [{ title: 'Plug the board in, then choose the port again' }],
  },
];

export function portNotOpened(portPath: string, why: string): Problem {
  const cause = causes.find((c) => c.pattern.test(why));
  return {
    code: 'TINYML-PORT-OPEN',
    severity: 'error',
    title: `${portPath} cannot be opened${cause ? `: ${cause.title}` : ''}`,
    detail: why,
    fixes: cause?.fixes ?? [{ title: 'Unplug the board, plug it in again, then try again' }],
  };
}

export const serialportMissing = (why: string): Problem => ({
  code: 'TINYML-PORT-DRIVER',
  severity: 'error',
  title: 'The serial port driver of this extension does not load on this system',
  detail: why,
  fixes: [{ title: 'Install the extension built for this platform; simulated boards work without it' }],
});
