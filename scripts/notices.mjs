// The licence texts of everything that a package holds of others: what esbuild put into the bundles, and the native modules.
import fs from 'node:fs';
import path from 'node:path';

const FOLDER = 'node_modules/';
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR
A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN
ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
const fast = () => `Copyright (c) Microsoft Corporation. All rights reserved.\n\n${MIT}`;
const onnxruntime = () => `Copyright (c) 2018 - present Microsoft Corporation\n\n${MIT}\n\nWhat its library holds of others: ThirdPartyNotices.txt at https://github.com/microsoft/onnxruntime`;

/** Packages that come without a file of their licence: as it stands in their repositories. @type {Record<string, (folder: string) => string>} */
const WITHOUT_FILE = {
  '@bufbuild/protobuf': (folder) => {
    const [google] = /^(\/\/.*\n)+/.exec(fs.readFileSync(path.join(folder, 'dist/esm/wire/varint.js'), 'utf8')) ?? [''];
    return `Copyright Buf Technologies, Inc.\n\n${fs.readFileSync('LICENSE', 'utf8').trim()}\n\nParts of it:\n\n${google.replace(/^\/\/ ?/gm, '').trim()}`;
  },
  '@microsoft/fast-element': fast,
  '@microsoft/fast-foundation': fast,
  '@microsoft/fast-web-utilities': fast,
  'onnxruntime-common': onnxruntime,
  'onnxruntime-node': onnxruntime,
};

/** @typedef {{ title: string, text: string }} Notice */

/** Folders of the packages that are in these bundles. @param {readonly (import('esbuild').Metafile | undefined)[]} metafiles */
export function bundledFolders(metafiles) {
  const files = metafiles.flatMap((meta) => Object.values(meta?.outputs ?? {})).flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file));
  return new Set(files.filter((file) => file.includes(FOLDER)).map(folderOf));
}

/** @param {string} file */
function folderOf(file) {
  const from = file.lastIndexOf(FOLDER) + FOLDER.length;
  const [first, second] = file.slice(from).split('/');
  return file.slice(0, from) + (first.startsWith('@') ? `${first}/${second}` : first);
}

/** Folders of packages as the allow-list of native modules names them: `name/{files}`, `*` for each package there. @param {readonly string[]} patterns */
export const listedFolders = (patterns) =>
  patterns.map((pattern) => FOLDER + pattern.split('/{')[0]).flatMap((folder) => (folder.endsWith('/*') ? fs.readdirSync(folder.slice(0, -2)).map((name) => folder.slice(0, -1) + name) : [folder]));

/** @param {string} folder @returns {Notice} */
function noticeOf(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const files = fs.readdirSync(folder).filter((file) => /^(licen[cs]e|copying|copyright|notice)/i.test(file)).sort();
  const text = files.length ? files.map((file) => fs.readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n') : WITHOUT_FILE[name]?.(folder);
  if (!text) throw new Error(`${folder} has no file of its licence (${license}): its text belongs into scripts/notices.mjs.`);
  return { title: `${name} ${version} (${license})`, text: text.replace(/\r/g, '') };
}

/** Texts that several packages share stand there once. @param {Iterable<string>} folders */
export function noticesText(folders) {
  /** @type {Map<string, { titles: Set<string>, text: string }>} */
  const groups = new Map();
  for (const folder of [...new Set(folders)].sort()) {
    const { title, text } = noticeOf(folder);
    const key = text.replace(/\s+/g, ' ');
    const group = groups.get(key) ?? { titles: new Set(), text };
    groups.set(key, group);
    group.titles.add(title);
  }
  const parts = [...groups.values()].map(({ titles, text }) => `${[...titles].join('\n')}\n\n${text}\n`);
  return ['TinyML Workbench holds software of others, under these licences.\n', ...parts].join(`\n${'='.repeat(80)}\n`);
}
