import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './project';

/** Compares a text with the one that is kept in test/golden; TINYML_UPDATE_GOLDEN=1 writes it anew. */
export function matchGolden(name: string, text: string): void {
  const file = path.join(root, 'test', 'golden', 'expected', name);
  if (process.env.TINYML_UPDATE_GOLDEN === '1') {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return;
  }
  assert.ok(fs.existsSync(file), `${name} is missing: run with TINYML_UPDATE_GOLDEN=1, and read what it wrote`);
  assert.equal(text, fs.readFileSync(file, 'utf8'), `${name} changed: if that is meant, run with TINYML_UPDATE_GOLDEN=1`);
}
