import type { LinkUpload } from '../boards/uploads';
import { uploadAvr109 } from './avr109';
import { uploadSamBa } from './sam-ba';
import { uploadStk500v1 } from './stk500v1';
import { uploadStk500v2 } from './stk500v2';
import { uploadStm32Uart } from './stm32-uart';
import type { LinkUploader } from './uploader';

type Kind = LinkUpload['kind'];
type TargetOf<K extends Kind> = Extract<LinkUpload, { kind: K }>['target'];

/** Every uploader over a serial link. That of Espressif chips is half a megabyte: loaded on first use. */
const uploaders: { readonly [K in Kind]: LinkUploader<TargetOf<K>> } = {
  stk500v1: uploadStk500v1,
  stk500v2: uploadStk500v2,
  avr109: uploadAvr109,
  esp: async (...args) => (await import('./esp/upload')).uploadEsp(...args),
  'stm32-uart': uploadStm32Uart,
  'sam-ba': uploadSamBa,
};

/** Line settings other than 8 bits without parity. */
export const parityOf = (upload: LinkUpload): 'none' | 'even' => (upload.kind === 'stm32-uart' ? 'even' : 'none');

export const uploaderOf = (upload: LinkUpload): LinkUploader<LinkUpload['target']> => uploaders[upload.kind] as LinkUploader<LinkUpload['target']>;
