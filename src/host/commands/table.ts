import type { Services } from '../services';
import { inspectorCommands } from './inspector-commands';

/** One place in a menu: its id, when it is shown, and where (`group@order`). */
export interface MenuPlace {
  readonly menu: 'explorer/context' | 'editor/context' | 'tinyml.model' | 'editor/title' | 'commandPalette' | 'view/title' | 'view/item/context';
  readonly when?: string;
  readonly group?: string;
}

export interface Key {
  readonly key: string;
  readonly mac?: string;
  readonly when: string;
}

/** Everything about a command; `contributes` in package.json repeats the declarative part, and a test compares the two. */
export interface Command {
  readonly id: `tinyml.${string}`;
  readonly title: string;
  readonly icon?: string;
  /** Writes files or runs programs that a workspace can influence: refused while it is not trusted. */
  readonly needsTrust: boolean;
  readonly menus: readonly MenuPlace[];
  readonly keys?: readonly Key[];
  /** The result is for callers such as tests and other extensions; undefined where the user cancelled. */
  run(services: Services, ...args: never[]): Promise<unknown>;
}

export const CATEGORY = 'TinyML';
const inInspector = "activeCustomEditorId == 'tinyml.inspector'";
const inDifferences = "activeWebviewPanelId == 'tinyml.verify' || activeWebviewPanelId == 'tinyml.compare'";
const cSource = 'resourceExtname =~ /^\\.(c|h|cc|hh|cpp|hpp|cxx|hxx|ino)$/i';
/** For lenses, hints and hovers: they name a layer, which the palette cannot. */
const notInPalette: MenuPlace = { menu: 'commandPalette', when: 'false', group: '1' };
const onnxFile = "resourceExtname == '.onnx'";
const modelFile = 'resourceExtname =~ /^\\.(onnx|tflite)$/';

