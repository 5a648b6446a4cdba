import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ProblemError } from '../../../src/base/problem';
import { boards } from '../../../src/device/boards';
import { readUserBoard, userBoardFields } from '../../../src/device/boards/user-board';
import { readUserBoards, USER_BOARDS_FOLDER } from '../../../src/device/boards/user-boards';
import { root } from '../../support/project';

const like = boards.find((board) => board.kind === 'hardware')!;
const good = { id: 'my-board', name: 'My board', like: like.id, clockHz: 8_000_000, flashBytes: 20_000, usb: [{ vendorId: 1, productId: 2 }] };
const read = (json: unknown) => readUserBoard('/a.board.json', typeof json === 'string' ? json : JSON.stringify(json), boards);

describe('boards of the user\'s own', () => {
  it('take figures of theirs, and everything else from a board that exists', () => {
    const board = read(good);
    assert.deepEqual([board.id, board.name, board.clockHz?.value, board.flashBytes], ['my-board', 'My board', 8_000_000, { value: 20_000, source: '/a.board.json' }]);
    assert.deepEqual([board.connect, board.toolchain, board.ramBytes], [like.connect, like.toolchain, like.ramBytes]);
  });

  it('cannot name programs, arguments, flags or anything else that is not a figure', () => {
    for (const field of ['connect', 'uploads', 'toolchain', 'chipFlags', 'project', 'runTools', 'port', '__proto__', 'constructor']) {
      assert.throws(() => read(JSON.stringify(good).replace('{', `{"${field}": "rm -rf",`)), (error: unknown) => error instanceof ProblemError && error.problem.detail!.includes(field), field);
    }
  });

  it('that are wrong are told all at once', () => {
    assert.throws(() => read({ ...good, id: 'A;B', clockHz: -1, usb: [{ vendorId: 70_000, productId: 1 }], like: 'nothing' }), (error: unknown) => error instanceof ProblemError && error.problem.detail!.split('\n').length === 4);
    assert.throws(() => read({ ...good, id: like.id }), (error: unknown) => error instanceof ProblemError && /exists/.test(error.problem.detail!));
    for (const text of ['', '[]', 'null', '{']) assert.throws(() => read(text), ProblemError);
  });

  it('that are wrong are told what is expected, and what was meant', () => {
    const wrong = (change: object): string => {
      try {
        read({ ...good, ...change });
      } catch (error) {
        if (error instanceof ProblemError) return error.problem.detail!;
      }
      return '';
    };
    assert.equal(wrong({ ramBytes: -5 }), 'ramBytes is -5: a whole number from 128 to 1,073,741,824 is expected');
    assert.equal(wrong({ clockHz: 1e300 }), 'clockHz is 1e+300: a whole number from 1,000 to 10,000,000,000 is expected');
    assert.equal(wrong({ flashBytes: '64 KiB' }), 'flashBytes is "64 KiB": a whole number from 1,024 to 1,073,741,824 is expected');
    assert.equal(wrong({ name: '' }), 'name is "": a text of 1 to 80 characters is expected');
    assert.match(wrong({ id: 'My Board' }), /^id is "My Board": small letters, digits and - are expected/);
    assert.match(wrong({ usb: { vendorId: 1 } }), /^usb is \{"vendorId":1\}: a list of at most 20/);
    assert.equal(wrong({ rambytes: 5 }), 'rambytes is not a field of a board; did you mean ramBytes?');
    assert.equal(wrong({ like: 'picco' }), 'there is no board "picco" to be like; did you mean pico?');
  });

  it('are as the schema says', () => {
    const schema = JSON.parse(fs.readFileSync(path.join(root, 'schemas/board.schema.json'), 'utf8'));
    assert.deepEqual(Object.keys(schema.properties).sort(), Object.keys(userBoardFields).sort());
    for (const [name, { kind, from, to, pattern }] of Object.entries(userBoardFields)) {
      const property = schema.properties[name];
      if (kind === 'number') assert.deepEqual([property.minimum, property.maximum], [from, to], name);
      if (pattern) assert.equal(property.pattern, pattern.source);
    }
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(schema.properties.like.anyOf[0].enum, boards.map(({ id }) => id), 'offered while it is typed');
  });

  it('are read from a workspace, good ones beside the problems of others', async () => {
    const workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-boards-'));
    const folder = path.join(workspace, USER_BOARDS_FOLDER);
    try {
      assert.deepEqual(await readUserBoards(workspace), { value: [], problems: [] });
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, 'a.board.json'), JSON.stringify(good));
      fs.writeFileSync(path.join(folder, 'b.board.json'), '{}');
      fs.writeFileSync(path.join(folder, 'c.json'), 'no board');
      fs.mkdirSync(path.join(folder, 'd.board.json'));
      fs.writeFileSync(path.join(folder, 'e.board.json'), JSON.stringify({ ...good, description: 'x'.repeat(100_000) }));
      fs.writeFileSync(path.join(folder, 'f.board.json'), JSON.stringify(good));
      const { value, problems } = await readUserBoards(workspace);
      assert.deepEqual(value.map((b) => b.id), ['my-board']);
      assert.deepEqual(problems.map((p) => [p.code, path.basename(p.where!.path!)]), ['b', 'd', 'e', 'f'].map((name) => ['TINYML-BOARD-FILE', `${name}.board.json`]));
      assert.match(problems[1].detail!, /not a file/);
      assert.match(problems[2].detail!, /at most 65,536/);
      assert.equal(problems[3].detail, '"my-board" is the id of a board that exists');
    } finally {
      fs.rmSync(workspace, { recursive: true, force: true });
    }
  });
});
