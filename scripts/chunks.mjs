// What a program imports on demand becomes files of its own beside it. esbuild splits ES modules only, and VS Code requires CommonJS:
// it splits, and each piece is written down as CommonJS.
import * as esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';

const MAP_COMMENT = '//# sourceMappingURL=';

/** @param {esbuild.BuildOptions} options of a build for Node: entry points and `outdir` @returns {esbuild.BuildOptions} */
export const inChunks = (options) => ({
  ...options,
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: options.sourcemap && 'inline',
  write: false,
  plugins: [...(options.plugins ?? []), editorOnce, asCommonJs],
});

/** Each module that imports `vscode` would copy its 400 names, for what ES modules may expect of CommonJS: one module does it for all. @type {esbuild.Plugin} */
const editorOnce = {
  name: 'editor-once',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) => (namespace === 'editor' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'editor' }));
    build.onLoad({ filter: /^vscode$/, namespace: 'editor' }, () => ({ contents: "export * from 'vscode';" }));
  },
};

/** @type {esbuild.Plugin} */
const asCommonJs = {
  name: 'as-common-js',
  setup(build) {
    const { minify, sourcemap, target } = build.initialOptions;
    build.onEnd(async ({ outputFiles = [], errors }) => {
      if (errors.length) return;
      const pieces = await Promise.all(
        outputFiles.map(async ({ path: file, text }) => {
          const { code, map } = await esbuild.transform(text, { format: 'cjs', platform: 'node', supported: { 'dynamic-import': false }, target, minify, sourcemap: sourcemap ? 'external' : false, sourcefile: path.basename(file) });
          return [{ file, text: map ? `${code}${MAP_COMMENT}${path.basename(file)}.map\n` : code }, ...(map ? [{ file: `${file}.map`, text: map }] : [])];
        }),
      );
      // While watching, names change with contents; a window that is open goes on with those it knows.
      for (const { file, text } of pieces.flat()) {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text);
      }
    });
  },
};
