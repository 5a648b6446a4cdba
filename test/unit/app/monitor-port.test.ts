import assert from 'node:assert/strict';
import { monitorPort, type MonitorRequest, type OpenPort, type PortMonitor } from '../../../src/app/monitor-port';
import type { RunEvent } from '../../../src/app/run-contract';
import { encodeFrame } from '../../../src/device/protocol/framing';
import { PortBroker, type PausableOwner } from '../../../src/device/transports/port-broker';
import { FakeBoard } from '../device/fake-board';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const model: NonNullable<MonitorRequest['model']> = { modelHashes: [7, 0x12345678], labels: ['no', 'yes'], input: { name: 'in', dtype: 'int8', shape: [1, 2] }, output: { name: 'scores', dtype: 'int8', shape: [1, 2], scale: 1 / 256, zeroPoint: -128 } };

/** A port that boards are plugged into, one after another; a path without one cannot be opened. */
class Ports {
  readonly boards = new Map<string, FakeBoard>();
  readonly broker = new PortBroker();
  readonly opened: string[] = [];
  readonly open: OpenPort = async (portPath: string, _baud: number, owner: PausableOwner) => {
    const board = this.boards.get(portPath);
    if (!board) throw new Error(`no ${portPath}`);
    const release = this.broker.acquire(portPath, 'the monitor', owner);
    this.opened.push(portPath);
    board.host.onClose(release);
    return board.host;
  };
}

async function listen(ports: Ports, change: Partial<MonitorRequest> = {}): Promise<{ monitor: PortMonitor; events: RunEvent[]; seen: (wanted: (event: RunEvent) => boolean) => Promise<RunEvent> }> {
  const events: RunEvent[] = [];
  const waiting: { wanted: (event: RunEvent) => boolean; resolve: (event: RunEvent) => void }[] = [];
  const monitor = await monitorPort({ portPath: 'A', baud: 115_200, hello: true, ...change }, ports.open, (event) => {
    events.push(event);
    for (const one of [...waiting]) if (one.wanted(event)) one.resolve(event);
  });
  const seen = (wanted: (event: RunEvent) => boolean): Promise<RunEvent> => {
    const already = events.find(wanted);
    return already ? Promise.resolve(already) : new Promise((resolve) => waiting.push({ wanted, resolve }));
  };
  return { monitor, events, seen };
}

const texts = (events: readonly RunEvent[]): string[] => events.flatMap((event) => (event.kind === 'text' ? [event.text] : []));
const isText = (text: string) => (event: RunEvent): boolean => event.kind === 'text' && event.text === text;

