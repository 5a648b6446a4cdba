/** UTF-8 bytes as text, without the TextDecoder that pure code does not have; broken sequences become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i++];
    const following = lead < 0x80 ? 0 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    let point = following === 0 ? lead : lead & (0x3f >> following);
    let seen = 0;
    while (seen < following && (bytes[i] & 0xc0) === 0x80) (point = (point << 6) | (bytes[i++] & 0x3f)), seen++;
    text += seen < following || (lead >= 0x80 && lead < 0xc2) || point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
  }
  return text;
}

export function encodeText(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of text) {
    const point = char.codePointAt(0)!;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
  }
  return Uint8Array.from(bytes);
}
