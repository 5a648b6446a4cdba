import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../../src/app/compress-model';
import { directEngine } from '../../../src/app/engine-direct';
import { isSame } from '../../../src/app/predictions';
import { concatBytes } from '../../../src/base/bytes';
import { quietTask } from '../../../src/base/progress';
import { firmwareProject } from '../../../src/device/firmware/project';
import { Session } from '../../../src/device/protocol/session';
import { compile } from '../../../src/device/toolchains/compile';
import { uploadEsp } from '../../../src/device/uploaders/esp/upload';
import type { FakeDevice } from '../../contract/device/fakes/fake-device';
import { FakeEsp } from '../../contract/device/fakes/fake-esp';
import { FaultyLink } from '../../contract/device/faulty-link';
import { root } from '../../support/project';
import { boardWith, removeTemporaryFolders, temporaryFolder, toolsOrSkip } from './support/boards';

const APP = 0x10000;
/** What an image of this chip begins with, before the program. */
const header = Uint8Array.from([0xe9, 1, 2, 0x20, ...new Uint8Array(28)]);

/**
 * A fake ESP32 whose firmware runs: after its reset, what lies in its flash behind the image's header is started as a program
 * of this computer, as there is no simulator of the chip to be had.
 */
class RunningEsp implements FakeDevice {
  private readonly esp: FakeEsp;
  private child: ChildProcess | undefined;

  constructor(private readonly send: (bytes: Uint8Array) => void, private readonly programBytes: number) {
    this.esp = new FakeEsp(send, 'ESP32');
  }

  signals(lines: { readonly dtr: boolean; readonly rts: boolean }): void {
    this.esp.signals(lines);
    setTimeout(() => this.esp.started && !this.child && this.start(), 5);
  }

  receive(bytes: Uint8Array): void {
    if (this.child) this.child.stdin!.write(bytes);
    else this.esp.receive(bytes);
  }

  get started(): boolean {
    return this.child !== undefined;
  }

  get flash(): ReadonlyMap<number, number> {
    return this.esp.flash;
  }

  stop(): void {
    this.child?.kill();
  }

  private start(): void {
    const program = path.join(temporaryFolder(), 'flashed');
    fs.writeFileSync(program, this.esp.memory.subarray(APP + header.length, APP + header.length + this.programBytes), { mode: 0o755 });
    this.child = spawn(program, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdout!.on('data', (bytes: Buffer) => this.send(bytes));
  }
}

describe('a fake ESP32 that runs what was flashed', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  it('100 real samples: every output byte equals the host\'s', async function () {
    const host = boardWith('process');
    const tools = await toolsOrSkip(this, host);
    const folder = temporaryFolder();
    const model = path.join(folder, 'digits.int8.onnx');
    fs.copyFileSync(path.join(root, 'samples/digits/digits.npz'), path.join(folder, 'digits.npz'));
    await compressModel({ path: path.join(root, 'samples/digits/digits.onnx'), quantize: 'int8', method: [], out: model }, quietTask);
    const engine = directEngine();
    const generated = await engine.request('generate', { path: model, out: path.join(folder, 'c'), isa: 'c99' });
    const files = generated.files.map((file) => ({ path: file.path, text: fs.readFileSync(path.join(generated.directory, file.path), 'utf8') }));
    const project = firmwareProject(host, { name: generated.name, inputs: 1, outputs: 1 });
    const { elf } = await compile({ board: host, tools, project, files, buildFolder: path.join(folder, 'build') }, quietTask);
    const program = fs.readFileSync(elf);

    let esp!: RunningEsp;
    const link = new FaultyLink('/dev/esp', (send) => (esp = new RunningEsp(send, program.length)));
    try {
      await uploadEsp(link, [{ address: APP, bytes: concatBytes([header, program]) }], 'ESP32', { chip: 'ESP32', baud: 115_200, fastBaud: 460_800 }, quietTask);
      const session = new Session(link);
      assert.equal((await session.hello()).modelHash, generated.modelHash);
      const { samples, output } = await engine.request('samples', { path: model, limit: 100 });
      assert.equal(samples.length, 100);
      for (const sample of samples) assert.ok(isSame(output, (await session.infer(sample.input)).output, sample.expected), `sample ${sample.index}`);
      assert.equal(session.stats.repeats, 0);
    } finally {
      esp.stop();
      await link.close();
    }
  });
});