/** Handlers are loaded when first run: activation does nothing but register names. */
export const commands: readonly Command[] = [
  {
    id: 'tinyml.openModel',
    title: 'Open Model in Inspector',
    icon: '$(circuit-board)',
    needsTrust: false,
    menus: [{ menu: 'tinyml.model', group: '1_look@1' }],
    run: async (services, ...args) => (await import('../on-demand')).openModel(services, ...args),
  },
  {
    id: 'tinyml.trySamples',
    title: 'Try the Samples…',
    needsTrust: true,
    menus: [],
    run: async (services, ...args) => (await import('../on-demand')).trySamples(services, ...args),
  },
  {
    id: 'tinyml.openArray',
    title: 'Open Model in This C Array',
    needsTrust: false,
    menus: [{ menu: 'editor/context', when: cSource, group: '9_tinyml@1' }],
    run: async (services, ...args) => (await import('../on-demand')).openArray(services, ...args),
  },
  {
    id: 'tinyml.compare',
    title: 'Compare Models…',
    icon: '$(git-compare)',
    needsTrust: false,
    menus: [
      { menu: 'tinyml.model', group: '1_look@2' },
      { menu: 'editor/title', when: inInspector, group: 'navigation@4' },
    ],
    run: async (services, ...args) => (await import('../on-demand')).compareModels(services, ...args),
  },
  {
    id: 'tinyml.compareGit',
    title: 'Compare with Git HEAD',
    needsTrust: false,
    menus: [{ menu: 'tinyml.model', when: 'gitOpenRepositoryCount > 0', group: '1_look@3' }],
    run: async (services, ...args) => (await import('../on-demand')).compareWithGit(services, ...args),
  },
  {
    id: 'tinyml.setExtents',
    title: 'Set Open Sizes…',
    needsTrust: false,
    menus: [{ menu: 'tinyml.model', when: onnxFile, group: '1_look@4' }],
    run: async (services, ...args) => (await import('../on-demand')).setExtents(services, ...args),
  },
  {
    id: 'tinyml.setMemory',
    title: 'Set RAM Budget…',
    needsTrust: true,
    menus: [{ menu: 'tinyml.model', group: '1_look@5' }],
    run: async (services, ...args) => (await import('../on-demand')).setMemory(services, ...args),
  },
  {
    id: 'tinyml.setBudget',
    title: 'Set Budget…',
    needsTrust: true,
    menus: [],
    run: async (services, ...args) => (await import('../on-demand')).setBudget(services, ...args),
  },
  {
    id: 'tinyml.quantize',
    title: 'Quantize to int8…',
    icon: '$(fold)',
    needsTrust: true,
    menus: [
      { menu: 'tinyml.model', when: modelFile, group: '2_make@1' },
      { menu: 'editor/title', when: `${inInspector} && ${modelFile}`, group: 'navigation@1' },
    ],
    run: async (services, ...args) => (await import('../on-demand')).quantize(services, ...args),
  },
  {
    id: 'tinyml.quantizeAs',
    title: 'Quantize As…',
    needsTrust: true,
    menus: [{ menu: 'tinyml.model', when: modelFile, group: '2_make@2' }],
    run: async (services, ...args) => (await import('../on-demand')).quantizeAs(services, ...args),
  },
  {
    id: 'tinyml.prune',
    title: 'Prune…',
    needsTrust: true,
    menus: [{ menu: 'tinyml.model', when: modelFile, group: '2_make@3' }],
    run: async (services, ...args) => (await import('../on-demand')).prune(services, ...args),
  },
  {
    id: 'tinyml.factorize',
    title: 'Factorize…',
    needsTrust: true,
    menus: [{ menu: 'tinyml.model', when: modelFile, group: '2_make@4' }],
    run: async (services, ...args) => (await import('../on-demand')).factorize(services, ...args),
  },
  {
    id: 'tinyml.packWeights',
    title: 'Pack Weights…',
    needsTrust: true,
    menus: [{ menu: 'tinyml.model', when: modelFile, group: '2_make@5' }],
    run: async (services, ...args) => (await import('../on-demand')).packWeights(services, ...args),
  },
  {
    id: 'tinyml.generateC',
    title: 'Generate C Sources',
    icon: '$(file-code)',
    needsTrust: true,
    menus: [
      { menu: 'tinyml.model', group: '2_make@6' },
      { menu: 'editor/title', when: inInspector, group: 'navigation@2' },
    ],
    run: async (services, ...args) => (await import('../on-demand')).generateC(services, ...args),
  },
  {
    id: 'tinyml.flash',
    title: 'Flash and Run on Board…',
    icon: '$(zap)',
    needsTrust: true,
    menus: [
      { menu: 'tinyml.model', group: '3_run@1' },
      { menu: 'editor/title', when: inInspector, group: 'navigation@3' },
    ],
    run: async (services, ...args) => (await import('../on-demand')).flash(services, ...args),
  },
  {
    id: 'tinyml.feed',
    title: 'Feed Data to Board…',
    needsTrust: true,
    menus: [{ menu: 'tinyml.model', group: '3_run@3' }],
    run: async (services, ...args) => (await import('../on-demand')).feed(services, ...args),
  },
  {
    id: 'tinyml.sense',
    title: 'Run with a Sensor of the Board…',
    needsTrust: true,
    menus: [{ menu: 'tinyml.model', group: '3_run@4' }],
    run: async (services, ...args) => (await import('../on-demand')).sense(services, ...args),
  },
  {
    id: 'tinyml.verify',
    title: 'Verify on Board…',
    icon: '$(verified)',
    needsTrust: true,
    menus: [{ menu: 'tinyml.model', group: '3_run@2' }],
    run: async (services, ...args) => (await import('../on-demand')).verify(services, ...args),
  },
  {
    id: 'tinyml.monitor',
    title: 'Listen to Port…',
    icon: '$(plug)',
    needsTrust: true,
    menus: [],
    run: async (services, ...args) => (await import('../on-demand')).monitor(services, ...args),
  },
  {
    id: 'tinyml.stopMonitor',
    title: 'Stop Listening to Port',
    needsTrust: false,
    menus: [],
    run: async (services, ...args) => (await import('../on-demand')).stopMonitor(services, ...args),
  },
  {
    id: 'tinyml.record',
    title: 'Record from Port',
    needsTrust: true,
    menus: [],
    run: async (services, ...args) => services.monitors.record(...args),
  },
  {
    id: 'tinyml.requantize',
    title: 'Requantize with What Was Read Wrong',
    needsTrust: true,
    menus: [],
    run: async (services, ...args) => (await import('../on-demand')).requantize(services, ...args),
  },
  {
    id: 'tinyml.nextDifference',
    title: 'Next Differing Layer',
    needsTrust: false,
    menus: [],
    keys: [{ key: 'alt+f5', mac: 'alt+f5', when: inDifferences }],
    run: async (services) => (services.verifyPanel.step(1) || services.comparisons.step(1) || undefined),
  },
  {
    id: 'tinyml.previousDifference',
    title: 'Previous Differing Layer',
    needsTrust: false,
    menus: [],
    keys: [{ key: 'shift+alt+f5', mac: 'shift+alt+f5', when: inDifferences }],
    run: async (services) => (services.verifyPanel.step(-1) || services.comparisons.step(-1) || undefined),
  },
  {
    id: 'tinyml.flashImage',
    title: 'Flash Prebuilt Image…',
    needsTrust: true,
    menus: [],
    run: async (services, ...args) => (await import('../on-demand')).flashPrebuilt(services, ...args),
  },
  {
    id: 'tinyml.chooseBoard',
    title: 'Choose Board…',
    icon: '$(chip)',
    needsTrust: false,
    menus: [
      { menu: 'view/title', when: 'view == tinyml.boards', group: 'navigation@1' },
      { menu: 'view/item/context', when: 'view == tinyml.boards && viewItem == tinyml.board', group: 'inline@1' },
    ],
    keys: [{ key: 'ctrl+alt+b', mac: 'cmd+alt+b', when: inInspector }],
    run: async (services, ...args) => (await import('../on-demand')).chooseBoard(services, ...args),
  },
  {
    id: 'tinyml.openDevicePanel',
    title: 'Open Device Panel',
    needsTrust: false,
    menus: [],
    run: async (services) => services.devicePanel.show(false),
  },
  {
    id: 'tinyml.stopBoard',
    title: 'Stop Board',
    needsTrust: false,
    menus: [],
    run: async (services) => services.sessions.stopAll(),
  },
  {
    id: 'tinyml.showOutput',
    title: 'Show Output',
    needsTrust: false,
    menus: [],
    run: async (services) => services.output.show(true),
  },
  {
    id: 'tinyml.doctor',
    title: 'Check Toolchains',
    needsTrust: true,
    menus: [],
    run: async (services) => (await import('../on-demand')).doctor(services),
  },
  {
    id: 'tinyml.measureAccuracy',
    title: 'Measure Accuracy',
    needsTrust: false,
    menus: [],
    run: async (services, ...args) => (await import('../on-demand')).measureAccuracy(services, ...args),
  },
  {
    id: 'tinyml.calibrateBoard',
    title: 'Calibrate Board…',
    needsTrust: true,
    menus: [{ menu: 'view/item/context', when: 'view == tinyml.boards && viewItem =~ /^tinyml\\.(port|board)$/', group: '2_tinyml@1' }],
    run: async (services, ...args) => (await import('../on-demand')).calibrateBoard(services, ...args),
  },
  {
    id: 'tinyml.flashHere',
    title: 'Flash and Run Here…',
    icon: '$(zap)',
    needsTrust: true,
    menus: [notInPalette, { menu: 'view/item/context', when: 'view == tinyml.boards && viewItem =~ /^tinyml\\.(port|board)$/', group: 'inline@2' }],
    run: async (services, ...args) => (await import('../on-demand')).flashHere(services, ...args),
  },
  {
    id: 'tinyml.showLayer',
    title: 'Show Layer',
    needsTrust: false,
    menus: [notInPalette],
    run: async (services, ...[model, index]) => (await import('../on-demand')).showLayer(services, model, index),
  },
  {
    id: 'tinyml.goToLayerCode',
    title: 'Go to Generated C of Layer',
    needsTrust: false,
    menus: [notInPalette],
    run: async (services, ...[model, index]) => (await import('../on-demand')).goToLayerCode(services, model, index),
  },
  {
    id: 'tinyml.goToLayerSource',
    title: 'Go to Python of Layer',
    needsTrust: false,
    menus: [notInPalette],
    run: async (services, ...[model, index]) => (await import('../on-demand')).goToLayerSource(services, model, index),
  },
  ...inspectorCommands,
];
