import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError } from '../../../src/base/problem';
import { quietTask, type Progress, type Task } from '../../../src/base/progress';
import { flashDevice } from '../../../src/device/connect/flash-device';
import type { ImageSegment } from '../../../src/device/uploaders/intel-hex';
import { uploaderCases, type UploaderCase } from './cases';
import { FakePorts, type FakePortsOptions } from './fake-ports';

const tools = { environment: { platform: process.platform, pathFolders: [], programEndings: [''], variables: {}, osRelease: '' }, byId: new Map() };

const staysOnPort = ({ upload }: UploaderCase): boolean => 'staysOnPort' in upload && upload.staysOnPort === true;
const computerWith = (c: UploaderCase, options: Partial<FakePortsOptions> = {}): FakePorts => new FakePorts({ board: c.board, make: c.make, touch: c.upload.touch === true, staysOnPort: staysOnPort(c), ...options });

async function flash(c: UploaderCase, ports: FakePorts, task: Task = quietTask, image: readonly ImageSegment[] = c.image): Promise<string> {
  const link = await flashDevice({ board: c.board, upload: c.upload, image, portPath: ports.appPathNow, baud: 115_200, access: ports, broker: ports.broker, tools }, task);
  await link!.close();
  return link!.name;
}

function assertFlashed(c: UploaderCase, ports: FakePorts): void {
  const { flash: written } = ports.boot!.device;
  for (const { address, bytes } of c.image) assert.deepEqual(bytes.map((_, i) => written.get(address + i) ?? 0xff), bytes);
}

async function problemOf(work: Promise<unknown>): Promise<ProblemError['problem']> {
  const error = await work.then(() => assert.fail('it succeeded'), (e: unknown) => e);
  assert.ok(error instanceof ProblemError, error instanceof Error ? error.stack : String(error));
  assert.ok(error.problem.fixes.length > 0 && error.problem.title.length > 10);
  return error.problem;
}

/** First ones, then ever larger steps, then the last: faults at every kind of step without a minute of tests. */
function spread(count: number): number[] {
  const numbers = new Set([1, 2, 3, 4, 5, 6, count - 1, count]);
  for (let n = 6; n < count; n = Math.ceil(n * 1.4)) numbers.add(n);
  return [...numbers].filter((n) => n > 0 && n <= count).sort((a, b) => a - b);
}