describe('listening to a port', () => {
  it('shows who runs there, its text by line, its log, and its own predictions', async () => {
    const ports = new Ports();
    const board = new FakeBoard();
    ports.boards.set('A', board);
    const { monitor, events, seen } = await listen(ports, { model });
    assert.ok(events.some((event) => event.kind === 'connected' && event.labels.join() === 'no,yes'));
    await board.board.write(ascii('tem'));
    await board.board.write(ascii('p:21\nready\n'));
    board.send('log', 0, { level: 2, text: 'battery low' });
    board.send('result', 0, { status: 0, ticks: 500, bytes: Uint8Array.of(0x80, 0x7f) });
    const prediction = await seen((event) => event.kind === 'prediction');
    assert.ok(prediction.kind === 'prediction' && prediction.label === 'yes' && prediction.index === -1 && prediction.us === 500);
    assert.deepEqual(texts(events), ['temp:21', 'ready', 'battery low']);
    assert.ok(events.some((event) => event.kind === 'text' && event.level === 'warning' && event.text === 'battery low'));
    assert.equal(monitor.stats?.broken, 0);
    await monitor.stop();
    assert.equal((await monitor.done).samples, 1);
    assert.equal(ports.broker.ownerOf('A'), undefined);
  });

  it('gives way to a flash and comes back under another path, with what the board then runs', async () => {
    const ports = new Ports();
    ports.boards.set('A', new FakeBoard());
    const { monitor, seen } = await listen(ports, { model });
    const loan = await ports.broker.borrow('A');
    await seen((event) => event.kind === 'link' && event.state === 'paused');
    assert.equal(ports.broker.ownerOf('A'), undefined, 'the flash can have it');
    const after = new FakeBoard();
    ports.boards.set('B', after);
    await loan.release('B');
    assert.deepEqual(ports.opened, ['A', 'B']);
    await after.board.write(ascii('hello again\n'));
    await seen(isText('hello again'));
    await monitor.stop();
  });

  it('a lost link is told once, and opened again by itself', async () => {
    const ports = new Ports();
    const first = new FakeBoard();
    ports.boards.set('A', first);
    const { monitor, events, seen } = await listen(ports);
    ports.boards.delete('A');
    await first.host.close();
    await seen((event) => event.kind === 'link' && event.state === 'lost');
    const second = new FakeBoard();
    ports.boards.set('A', second);
    await seen((event) => event.kind === 'link' && event.state === 'live' && events.some((one) => one.kind === 'link' && one.state === 'lost') && ports.opened.length === 2);
    await second.board.write(ascii('back\n'));
    await seen(isText('back'));
    assert.equal(events.filter((event) => event.kind === 'link' && event.state === 'lost').length, 1);
    await monitor.stop();
  }).timeout(10_000);

  it('a sketch without our link is listened to all the same, and a reset or another model is shown', async () => {
    const ports = new Ports();
    const silent = new FakeBoard({ faultToHost: () => 'lose' });
    ports.boards.set('A', silent);
    const { monitor, events, seen } = await listen(ports, { model });
    assert.ok(events.some((event) => event.kind === 'link' && /a sketch without our link/.test(event.text)));
    await silent.board.write(ascii('x:1,y:2\r\n'));
    await seen(isText('x:1,y:2'));
    await monitor.stop();
    const other = new FakeBoard();
    ports.boards.set('A', other);
    const again = await listen(ports, { model: { ...model, modelHashes: [1, 2] } });
    other.hello(0);
    await again.seen((event) => event.kind === 'text' && /This board runs increment \(12345678\), not the model that was named \(00000001, 00000002\)/.test(event.text));
    other.send('result', 0, { status: 0, ticks: 1, bytes: Uint8Array.of(1, 2) });
    await again.seen((event) => event.kind === 'text' && /a result of 2 bytes: 1 2/.test(event.text));
    await again.monitor.stop();
  });

  it('what has no end when the link ends is told: half a line, half a frame with what a crash printed in it', async () => {
    const ports = new Ports();
    const board = new FakeBoard();
    ports.boards.set('A', board);
    const { monitor, events, seen } = await listen(ports, { model });
    const half = encodeFrame({ type: 0x86, sequence: 0, payload: Uint8Array.of(1, 200, 201, ...ascii('x')) }).subarray(0, 6);
    await board.board.write(Uint8Array.of(...half, ...ascii('Guru Meditation Error\r\n')));
    ports.boards.delete('A');
    await board.host.close();
    await seen((event) => event.kind === 'text' && /cut-off\): .*Guru Meditation Error/.test(event.text));
    const next = new FakeBoard();
    ports.boards.set('A', next);
    await seen((event) => event.kind === 'link' && event.state === 'live' && ports.opened.length === 2);
    await next.board.write(ascii('no line end'));
    await monitor.stop();
    assert.ok(events.some(isText('no line end')), JSON.stringify(texts(events)));
  }).timeout(10_000);

  it('a frame whose board falls silent is given up: text behind it shows', async () => {
    const ports = new Ports();
    const board = new FakeBoard();
    ports.boards.set('A', board);
    const { monitor, seen } = await listen(ports);
    await board.board.write(encodeFrame({ type: 0x86, sequence: 0, payload: new Uint8Array(40).fill(200) }).subarray(0, 20));
    await seen((event) => event.kind === 'text' && /cut-off/.test(event.text));
    await board.board.write(ascii('still here\n'));
    await seen(isText('still here'));
    await monitor.stop();
  }).timeout(10_000);

  it('a result that failed, or is shorter than the outputs, is no prediction', async () => {
    const ports = new Ports();
    const board = new FakeBoard();
    ports.boards.set('A', board);
    const { monitor, events, seen } = await listen(ports, { model });
    board.send('result', 0, { status: 3, ticks: 1, bytes: Uint8Array.of(1, 2) });
    await seen((event) => event.kind === 'text' && event.level === 'error');
    board.send('result', 0, { status: 0, ticks: 1, bytes: Uint8Array.of(1) });
    await seen(isText('a result of 1 bytes: 1'));
    assert.ok(!events.some((event) => event.kind === 'prediction'));
    await monitor.stop();
  });

  it('a port that stays away is one event, however often it is tried', async () => {
    const ports = new Ports();
    const board = new FakeBoard();
    ports.boards.set('A', board);
    const { monitor, events, seen } = await listen(ports);
    ports.boards.delete('A');
    let tries = 0;
    const open = ports.boards.get.bind(ports.boards);
    ports.boards.get = (key) => (tries++, open(key));
    board.host.unplug(new Error('device not configured'));
    while (tries < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    ports.boards.set('A', new FakeBoard());
    await seen((event) => event.kind === 'link' && event.state === 'live' && ports.opened.length === 2);
    assert.deepEqual(events.flatMap((event) => (event.kind === 'link' && event.state === 'lost' ? [event.text] : [])), ['Link lost (device not configured). Reconnects by itself.']);
    await monitor.stop();
  }).timeout(10_000);

  it('the sensor of our firmware is asked for; what it measures is told in its unit', async () => {
    const ports = new Ports();
    const board = new FakeBoard({ sensor: { measures: 1, channels: 3, milliHz: 119_000, scale: 0x39800000, window: 128, hop: 64, kind: 'accelerometer', unit: 'g' } });
    ports.boards.set('A', board);
    const { monitor, events, seen } = await listen(ports, { model });
    const told = await seen((event) => event.kind === 'sensor');
    assert.deepEqual(told, { kind: 'sensor', sensor: { kind: 'accelerometer', unit: 'g', rateHz: 119, window: 128, hop: 64, channels: ['x', 'y', 'z'] } });
    board.send('samples', 0, { first: 0, missed: 2, bytes: Uint8Array.of(0, 8, 0, 0xf0, 1, 0) });
    const samples = await seen((event) => event.kind === 'samples');
    assert.ok(samples.kind === 'samples' && samples.missed === 2);
    assert.deepEqual([...samples.values], [0.5, -1, 1 / 4096]);
    assert.ok(board.received.includes('sense') && events.some((event) => event.kind === 'connected'));
    await monitor.stop();
  });

  it('a board that stops in the middle of a frame, floods, or sends rubbish costs nothing but that', async () => {
    const ports = new Ports();
    const board = new FakeBoard();
    ports.boards.set('A', board);
    const { monitor, events, seen } = await listen(ports, { model });
    const whole = encodeFrame({ type: 0x86, sequence: 0, payload: Uint8Array.of(1, ...ascii('whole')) });
    await board.board.write(whole.subarray(0, 6));
    await board.board.write(whole); // the zero that begins it ends the piece
    await seen(isText('whole'));
    assert.ok(events.some((event) => event.kind === 'text' && /neither text nor a frame/.test(event.text)));
    await board.board.write(new Uint8Array(300_000).fill(0x41)); // no line end, no zero
    await board.board.write(ascii('\nafter\n'));
    await seen(isText('after'));
    assert.equal(texts(events).filter((text) => /^A+$/.test(text)).join('').length, 300_000);
    assert.ok(texts(events).every((text) => text.length <= 16_384));
    await monitor.stop();
  });
});
