import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { CATEGORY, commands } from '../../../src/host/commands/table';

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}
interface Manifest {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly icon?: string; readonly enablement?: string }[];
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly mac?: string; readonly when: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string; readonly default?: unknown; readonly markdownDescription?: string }>> };
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown } };
}

const root = process.env.TINYML_ROOT ?? process.cwd();
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;

/** Leaves out keys without a value, as JSON does. */
const plain = <T>(value: T): unknown => JSON.parse(JSON.stringify(value));

describe('commands table', () => {
  it('declares the same commands as package.json, in the same order', () => {
    const wanted = commands.map(({ id, title, icon, needsTrust }) => ({ command: id, title, category: CATEGORY, icon, enablement: needsTrust ? 'isWorkspaceTrusted' : undefined }));
    assert.deepEqual(contributes.commands, plain(wanted));
  });

  it('places commands in the same menus as package.json', () => {
    const wanted: Record<string, MenuItem[]> = {};
    for (const { id, menus } of commands) for (const { menu, when, group } of menus) (wanted[menu] ??= []).push({ command: id, when, group });
    const declared = Object.fromEntries(Object.entries(contributes.menus).map(([menu, items]) => [menu, items.filter((item) => item.command)]).filter(([, items]) => items.length));
    assert.deepEqual(declared, plain(wanted));
  });

  it('has a submenu in the explorer for every submenu it uses', () => {
    const used = new Set(commands.flatMap(({ menus }) => menus.map(({ menu }) => menu)).filter((menu) => menu.startsWith('tinyml.')));
    assert.deepEqual(contributes.submenus.map(({ id }) => id), [...used]);
    assert.deepEqual(contributes.menus['explorer/context'].map(({ submenu }) => submenu), [...used]);
  });

  it('binds the same keys as package.json', () => {
    const wanted = commands.flatMap(({ id, keys = [] }) => keys.map((key) => ({ command: id, ...key })));
    assert.deepEqual(contributes.keybindings, plain(wanted));
  });

  it('has no command twice, and a name of our own for each', () => {
    const ids = commands.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^tinyml\.([a-z]+\.)?[a-zA-Z]+$/);
  });
});

describe('package.json', () => {
  it('lets no workspace name programs or ports', () => {
    for (const name of ['tinyml.toolchains', 'tinyml.ports']) assert.equal(contributes.configuration.properties[name].scope, 'machine', name);
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
  });

  it('gives every setting a default and a description', () => {
    for (const [name, setting] of Object.entries(contributes.configuration.properties)) {
      assert.notEqual(setting.default, undefined, name);
      assert.ok(setting.markdownDescription, name);
    }
  });

  it('has an icon of at least 128 pixels', () => {
    const png = fs.readFileSync(path.join(root, manifest.icon));
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    // IHDR: width and height are big-endian at bytes 16 and 20 (PNG specification, 11.2.2).
    assert.ok(png.readUInt32BE(16) >= 128 && png.readUInt32BE(20) >= 128);
  });
});
