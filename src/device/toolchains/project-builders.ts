import path from 'node:path';
import type { ProjectNames } from '../boards/board';
import type { FirmwarePortId } from '../firmware/ports';
import type { FirmwareFile } from '../firmware/project';
import type { ToolId } from './tools';

/** One way of building a project: its files around the sources, the command, and where images come out. Paths relative to the folder. */
export interface ProjectBuilder {
  /** True where the board has a name in this system. */
  readonly knows: (names: ProjectNames) => boolean;
  /** What stands between the application and the board. */
  readonly port: FirmwarePortId;
  readonly sourceFolder: string;
  /** Another name for a source file. */
  readonly nameOf: (file: string) => string;
  /** `sources`: names in the source folder; `libraries`: those for Arduino that they include. */
  readonly extraFiles: (names: ProjectNames, sources: readonly string[], libraries: readonly string[]) => readonly FirmwareFile[];
  readonly args: (names: ProjectNames, folder: string) => readonly string[];
  readonly outputFolder: string;
  /** What images are called, without their ending. */
  readonly output: string;
}

const SKETCH = 'firmware.cpp';
/** Environment of platformio.ini. */
const ENVIRONMENT = 'board';

const same = (file: string): string => file;
const compiled = (sources: readonly string[]): string[] => sources.filter((file) => /\.(c|cpp|S)$/.test(file)).sort();
const lines = (...text: readonly string[]): string => text.join('\n') + '\n';

/**
 * In the order in which they are looked for. Sources: arduino-cli compile --help (1.x); docs.platformio.org, "platformio.ini" and
 * "pio run"; ESP-IDF Programming Guide, "Build System" and "idf.py"; docs.zephyrproject.org, "Application Development" and "west build".
 */
export const projectBuilders: Partial<Readonly<Record<ToolId, ProjectBuilder>>> = {
  'arduino-cli': {
    knows: ({ fqbn }) => fqbn !== undefined,
    port: 'arduino',
    sourceFolder: 'firmware',
    nameOf: (file) => (file === SKETCH ? 'firmware.ino' : file), // a sketch is a folder with a file of its name
    extraFiles: () => [],
    args: ({ fqbn }, folder) => ['compile', '--fqbn', fqbn!, '--build-path', path.join(folder, 'build'), '--output-dir', path.join(folder, 'out'), '--warnings', 'all', '--no-color', path.join(folder, 'firmware')],
    outputFolder: 'out',
    output: 'firmware.ino',
  },
  platformio: {
    knows: ({ platformio }) => platformio !== undefined,
    port: 'arduino',
    sourceFolder: 'src',
    nameOf: same,
    extraFiles: ({ platformio }, _, libraries) => [
      {
        path: 'platformio.ini',
        text: `; Generated: changes are lost.\n[env:${ENVIRONMENT}]\nplatform = ${platformio!.platform}\nboard = ${platformio!.board}\nframework = arduino\nmonitor_speed = 115200\n${libraries.length ? `lib_deps =\n${libraries.map((library) => `  ${library}\n`).join('')}` : ''}`,
      },
    ],
    args: (_, folder) => ['run', '--project-dir', folder, '--environment', ENVIRONMENT],
    outputFolder: path.join('.pio', 'build', ENVIRONMENT),
    output: 'firmware',
  },
  'idf.py': {
    knows: ({ idf }) => idf !== undefined,
    port: 'esp-idf',
    sourceFolder: 'main',
    nameOf: same,
    extraFiles: ({ idf }, sources) => [
      { path: 'CMakeLists.txt', text: lines('# Generated: changes are lost.', 'cmake_minimum_required(VERSION 3.16)', 'include($ENV{IDF_PATH}/tools/cmake/project.cmake)', 'project(firmware)') },
      { path: 'main/CMakeLists.txt', text: lines('# Generated: changes are lost.', `idf_component_register(SRCS ${compiled(sources).map((file) => `"${file}"`).join(' ')}`, '  INCLUDE_DIRS "." PRIV_REQUIRES driver esp_timer)') },
      {
        path: 'sdkconfig.defaults',
        // An inference may take longer than the watchdog's patience.
        text: lines('# Generated: changes are lost.', ...(idf!.console === 'usb' ? ['CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG=y'] : []), 'CONFIG_COMPILER_OPTIMIZATION_PERF=y', 'CONFIG_ESP_MAIN_TASK_STACK_SIZE=16384', 'CONFIG_ESP_TASK_WDT_EN=n', 'CONFIG_ESPTOOLPY_FLASHSIZE_4MB=y'),
      },
    ],
    args: ({ idf }, folder) => ['-C', folder, '-B', path.join(folder, 'build'), `-DIDF_TARGET=${idf!.target}`, 'build'],
    outputFolder: 'build',
    output: 'firmware',
  },
  west: {
    knows: ({ zephyr }) => zephyr !== undefined,
    port: 'zephyr',
    sourceFolder: 'src',
    nameOf: same,
    extraFiles: (_, sources) => [
      {
        path: 'CMakeLists.txt',
        text: lines('# Generated: changes are lost.', 'cmake_minimum_required(VERSION 3.20.0)', 'find_package(Zephyr REQUIRED HINTS $ENV{ZEPHYR_BASE})', 'project(firmware)', `target_sources(app PRIVATE ${compiled(sources).map((file) => `src/${file}`).join(' ')})`, 'target_include_directories(app PRIVATE src)'),
      },
      {
        path: 'prj.conf',
        text: lines('# Generated: changes are lost.', 'CONFIG_SERIAL=y', 'CONFIG_UART_INTERRUPT_DRIVEN=y', 'CONFIG_RING_BUFFER=y', 'CONFIG_CONSOLE=n', 'CONFIG_UART_CONSOLE=n', 'CONFIG_BOOT_BANNER=n', 'CONFIG_FPU=y', 'CONFIG_SPEED_OPTIMIZATIONS=y', 'CONFIG_MAIN_STACK_SIZE=8192'),
      },
    ],
    args: ({ zephyr }, folder) => ['build', '--board', zephyr!, '--build-dir', path.join(folder, 'build'), folder],
    outputFolder: path.join('build', 'zephyr'),
    output: 'zephyr',
  },
};

/** Systems that can build for a board of these names, the usual one first. */
export const buildersOf = (names: ProjectNames | undefined): readonly ToolId[] =>
  names ? (Object.keys(projectBuilders) as ToolId[]).filter((id) => projectBuilders[id]!.knows(names)) : [];

/** The one of them that was found, with its description. */
export function builderAmong(names: ProjectNames | undefined, found: { has(id: ToolId): boolean }): { readonly id: ToolId; readonly builder: ProjectBuilder } | undefined {
  const id = buildersOf(names).find((name) => found.has(name));
  return id && { id, builder: projectBuilders[id]! };
}
