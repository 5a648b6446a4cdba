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

  it('are as the schema says', () => {
    const schema = JSON.parse(fs.readFileSync(path.join(root, 'schemas/board.schema.json'), 'utf8'));
    assert.deepEqual(Object.keys(schema.properties).sort(), Object.keys(userBoardFields).sort());
    for (const [name, { kind, from, to, pattern }] of Object.entries(userBoardFields)) {
      const property = schema.properties[name];
      if (kind === 'number') assert.deepEqual([property.minimum, property.maximum], [from, to], name);
      if (pattern) assert.equal(property.pattern, pattern.source);
    }
    assert.equal(schema.additionalProperties, false);
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
      const { value, problems } = await readUserBoards(workspace);
      assert.deepEqual(value.map((b) => b.id), ['my-board']);
      assert.deepEqual(problems.map((p) => [p.code, p.where?.path]), [['TINYML-BOARD-FILE', path.join(folder, 'b.board.json')]]);
    } finally {
      fs.rmSync(workspace, { recursive: true, force: true });
    }
  });
});
