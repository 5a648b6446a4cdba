/** Names of our editors and panels, as package.json and VS Code know them. */
export const INSPECTOR_VIEW_TYPE = 'tinyml.inspector';
export const COMPARE_VIEW_TYPE = 'tinyml.compare';