for (const c of uploaderCases) {
  describe(`the contract of uploaders: ${c.name}`, function () {
    this.timeout(120_000);

    it('writes, verifies, starts, reports every byte, and gives the port back', async () => {
      const ports = computerWith(c);
      const reports: Progress[] = [];
      await flash(c, ports, { ...quietTask, progress: (p) => reports.push(p) });
      assertFlashed(c, ports);
      await new Promise((resolve) => setTimeout(resolve, 20)); // a chip starts a while after its reset line rises
      assert.ok(ports.boot!.device.started);
      assert.ok(ports.released);
      const total = reports.at(-1)?.total ?? reports.findLast((p) => p.total !== undefined)!.total!;
      assert.ok(total >= c.image.reduce((n, s) => n + s.bytes.length, 0));
      for (const stage of ['Writing', 'Verifying']) {
        const done = reports.filter((p) => p.stage === stage).map((p) => p.done!);
        assert.ok(done.length > 0 && done.every((d, i) => d <= total && (i === 0 || d >= done[i - 1])), `${stage}: ${done.join(' ')}`);
      }
      assert.equal(reports.findLast((p) => p.stage === 'Verifying')!.done, total);
    });

    it('can be cancelled at every stage: nothing stays open, and it flashes afterwards', async () => {
      const ports = computerWith(c);
      let steps = 0;
      await flash(c, ports, { ...quietTask, progress: () => steps++ });
      for (const step of spread(steps).map((n) => n - 1)) {
        const cancelled = computerWith(c);
        const abort = new AbortController();
        let count = 0;
        const task: Task = { ...quietTask, signal: abort.signal, progress: () => (count++ === step ? abort.abort() : undefined) };
        const result = await flash(c, cancelled, task).catch((error: unknown) => error);
        // the last report comes after the work: cancelling then changes nothing
        assert.ok(result instanceof CancelledError || (step >= steps - 2 && typeof result === 'string'), `step ${step} of ${steps}: ${String(result)}`);
        assert.ok(cancelled.released, `step ${step}`);
        await flash(c, cancelled);
        assertFlashed(c, cancelled);
      }
    });

    it('a silent board is a problem with what to try', async () => {
      const ports = computerWith(c, { make: () => ({ flash: new Map(), started: false, receive() {} }) });
      const problem = await problemOf(flash(c, ports));
      assert.equal(problem.code, 'TINYML-UPLOAD-NO-SYNC');
      assert.ok(problem.fixes.length >= 2);
      assert.ok(ports.released);
    });

    it('a board that falls silent later is a problem too', async () => {
      const counting = computerWith(c);
      await flash(c, counting);
      const writes = counting.boot!.writes;
      for (const n of [Math.ceil(writes * 0.6)]) {
        const ports = computerWith(c, { faults: { silentFromWrite: n } });
        const { code } = await problemOf(flash(c, ports));
        assert.match(code, /^TINYML-UPLOAD-(NO-ANSWER|BAD-ANSWER|ESP|NO-SYNC)$/);
        assert.ok(ports.released);
      }
    });

    it('another chip is named, and nothing is written', async () => {
      const ports = computerWith(c, { make: c.makeOther });
      assert.match((await problemOf(flash(c, ports))).code, /^TINYML-UPLOAD-(WRONG|OTHER)-CHIP$/);
      assert.equal(ports.boot!.device.flash.size, 0);
      assert.ok(ports.released);
    });

    it('an image that is too large is refused before anything is erased', async () => {
      const ports = computerWith(c);
      assert.equal((await problemOf(flash(c, ports, quietTask, c.tooLarge))).code, 'TINYML-UPLOAD-TOO-LARGE');
      assert.equal(ports.boot?.device.flash.size ?? 0, 0);
      assert.ok(ports.released);
    });

    it('a corrupted answer is noticed or survived, never taken for success', async () => {
      const counting = computerWith(c);
      await flash(c, counting);
      for (const n of spread(counting.boot!.answers).filter((_, i) => i % 3 === 0)) {
        const ports = computerWith(c, { faults: { corruptAnswer: n } });
        const error = await flash(c, ports).then(() => undefined, (e: unknown) => e);
        if (error === undefined) assertFlashed(c, ports);
        else assert.ok(error instanceof ProblemError && error.problem.fixes.length > 0, `answer ${n}: ${error instanceof Error ? error.stack : String(error)}`);
        assert.ok(ports.released, `answer ${n}`);
      }
    });

    it('unplugged at any write: a problem that says so, the port free, and a retry works', async () => {
      const counting = computerWith(c);
      await flash(c, counting);
      for (const n of spread(counting.boot!.writes)) {
        const ports = computerWith(c, { faults: { unplugAtWrite: n } });
        assert.equal((await problemOf(flash(c, ports))).code, 'TINYML-UPLOAD-UNPLUGGED', `write ${n}`);
        assert.ok(ports.released, `write ${n}`);
        ports.faults = {};
        await flash(c, ports);
        assertFlashed(c, ports);
      }
    });

    it('two at once: the second is told who has the port', async () => {
      const ports = computerWith(c);
      const first = flash(c, ports);
      const problem = await problemOf(flash(c, ports));
      assert.equal(problem.code, 'TINYML-PORT-TAKEN');
      assert.match(problem.title, new RegExp(c.board.name.replace(/[()]/g, '.')));
      await first;
      assertFlashed(c, ports);
      assert.ok(ports.released);
    });

    it('a monitor of ours gives way, and comes back where the board then is', async () => {
      const ports = computerWith(c);
      if (c.upload.touch && !staysOnPort(c)) ports.nextAppPath = '/dev/board-2';
      const log: string[] = [];
      const release = ports.broker.acquire(ports.appPath, 'the monitor', {
        pause: () => Promise.resolve(void (log.push('pause'), release())),
        resume: (portPath) => Promise.resolve(void log.push(portPath)),
      });
      const name = await flash(c, ports);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(log, ['pause', name]);
      assert.equal(name, ports.nextAppPath);
    });

    if (c.upload.touch && !staysOnPort(c)) {
      it('comes back under another path, and is found there', async () => {
        const ports = computerWith(c);
        ports.nextAppPath = '/dev/board-2';
        assert.equal(await flash(c, ports), '/dev/board-2');
        assertFlashed(c, ports);
      });
    }
  });
}
