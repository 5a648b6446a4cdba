import type { ToolUpload } from './uploads';

/** Uploading by programs that users have installed, as argument arrays. Each from the tool's own help or manual. */
export const byTool = {
  /** arduino-cli upload --help (1.x). */
  arduinoCli: (fqbn: string): ToolUpload => ({
    kind: 'tool',
    target: { tool: 'arduino-cli', args: ['upload', '--fqbn', fqbn, '--port', '{port}', '--input-dir', '{folder}', '--verify'], image: 'bin' },
  }),
  /** docs.platformio.org, "pio run": the project that was built there. */
  platformio: (): ToolUpload => ({
    kind: 'tool',
    target: { tool: 'platformio', args: ['run', '--project-dir', '{project}', '--target', 'upload', '--upload-port', '{port}'], image: 'bin' },
  }),
  /** docs.espressif.com, "idf.py": a project of ESP-IDF that was built there. */
  idf: (): ToolUpload => ({ kind: 'tool', target: { tool: 'idf.py', args: ['-C', '{project}', '-p', '{port}', 'flash'], image: 'bin' } }),
  /** docs.zephyrproject.org, "Flashing: west flash": a project that was built there. */
  west: (): ToolUpload => ({ kind: 'tool', target: { tool: 'west', args: ['flash', '--build-dir', '{project}/build'], image: 'elf' } }),
  /** avrdude(1). */
  avrdude: (part: string, programmer: 'arduino' | 'wiring' | 'avr109', baud: number): ToolUpload => ({
    kind: 'tool',
    target: { tool: 'avrdude', args: ['-p', part, '-c', programmer, '-P', '{port}', '-b', String(baud), '-D', '-U', 'flash:w:{image}:i'], image: 'hex' },
  }),
  /** OpenOCD User's Guide, "Flash Programming": braces quote the path in its command language. */
  openocd: (probe: string, target: string): ToolUpload => ({
    kind: 'tool',
    target: { tool: 'openocd', args: ['-f', `interface/${probe}.cfg`, '-f', `target/${target}.cfg`, '-c', 'program {{image}} verify reset exit'], image: 'elf' },
  }),
  /** dfu-util(1). */
  dfuUtil: (usb: string, ...more: readonly string[]): ToolUpload => ({
    kind: 'tool',
    target: { tool: 'dfu-util', args: ['--device', usb, '-a', '0', ...more, '-D', '{image}'], image: 'bin' },
  }),
  /** probe.rs, "probe-rs download". */
  probeRs: (chip: string): ToolUpload => ({ kind: 'tool', target: { tool: 'probe-rs', args: ['download', '--chip', chip, '--verify', '{image}'], image: 'elf' } }),
  /** picotool help load: force into the bootloader, verify, execute. */
  picotool: (): ToolUpload => ({ kind: 'tool', target: { tool: 'picotool', args: ['load', '-f', '-v', '-x', '{image}'], image: 'uf2' } }),
} as const;
