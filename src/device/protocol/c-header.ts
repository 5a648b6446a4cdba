import { errorCodes, logLevels, messages, NO_LAYER, PROTOCOL_VERSION, reservedTypes, SENSE_TELL, tickKinds, WATCH_LAYERS, type FieldType } from './messages';
import { fixedFieldBytes } from './payload';

const upper = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase();
const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

/**
 * `firmware/app/tml_link_messages.h`: the message table for the C side. A test compares it with the committed file and says
 * how to write it anew.
 */
export function linkMessagesHeader(): string {
  const lines = [
    '/* The link protocol, as numbers. Printed from src/device/protocol/messages.ts: change that, not this. */',
    '#ifndef TML_LINK_MESSAGES_H',
    '#define TML_LINK_MESSAGES_H',
    '',
    `#define TML_PROTOCOL_VERSION ${PROTOCOL_VERSION}`,
    '',
    '/* Message types, with the offset of each field in the payload and the bytes of all fields that have a fixed length. */',
  ];
  for (const [name, message] of Object.entries(messages)) {
    lines.push('', `/* ${message.direction}: ${message.meaning} */`, `#define TML_MSG_${upper(name)} ${hex(message.type)}`);
    let offset = 0;
    for (const [field, type] of Object.entries(message.fields) as Array<[string, FieldType]>) {
      const fixed = fixedFieldBytes[type];
      if (fixed !== undefined || type === 'bytes') lines.push(`#define TML_${upper(name)}_${upper(field)} ${offset} /* ${type} */`);
      offset += fixed ?? 0;
    }
    lines.push(`#define TML_${upper(name)}_FIXED_BYTES ${offset}`);
  }
  lines.push('', '/* Kept free. */', ...Object.entries(reservedTypes).map(([name, type]) => `#define TML_MSG_${upper(name)} ${hex(type)}`));
  lines.push('', '/* watch.layer for no tensor, and watch.flags. */', `#define TML_NO_LAYER ${NO_LAYER}u`, `#define TML_WATCH_LAYERS ${WATCH_LAYERS}u`);
  lines.push('', '/* sense.flags */', `#define TML_SENSE_TELL ${SENSE_TELL}u`);
  lines.push('', '/* Codes of error. */', ...Object.entries(errorCodes).map(([name, code]) => `#define TML_ERROR_${upper(name)} ${code}`));
  lines.push('', '/* hello_reply.tick_kind */', ...tickKinds.map((kind, i) => `#define TML_TICKS_${kind.toUpperCase()} ${i}`));
  lines.push('', '/* log.level */', ...logLevels.map((level, i) => `#define TML_LOG_${level.toUpperCase()} ${i}`));
  lines.push('', '#endif', '');
  return lines.join('\n');
}
