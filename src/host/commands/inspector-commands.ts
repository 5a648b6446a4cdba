import type { InspectorCommand } from '../../messages/inspector';
import type { Command, Key } from './table';

/** The page says where the keys go: empty while it has no focus. See `editors/inspector-keys.ts`. */
const inPage = 'tinyml.inspectorView';
const onlyIn = (view: string): string => `tinyml.inspectorView == '${view}' && !tinyml.inspectorTyping`;

const keyed: readonly (readonly [action: InspectorCommand, title: string, keys: readonly Key[]])[] = [
  ['filterLayers', 'Filter Layers', [{ key: 'ctrl+f', mac: 'cmd+f', when: inPage }]],
  ['quickFixes', 'Quick Fixes of Model or Layer', [{ key: 'ctrl+.', mac: 'cmd+.', when: inPage }]],
  ['goToCode', 'Go to Generated C of Selected Layer', [{ key: 'f12', when: inPage }]],
  ['goToSource', 'Go to Python of Selected Layer', [{ key: 'shift+f12', when: inPage }]],
  ['nextLayer', 'Next Layer', [{ key: 'j', when: onlyIn('detail') }]],
  ['previousLayer', 'Previous Layer', [{ key: 'k', when: onlyIn('detail') }]],
  ['zoomIn', 'Zoom In on Graph', [{ key: '=', when: onlyIn('graph') }, { key: 'shift+=', when: onlyIn('graph') }, { key: 'numpad_add', when: onlyIn('graph') }]],
  ['zoomOut', 'Zoom Out of Graph', [{ key: '-', when: onlyIn('graph') }, { key: 'numpad_subtract', when: onlyIn('graph') }]],
  ['zoomAll', 'Show Whole Graph', [{ key: '0', when: onlyIn('graph') }]],
  ['zoomSelection', 'Zoom to Selected Layer in Graph', [{ key: 'z', when: onlyIn('graph') }]],
];

/** Keys of the inspector as commands, so that users can change them: each is handed to the page in front. */
export const inspectorCommands: readonly Command[] = keyed.map(([action, title, keys]) => ({
  id: `tinyml.inspector.${action}`,
  title,
  needsTrust: false,
  menus: [{ menu: 'commandPalette', when: "activeCustomEditorId == 'tinyml.inspector'", group: '1' }],
  keys,
  run: async (services) => services.inspectors.run(action),
}));
