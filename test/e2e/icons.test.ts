/** The icon font of the panels holds fewer icons than the one that it is made of, drawn the same. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fontOf, iconsOf, namedIcons } from '../../scripts/icons.mjs';
import { startBrowser } from '../support/browser';
import { root } from '../support/project';

const source = path.join(root, 'node_modules/@vscode/codicons/dist');

describe('the icon font', () => {
  it('draws every icon that a panel names as the whole font does, and no other', async () => {
    const whole = fs.readFileSync(path.join(source, 'codicon.ttf'));
    const icons = iconsOf(fs.readFileSync(path.join(source, 'codicon.css'), 'utf8'));
    const named = namedIcons(path.join(root, 'webview'), new Set(icons.keys()));
    const codes = new Set([...named].map((name) => icons.get(name)!));
    const part = fontOf(whole, codes);
    assert.ok(named.has('error') && named.has('git-compare') && named.size < 150, `${named.size} icons`);
    assert.ok(part.length < whole.length / 3, `${part.length} of ${whole.length} bytes`);

    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      // Bits of ink of every icon in both fonts; the browser refuses a font whose tables do not agree.
      const drawn = await page.evaluate<readonly { readonly code: number; readonly whole: string; readonly part: string }[]>(`(async () => {
        for (const [name, data] of ${JSON.stringify([['whole', whole.toString('base64')], ['part', part.toString('base64')]])}) {
          const font = new FontFace(name, 'url(data:font/ttf;base64,' + data + ')');
          document.fonts.add(await font.load());
        }
        const context = Object.assign(document.createElement('canvas'), { width: 32, height: 32 }).getContext('2d', { willReadFrequently: true });
        const ink = (font, code) => {
          context.clearRect(0, 0, 32, 32);
          context.font = '24px ' + font;
          context.fillText(String.fromCodePoint(code), 2, 28);
          return Array.from(context.getImageData(0, 0, 32, 32).data.filter((_, i) => i % 4 === 3)).join();
        };
        return ${JSON.stringify([...new Set(icons.values())])}.map((code) => ({ code, whole: ink('whole', code), part: ink('part', code) }));
      })()`);
      const blank = Array.from({ length: 32 * 32 }, () => 0).join();
      const wrong = drawn.filter(({ code, whole: expected, part: found }) => (codes.has(code) ? found !== expected || found === blank : found !== blank && found !== expected));
      assert.deepEqual(wrong.map(({ code }) => code.toString(16)), []);
      assert.ok(drawn.filter(({ part: found }) => found !== blank).length < drawn.length / 2);
    } finally {
      await browser.stop();
    }
  });
});
