/**
 * The one table of messages between host and board (DESIGN section 7). The C header `firmware/app/tml_link_messages.h` is
 * printed from it by `c-header.ts`.
 *
 * Exchanges are stop-and-wait, so that a receiver without flow control and with a buffer of a few dozen bytes never
 * overflows: the host sends one request and waits for its reply, which repeats the request's sequence number (1 to 255; 0 is
 * what the board sends unasked). A request is repeated with the same sequence number until it is answered; each is safe to
 * repeat: `infer` runs once per sequence number and answers again from memory.
 *
 * An input larger than one frame goes in `input` chunks straight into the model's input buffers, the last chunk in `infer`.
 * `infer` is acknowledged at once and answered by `result` when the model has run. Several inputs (outputs) are addressed as
 * one run of bytes, in order, without gaps. All numbers are little-endian.
 *
 * Firmware built with layer reports (TML_TRACE) also answers `watch`, `weights` and `memory`; any other refuses them as
 * unknown, so that both kinds speak version 1. While watched, a run sends a `layerDone` after each layer and the tensor of
 * one layer in `tensor` pieces, all before its `result` and under its sequence number: what is lost of them is seen by its
 * absence, and asked for by running again.
 *
 * Firmware that feeds itself sends `result` under sequence number 0. Firmware with a sensor also answers `sense` and `play`; while a
 * host sends an input in pieces, or reads an output in parts, it does not run by itself.
 */

export const PROTOCOL_VERSION = 1;

/** `text8`: a length byte and that many bytes of UTF-8. `text` and `bytes`: the rest of the payload; last field only. */
export type FieldType = 'u8' | 'u16' | 'i16' | 'u32' | 'u64' | 'text8' | 'text' | 'bytes';

export interface MessageDescription {
  /** First byte of the frame. Never a byte of plain ASCII text, so that text after a stray zero is recognised as text. */
  readonly type: number;
  readonly direction: 'to-board' | 'to-host';
  readonly meaning: string;
  readonly fields: Readonly<Record<string, FieldType>>;
}

