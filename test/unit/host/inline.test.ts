import assert from 'node:assert/strict';
import { judge } from '../../../src/app/budgets/judge';
import { readBudgets } from '../../../src/app/budgets/read';
import { hintText, layerTable, lensParts } from '../../../src/host/present/inline';
import { castMessage, inputHover } from '../../../src/host/present/model-input';
import { boardNodes, portsMessage, type BoardsState } from '../../../src/host/views/board-nodes';
import { summaryOf, worstBreach } from '../../../src/host/views/model-summary';
import { boards } from '../../../src/device/boards';
import { boardWith, layer, sampleReport } from './sample-report';

describe('figures between the lines', () => {
  const one = layer(3, { macs: 294_912, weightBytes: 300, liveBytes: 36_872, timeUs: 14_990 });

  it('are short beside Python', () => {
    assert.equal(hintText([one], () => undefined), '→ 300 B flash · 295 k MACs · 15 ms');
    assert.equal(hintText([one], () => 32_768), '▲ 36.0 KiB RAM · 295 k MACs · 15 ms');
    assert.equal(hintText([one, layer(4, { macs: 0, weightBytes: 20, liveBytes: 1, timeUs: 10 })], () => undefined), '→ 320 B flash · 295 k MACs · 15 ms');
    assert.equal(hintText([layer(0, { macs: 0, weightBytes: 0 })], () => undefined), '→ 0 B flash');
    assert.equal(hintText([layer(0, { macs: 0, weightBytes: 300, liveBytes: 9999 })], () => 1), '▲ 9.8 KiB RAM · 300 B flash');
    assert.equal(hintText([], () => undefined), 'fused');
    assert.equal(hintText([layer(0, { counted: false })], () => undefined), '→ unknown');
  });

  it('are exact above C, with words where they are over', () => {
    assert.deepEqual(lensParts(one, undefined), ['294,912 MACs', '15 ms', 'RAM 36,872 B']);
    assert.deepEqual(lensParts(one, 32_768), ['294,912 MACs', '15 ms', '$(error)\u00a0RAM 36,872 B, over by 4,104']);
    assert.deepEqual(lensParts(layer(0, { counted: false }), 1), ['unknown: this op is not understood']);
  });

  it('name their basis in a hover, and let no model write Markdown', () => {
    const named = layer(0, { name: '[x](command:evil)', origin: [] });
    const text = layerTable(named, sampleReport({ layers: [named] }));
    assert.match(text, /\| RAM while it runs \| 500 B \| &nbsp;&nbsp;exact \|/);
    assert.ok(!text.includes('[x](command:evil)') && text.includes('\\[x\\]\\(command:evil\\)'));
  });

  it('say what an input takes, in the sensor\'s unit', () => {
    const header = { name: 'kws', inputs: [] };
    assert.match(inputHover(header, { index: 0, type: 'int8_t', scale: 0.5, zeroPoint: -3 }), /kws_quantize_input_0\(value\)[\s\S]*from −62\.5 to 65 in steps of 0\.5[\s\S]*− 3, from −128 to 127/);
    assert.match(inputHover(header, { index: 1, type: 'float' }), /in\[i\] = value;/);
    assert.match(castMessage({ from: 0, to: 1, input: 'kws_input_0', codes: 'int8', call: 'kws_quantize_input_0', hasRound: true, hasClamp: false }), /^A float is cast to int8 without clamping before kws_input_0\. Use kws_quantize_input_0\(value\)\.\n/);
  });
});

