/** Flatbuffers' file identifier. Source: tensorflow/lite/schema/schema.fbs, file_identifier "TFL3". */
export const isTflite = (bytes: Uint8Array): boolean => bytes.length >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === 'TFL3';
