// What goes into a VSIX, for each platform, and how large it may be. Data only; package.mjs does the work.

/** Files of the JavaScript packages behind the two native modules; everything else is bundled into dist/. */
export const NATIVE_SCRIPTS = [
  'onnxruntime-node/{package.json,dist/*.js}',
  'onnxruntime-common/{package.json,dist/cjs/**/*.js,dist/cjs/package.json}',
  '@serialport/bindings-cpp/{package.json,LICENSE,dist/**/*.js}',
  '@serialport/bindings-interface/{package.json,LICENSE,dist/index.js}',
  '@serialport/bindings-cpp/node_modules/@serialport/*/{package.json,LICENSE,dist/index.js}',
  '@serialport/bindings-cpp/node_modules/debug/{package.json,LICENSE,src/*.js}',
  'node-gyp-build/{package.json,LICENSE,*.js}',
  'ms/{package.json,license.md,index.js}',
];

/**
 * `onnxruntime` and `serialport` are the files of each module's binaries, below bin/napi-v6 and prebuilds.
 * Where onnxruntime has no build (1.30 has none for Intel Macs), the extension works without executing models on the host.
 * Sizes as measured with onnxruntime-node 1.30.0 and bindings-cpp 13.0.0, plus about 1 MB to grow.
 * @type {Record<string, { onnxruntime: string[], serialport: string[], budgetMegabytes: number }>}
 */
export const TARGETS = {
  'linux-x64': { onnxruntime: ['linux/x64/*'], serialport: ['linux-x64/*glibc*'], budgetMegabytes: 20 },
  'linux-arm64': { onnxruntime: ['linux/arm64/*'], serialport: ['linux-arm64/*glibc*'], budgetMegabytes: 12 },
  'win32-x64': { onnxruntime: ['win32/x64/*'], serialport: ['win32-x64/*'], budgetMegabytes: 31 },
  'win32-arm64': { onnxruntime: ['win32/arm64/*'], serialport: ['win32-arm64/*'], budgetMegabytes: 31 },
  // the same library lies there under two names; the binding loads this one
  'darwin-arm64': { onnxruntime: ['darwin/arm64/libonnxruntime.1.dylib', 'darwin/arm64/onnxruntime_binding.node'], serialport: ['darwin-x64+arm64/*'], budgetMegabytes: 15 },
  'darwin-x64': { onnxruntime: [], serialport: ['darwin-x64+arm64/*'], budgetMegabytes: 3 },
};

export const thisTarget = () => `${process.platform}-${process.arch}`;

/** Lines for vsce's ignore file that add the native modules of a target to the allow-list in .vscodeignore. @param {string} target */
export function nativeLines(target) {
  const { onnxruntime, serialport } = TARGETS[target];
  const files = [
    ...NATIVE_SCRIPTS,
    ...onnxruntime.map((file) => `onnxruntime-node/bin/napi-v6/${file}`),
    ...serialport.map((file) => `@serialport/bindings-cpp/prebuilds/${file}`),
  ];
  return files.map((file) => `!node_modules/${file}`);
}