describe('a model in Explorer', () => {
  const verdicts = (budget: object, report = sampleReport({ ramBytes: 36_880 })): ReturnType<typeof judge>[] =>
    readBudgets('/p/tinyml.json', JSON.stringify({ budgets: { 'm.onnx': budget } })).budgets.map((each) => judge(each, { report }));

  it('is marked where a budget or the board is broken, and where it is not fully counted', () => {
    const report = sampleReport({ ramBytes: 36_880 });
    const broken = summaryOf(report, undefined, verdicts({ ram: '32 KiB' }));
    assert.deepEqual([broken.badge, broken.state, broken.description], ['▲', 'over', '36.0 of 32.0 KiB RAM']);
    assert.match(broken.reasons[0], /over its budget of 32,768 B by 4,112 B/);
    assert.equal(summaryOf(report, boardWith(2048, undefined), []).badge, '▲');
    assert.deepEqual([summaryOf(report, boardWith(65_536, 262_144), []).badge, summaryOf(report, boardWith(65_536, 262_144), []).state], [undefined, 'kept']);
    assert.equal(summaryOf(sampleReport({ layers: [layer(0, { counted: false })] }), undefined, []).badge, '≥');
    assert.equal(summaryOf(report, undefined, []).description, '36.0 KiB RAM · 4.0 KiB flash');
  });

  it('puts the worst breach into the status bar', () => {
    assert.equal(worstBreach(verdicts({ ram: '32 KiB', macs: 2999, flash: 1 }))?.text, 'Flash +4.0 KiB');
    assert.equal(worstBreach(verdicts({ ram: '64 KiB' })), undefined);
  });
});

describe('boards view', () => {
  const state = (change: Partial<BoardsState> = {}): BoardsState => ({ ports: [], manualPorts: [], boards, ownerOf: () => undefined, run: { phase: 'idle', text: 'No run yet' }, ...change });
  const uno = { path: '/dev/ttyACM0', vendorId: 0x2341, productId: 0x0043, serialNumber: '7553' };

  it('recognises a board by its USB ids, and says when they are shared', () => {
    const [port] = boardNodes(state({ ports: [uno] }));
    assert.deepEqual([port.label, port.description, port.portPath], ['Arduino Uno', '/dev/ttyACM0', '/dev/ttyACM0']);
    assert.ok(port.children!.some(({ label, description }) => label === 'Chip' && description!.includes('ATmega328P')));
    const shared = boards.flatMap((board) => board.usb ?? []).find((id) => boards.filter((board) => board.usb?.some((other) => other.vendorId === id.vendorId && other.productId === id.productId)).length > 1)!;
    const [ambiguous] = boardNodes(state({ ports: [{ path: '/dev/ttyUSB0', ...shared }] }));
    assert.match(ambiguous.label, /^\d+ boards it may be$/);
  });

  it('leaves out sockets of the main board, but shows what was named, is in use, or runs', () => {
    assert.deepEqual(boardNodes(state({ ports: [{ path: '/dev/ttyS0' }] })).map(({ id }) => id), ['simulated']);
    assert.equal(boardNodes(state({ manualPorts: ['/tmp/pty'] }))[0].portPath, '/tmp/pty');
    const [busy] = boardNodes(state({ ports: [{ path: '/dev/ttyS0' }], ownerOf: () => 'Plotter' }));
    assert.equal(busy.description, '/dev/ttyS0 · in use by Plotter');
    const [running] = boardNodes(state({ ports: [uno], runPort: uno.path, run: { phase: 'streaming', text: 'Streaming', model: 'digits.onnx', firmware: 'fw 1', board: { id: 'uno', name: 'Arduino Uno', simulated: false } } }));
    assert.deepEqual(running.children!.filter(({ label }) => ['Model', 'Firmware'].includes(label)).map(({ description }) => description), ['digits.onnx', 'fw 1']);
  });

  it('shows what no source of the maker confirms', () => {
    const board = boards.find(({ unverified, usb }) => unverified && usb && boards.filter((other) => other.usb?.some((id) => id.vendorId === usb[0].vendorId && id.productId === usb[0].productId)).length === 1)!;
    const [port] = boardNodes(state({ ports: [{ path: '/dev/ttyACM0', ...board.usb![0] }] }));
    assert.equal(port.label, board.name);
    assert.equal(port.children!.find(({ label }) => label === 'Not verified')?.description, board.unverified![0]);
  });

  it('says where it looked', () => {
    assert.match(portsMessage([], undefined)!, /^No board found\. Looked at 0 ports/);
    assert.equal(portsMessage([uno], undefined), undefined);
    assert.match(portsMessage([uno], 'ssh-remote')!, /^Ports of the remote machine/);
    assert.match(portsMessage(undefined, undefined)!, /tinyml\.ports/);
  });

  it('lists every simulated board under one node', () => {
    const [simulated] = boardNodes(state());
    assert.equal(simulated.children!.length, boards.filter((board) => board.kind === 'simulated').length);
  });
});