export const messages = {
  hello: {
    type: 0x01,
    direction: 'to-board',
    meaning: 'Who are you? Forgets the last request, so that a new session may number from 1.',
    fields: {},
  },
  input: {
    type: 0x02,
    direction: 'to-board',
    meaning: 'Bytes of the inputs at an offset; invalidates the outputs. Answer: ack.',
    fields: { offset: 'u32', bytes: 'bytes' },
  },
  infer: {
    type: 0x03,
    direction: 'to-board',
    meaning: 'The last bytes of the inputs, then run. Answer: ack at once, result when done.',
    fields: { offset: 'u32', bytes: 'bytes' },
  },
  readOutput: {
    type: 0x04,
    direction: 'to-board',
    meaning: 'Asks for bytes of the outputs. Answer: output.',
    fields: { offset: 'u32', length: 'u16' },
  },
  restart: {
    type: 0x05,
    direction: 'to-board',
    meaning: 'Initialises the model anew: clears the state of streaming models. Answer: ack.',
    fields: {},
  },
  watch: {
    type: 0x11,
    direction: 'to-board',
    meaning: 'What the next runs tell. flags 1: a layerDone after each layer. layer: whose tensor they send, 65535 for none. Ends with hello. Answer: ack.',
    fields: { flags: 'u8', layer: 'u16' },
  },
  weights: {
    type: 0x12,
    direction: 'to-board',
    meaning: 'Asks for the check sum of a layer\'s constants as they lie in memory. Answer: weightsReply.',
    fields: { layer: 'u16' },
  },
  sense: {
    type: 0x14,
    direction: 'to-board',
    meaning: 'What sensor feeds the model? flags 1: from now on its measurements are told in samples. Ends with hello. Answer: senseReply.',
    fields: { flags: 'u8' },
  },
  play: {
    type: 0x15,
    direction: 'to-board',
    meaning: 'Measurements in the place of the sensor\'s, int16, channels in turn; until hello the sensor itself is not listened to. Results come unasked. Answer: ack, when all are taken in.',
    fields: { bytes: 'bytes' },
  },
  memory: { type: 0x13, direction: 'to-board', meaning: 'Asks how much of the stack was ever used. Answer: memoryReply.', fields: {} },

  helloReply: {
    type: 0x81,
    direction: 'to-host',
    meaning: 'What runs here. Sent unasked once at start, so that a reset is seen.',
    fields: {
      protocol: 'u8',
      /** Largest payload in bytes that the board receives in one frame. */
      maxPayload: 'u16',
      modelHash: 'u32',
      arenaBytes: 'u32',
      inputBytes: 'u32',
      outputBytes: 'u32',
      clockHz: 'u32',
      /** Rate of `result.ticks`. */
      tickHz: 'u32',
      tickKind: 'u8',
      /** Received bytes lost since start because nobody had fetched them. */
      overruns: 'u16',
      firmware: 'text8',
      board: 'text8',
      model: 'text8',
    },
  },
  ack: { type: 0x82, direction: 'to-host', meaning: 'Done, or for infer: accepted.', fields: {} },
  result: {
    type: 0x83,
    direction: 'to-host',
    meaning: 'The model has run. status: what <name>_run returned. bytes: the beginning of the outputs, as much as the board sends at once.',
    fields: { status: 'i16', ticks: 'u64', bytes: 'bytes' },
  },
  output: { type: 0x84, direction: 'to-host', meaning: 'Bytes of the outputs at an offset.', fields: { offset: 'u32', bytes: 'bytes' } },
  error: { type: 0x85, direction: 'to-host', meaning: 'The request was understood and refused.', fields: { code: 'u8' } },
  log: { type: 0x86, direction: 'to-host', meaning: 'A line of the firmware itself.', fields: { level: 'u8', text: 'text' } },
  layerDone: {
    type: 0x91,
    direction: 'to-host',
    meaning: 'A layer has run. crc: CRC-32 of its result. least, most: its smallest and largest element, as int32 or the bits of a float32.',
    fields: {
      layer: 'u16',
      /** Of this layer alone, at `helloReply.tickHz`. */
      ticks: 'u64',
      bytes: 'u32',
      crc: 'u32',
      least: 'u32',
      most: 'u32',
      /** Elements at the ends of the type's range; for floats, those that are no finite numbers count as at its end. */
      atLeast: 'u32',
      atMost: 'u32',
    },
  },
  tensor: { type: 0x92, direction: 'to-host', meaning: 'Bytes of a layer\'s result at an offset.', fields: { layer: 'u16', offset: 'u32', bytes: 'bytes' } },
  weightsReply: { type: 0x93, direction: 'to-host', meaning: 'All constants of a layer in the order of the sources. crc: CRC-32.', fields: { layer: 'u16', bytes: 'u32', crc: 'u32' } },
  memoryReply: { type: 0x94, direction: 'to-host', meaning: 'Stack used since start, and there is; 0 and 0 where the board cannot tell.', fields: { stackUsed: 'u32', stackBytes: 'u32' } },
  samples: {
    type: 0x95,
    direction: 'to-host',
    meaning: 'Measurements of the sensor as they go into the window: int16, channels in turn. first: number of the first since start; missed: those lost so far.',
    fields: { first: 'u32', missed: 'u32', bytes: 'bytes' },
  },
  senseReply: {
    type: 0x96,
    direction: 'to-host',
    meaning: 'The sensor. measures 0: it does not answer. milliHz: measurements in a thousand seconds. scale: unit of one count, bits of a float32. window, hop: measurements of one run, and between two.',
    fields: { measures: 'u8', channels: 'u8', milliHz: 'u32', scale: 'u32', window: 'u32', hop: 'u32', kind: 'text8', unit: 'text8' },
  },
} as const satisfies Record<string, MessageDescription>;

/** Kept free: a firmware of this version never sends them, a host of this version counts them as unknown. */
export const reservedTypes = { profileRequest: 0x10, profile: 0x90 } as const;

/** `watch.layer` for no tensor, and `watch.flags`. */
export const NO_LAYER = 0xffff;
export const WATCH_LAYERS = 1;

/** `sense.flags`: measurements are told. */
export const SENSE_TELL = 1;

/** What one tick of `result.ticks` is: cycles of the core, executed instructions, or nanoseconds of a clock on the wall. */
export const tickKinds = ['cycles', 'instructions', 'ns'] as const;
export type TickKind = (typeof tickKinds)[number];

/** Codes of `error`. */
export const errorCodes = {
  unknownType: 1,
  badPayload: 2,
  outOfRange: 3,
  notReady: 4,
} as const;

export const logLevels = ['debug', 'info', 'warning', 'error'] as const;

export type MessageName = keyof typeof messages;
type ValueOf<T extends FieldType> = T extends 'bytes' ? Uint8Array : T extends 'text' | 'text8' ? string : number;
type Fields<M extends MessageName> = (typeof messages)[M]['fields'];
export type Payload<M extends MessageName> = {
  readonly [F in keyof Fields<M>]: Fields<M>[F] extends FieldType ? ValueOf<Fields<M>[F]> : never;
};

const byType = new Map(Object.entries(messages).map(([name, message]) => [message.type as number, name as MessageName]));

export const messageOfType = (type: number): MessageName | undefined => byType.get(type);

/** The type bytes a host may receive. */
export const typesToHost: ReadonlySet<number> = new Set<number>([
  ...Object.values(messages).filter((m) => m.direction === 'to-host').map((m) => m.type),
  reservedTypes.profile,
]);
