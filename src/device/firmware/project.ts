import type { Board, BoardSensor } from '../boards/board';
import appMain from './app/main.c';
import appHeader from './app/tml_app.h';
import linkSource from './app/tml_link.c';
import linkHeader from './app/tml_link.h';
import messagesHeader from './app/tml_link_messages.h';
import modelHeader from './app/tml_model.h';
import portHeader from './app/tml_port.h';
import sensorSource from './app/tml_sensor.c';
import sensorHeader from './app/tml_sensor.h';
import traceSource from './app/tml_trace.c';
import traceHeader from './app/tml_trace.h';
import { modelGlue } from './model-glue';
import { ports, type FirmwarePort, type FirmwarePortId } from './ports';
import { sensorDrivers, type SensorDriver } from './sensors';

export interface FirmwareFile {
  /** Relative to the build folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** What the firmware must know of a generated model; all else is in the macros of `<name>.h` (DESIGN section 6). */
export interface FirmwareModel {
  /** Prefix of the generated names: a C identifier in lower case. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Where the firmware is to tell of its layers: costs flash and a few bytes of RAM. */
  readonly trace?: FirmwareTrace;
  /** Where the firmware is to feed the model by itself. */
  readonly sensor?: FirmwareSensor;
}

/** A sensor as the model's input 0. */
export interface FirmwareSensor {
  readonly sensor: BoardSensor;
  /** Measurements of one run, and between the starts of two. */
  readonly window: number;
  readonly hop: number;
  /** The input has all of a channel together; otherwise all channels of a measurement. */
  readonly planar: boolean;
  /** The input takes codes; otherwise real numbers. */
  readonly quantized: boolean;
}

export interface FirmwareTrace {
  /** The layers' first results, in the order of execution. */
  readonly layers: readonly { readonly dtype: string }[];
  /** C arrays of the generated model, in the order of its sources. */
  readonly constants: ReadonlyArray<{ readonly name: string; readonly cType: string; readonly elements: number; readonly bytes: number; readonly layer: number }>;
}

export interface FirmwareProject {
  /** Everything but the generated model: add its files to these and compile them all. */
  readonly files: readonly FirmwareFile[];
  readonly compileFlags: readonly string[];
  readonly linkFlags: readonly string[];
  readonly libraries: readonly string[];
  /** Libraries for Arduino that its sources include, by the names of Arduino's index. */
  readonly arduinoLibraries?: readonly string[];
}

/** A complete application around one generated model for one board. Same arguments, same bytes. `portId`: where another build system than the board's first is used. */
export function firmwareProject(board: Board, model: FirmwareModel, portId: FirmwarePortId = board.port): FirmwareProject {
  const port: FirmwarePort = ports[portId];
  const icount = board.connect.kind === 'qemu' ? [`-DTML_NS_PER_INSTRUCTION=${2 ** board.connect.icountShift}u`] : [];
  const driver: SensorDriver | undefined = model.sensor && sensorDrivers[model.sensor.sensor.driver];
  const clock = board.clockHz ? [`-DF_CPU=${board.clockHz.value}UL`] : [];
  return {
    files: [
      { path: 'main.c', text: appMain },
      { path: 'tml_app.h', text: appHeader },
      { path: 'tml_link.c', text: linkSource },
      { path: 'tml_link.h', text: linkHeader },
      { path: 'tml_link_messages.h', text: messagesHeader },
      { path: 'tml_model.h', text: modelHeader },
      { path: 'tml_port.h', text: portHeader },
      { path: 'tml_options.h', text: optionsHeader(model, port) },
      { path: 'tml_trace.h', text: traceHeader },
      ...(model.trace ? [{ path: 'tml_trace.c', text: traceSource }] : []),
      { path: 'tml_sensor.h', text: sensorHeader },
      ...(driver ? [{ path: 'tml_sensor.c', text: sensorSource }, ...driver.files] : []),
      { path: 'tml_model.c', text: modelGlue(board.id, model) },
      ...port.files,
    ],
    compileFlags: ['-std=c99', '-Wall', '-Wextra', '-g', ...board.chipFlags, ...clock, ...icount, ...uartOf(board), ...port.compileFlags],
    linkFlags: [...board.chipFlags, ...memoriesOf(board), ...port.linkFlags],
    libraries: port.libraries,
    ...(driver?.libraries.length ? { arduinoLibraries: driver.libraries } : {}),
  };
}

const optionsHeader = ({ trace, sensor }: FirmwareModel, { ownsStack }: FirmwarePort): string => `/* What is compiled in. Generated: changes are lost. */
#define TML_TRACE ${trace ? 1 : 0}
#define TML_OWN_STACK ${ownsStack ? 1 : 0}
#define TML_TRACE_FLOATS ${trace?.layers.some(({ dtype }) => dtype === 'float32') ? 1 : 0}
#define TML_SENSOR ${sensor ? 1 : 0}
${sensor ? sensorOptions(sensor) : ''}`;

const sensorOptions = ({ sensor: { kind, unit, channels, rateHz, scale }, window, hop, planar }: FirmwareSensor): string => `#define TML_SENSOR_KIND "${kind}"
#define TML_SENSOR_UNIT "${unit}"
#define TML_SENSOR_CHANNELS ${channels.length}
#define TML_SENSOR_MILLIHZ ${Math.round(rateHz.value * 1000)}u
#define TML_SENSOR_SCALE ${cFloat(scale)} /* of the unit, for one count */
#define TML_SENSOR_WINDOW ${window} /* measurements of one run */
#define TML_SENSOR_HOP ${hop} /* and between the starts of two */
#define TML_SENSOR_PLANAR ${planar ? 1 : 0}
`;

const cFloat = (value: number): string => `${Math.fround(value).toExponential(9)}f`;

/** Sources of the generated model for this firmware: with layer reports, its hook is defined before it is compiled. */
export const modelSources = (files: readonly FirmwareFile[], model: FirmwareModel): readonly FirmwareFile[] =>
  model.trace ? files.map((file) => (file.path === `${model.name}.c` ? { ...file, text: `#include "tml_trace.h"\n#line 1\n${file.text}` } : file)) : files;

const hex = (value: number): string => `0x${value.toString(16)}`;

function uartOf({ bareMetal }: Board): string[] {
  if (!bareMetal) return [];
  const { kind, address, interrupt } = bareMetal.uart;
  return [`-DTML_UART_${kind.toUpperCase()}`, `-DTML_UART_ADDRESS=${hex(address)}u`, `-DTML_UART_INTERRUPT=${interrupt}u`];
}

/** Symbols of the link scripts. */
function memoriesOf({ bareMetal }: Board): string[] {
  if (!bareMetal) return [];
  const { flash, ram } = bareMetal;
  const symbols = { __flash_origin: flash.origin, __flash_bytes: flash.bytes, __ram_origin: ram.origin, __ram_bytes: ram.bytes };
  return Object.entries(symbols).map(([name, value]) => `-Wl,--defsym=${name}=${hex(value)}`);
}
