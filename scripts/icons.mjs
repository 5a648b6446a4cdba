// Of the icon font only the icons that the panels name: 500 outlines would be 60 KB of every package.
import fs from 'node:fs';
import path from 'node:path';

const RULE = /\.codicon-([\w-]+):before\s*\{\s*content:\s*"\\([0-9a-f]+)"\s*;?\s*\}\n?/g;

/** Names of icons that stand as text in the sources of the panels. @param {string} sources @param {ReadonlySet<string>} known */
export function namedIcons(sources, known) {
  const named = new Set();
  for (const file of fs.readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file)) continue;
    for (const [, name] of fs.readFileSync(path.join(sources, file), 'utf8').matchAll(/['"]([a-z][a-z\d-]*)['"]/g)) if (known.has(name)) named.add(name);
  }
  return named;
}

/** Code points by name, as the style sheet of the font has them. @param {string} css */
export const iconsOf = (css) => new Map([...css.matchAll(RULE)].map(([, name, code]) => [name, Number.parseInt(code, 16)]));

/** The style sheet without rules of other icons. @param {string} css @param {ReadonlySet<string>} named */
export const styleOf = (css, named) => css.replace(RULE, (rule, name) => (named.has(name) ? rule : ''));

/**
 * The font with the outlines of other code points left empty: glyphs keep their numbers, so that all other tables stay as they are.
 * Tables after the OpenType specification 1.9: cmap format 4 or 12, loca, glyf; composite glyphs keep their parts.
 * @param {Buffer} font @param {ReadonlySet<number>} codePoints
 */
export function fontOf(font, codePoints) {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, i) => 12 + 16 * i).map((at) => ({ tag: font.toString('latin1', at, at + 4), from: font.readUInt32BE(at + 8), bytes: font.readUInt32BE(at + 12) }));
  const table = (/** @type {string} */ tag) => {
    const found = tables.find((known) => known.tag === tag);
    if (!found) throw new Error(`The icon font has no table ${tag}.`);
    return font.subarray(found.from, found.from + found.bytes);
  };
  const glyphs = table('maxp').readUInt16BE(4);
  const long = table('head').readInt16BE(50) === 1;
  const loca = table('loca');
  const glyf = table('glyf');
  const offset = (/** @type {number} */ glyph) => (long ? loca.readUInt32BE(4 * glyph) : 2 * loca.readUInt16BE(2 * glyph));
  const kept = new Set([0, ...[...glyphsByCode(table('cmap'))].filter(([code]) => codePoints.has(code)).map(([, glyph]) => glyph)]);
  for (const glyph of kept) for (const part of partsOf(glyf.subarray(offset(glyph), offset(glyph + 1)))) kept.add(part);

  /** @type {Buffer[]} */
  const outlines = [];
  const places = Buffer.alloc(loca.length);
  let end = 0;
  for (let glyph = 0; glyph <= glyphs; glyph++) {
    if (long) places.writeUInt32BE(end, 4 * glyph);
    else places.writeUInt16BE(end / 2, 2 * glyph);
    if (glyph === glyphs || !kept.has(glyph)) continue;
    const outline = glyf.subarray(offset(glyph), offset(glyph + 1));
    outlines.push(outline, Buffer.alloc(outline.length % 2));
    end += outline.length + (outline.length % 2);
  }
  return assemble(font, tables.map(({ tag }) => ({ tag, data: tag === 'glyf' ? Buffer.concat(outlines) : tag === 'loca' ? places : table(tag) })));
}

/** @param {Buffer} cmap @returns {Map<number, number>} */
function glyphsByCode(cmap) {
  const found = new Map();
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const at = cmap.readUInt32BE(4 + 8 * i + 4);
    const format = cmap.readUInt16BE(at);
    if (format === 12) {
      for (let g = 0; g < cmap.readUInt32BE(at + 12); g++) {
        const [first, last, glyph] = [0, 4, 8].map((o) => cmap.readUInt32BE(at + 16 + 12 * g + o));
        for (let code = first; code <= last; code++) found.set(code, glyph + code - first);
      }
    } else if (format === 4) {
      const size = cmap.readUInt16BE(at + 6);
      for (let s = 0; s < size; s += 2) {
        const last = cmap.readUInt16BE(at + 14 + s);
        const [first, delta, range] = [0, 1, 2].map((part) => cmap.readUInt16BE(at + 16 + size + part * size + s));
        for (let code = first; code <= last && code < 0xffff; code++) {
          const glyph = range === 0 ? code : cmap.readUInt16BE(at + 16 + 3 * size + s + range + 2 * (code - first));
          if (glyph !== 0) found.set(code, (glyph + delta) & 0xffff);
        }
      }
    }
  }
  return found;
}

/** Glyphs that a composite one is put together from. @param {Buffer} outline */
function partsOf(outline) {
  /** @type {number[]} */
  const parts = [];
  if (outline.length < 10 || outline.readInt16BE(0) >= 0) return parts;
  for (let at = 10, more = true; more; ) {
    const flags = outline.readUInt16BE(at);
    parts.push(outline.readUInt16BE(at + 2));
    at += 4 + (flags & 1 ? 4 : 2) + (flags & 8 ? 2 : flags & 0x40 ? 4 : flags & 0x80 ? 8 : 0);
    more = (flags & 0x20) !== 0;
  }
  return parts;
}

/** @param {Buffer} font @param {{ tag: string, data: Buffer }[]} tables */
function assemble(font, tables) {
  const head = Buffer.from(font.subarray(0, 12 + 16 * tables.length));
  /** @type {Buffer[]} */
  const body = [];
  let end = head.length;
  tables.forEach(({ tag, data }, i) => {
    const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
    if (tag === 'head') padded.writeUInt32BE(0, 8); // the sum over the whole file is left open: no reader of fonts in browsers asks for it
    head.write(tag, 12 + 16 * i, 'latin1');
    head.writeUInt32BE(sumOf(padded), 16 + 16 * i);
    head.writeUInt32BE(end, 20 + 16 * i);
    head.writeUInt32BE(data.length, 24 + 16 * i);
    body.push(padded);
    end += padded.length;
  });
  return Buffer.concat([head, ...body]);
}

/** @param {Buffer} words */
function sumOf(words) {
  let sum = 0;
  for (let i = 0; i < words.length; i += 4) sum = (sum + words.readUInt32BE(i)) >>> 0;
  return sum;
}

/** Both files of the font as esbuild meets them. @param {string} sources @returns {import('esbuild').Plugin} */
export const iconsPlugin = (sources) => ({
  name: 'icons',
  setup(build) {
    /** @type {(file: string) => { css: string, named: ReadonlySet<string> }} */
    const read = (file) => {
      const css = fs.readFileSync(path.join(path.dirname(file), 'codicon.css'), 'utf8');
      return { css, named: namedIcons(sources, new Set(iconsOf(css).keys())) };
    };
    build.onLoad({ filter: /codicon\.css$/ }, ({ path: file }) => {
      const { css, named } = read(file);
      return { contents: styleOf(css, named), loader: 'css', resolveDir: path.dirname(file) };
    });
    build.onLoad({ filter: /codicon\.ttf$/ }, ({ path: file }) => {
      const { css, named } = read(file);
      const codes = new Set([...iconsOf(css)].filter(([name]) => named.has(name)).map(([, code]) => code));
      return { contents: fontOf(fs.readFileSync(file), codes), loader: 'file' };
    });
  },
});
