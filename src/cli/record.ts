import path from 'node:path';
import { formatCount } from '../base/units';
import { directEngine } from '../app/engine-direct';
import { monitorPort } from '../app/monitor-port';
import { portBroker } from '../app/port-broker';
import { FrameRecorder, samplesOf } from '../app/record/frame-recorder';
import { saveSamples } from '../app/record/save-samples';
import type { SensorFacts } from '../app/run-contract';
import { openFollowing } from '../device/connect/follow-port';
import { elementCount } from '../engine/ir/dtype';
import { UsageError, type Command } from './command';
import { DEFAULT_BAUD } from './monitor';
import { countOption } from './run-deps';

export const record: Command = {
  name: 'record',
  usage: '--port <path> --label <name> --out <file>',
  summary: 'record what a board measures or prints into a labelled data set',
  options: {
    port: { type: 'string', value: 'path', help: 'serial port; `tinyml ports` lists them' },
    baud: { type: 'string', value: 'n', help: `speed of the port; ${DEFAULT_BAUD} where absent` },
    label: { type: 'string', value: 'name', help: 'class of what is recorded' },
    out: { type: 'string', value: 'file', help: 'a .csv, .npz or .wav, or a folder for .wav by label; added to with --append' },
    rate: { type: 'string', value: 'n', help: 'samples a second, for a .wav of what is printed' },
    quiet: { type: 'boolean', help: 'send nothing to the board; measurements of a sensor are then not told' },
    seconds: { type: 'string', value: 'n', help: 'end after so many seconds; otherwise with Ctrl+C' },
    model: { type: 'string', value: 'path', help: 'cut into samples of this model\'s input, with its classes' },
    window: { type: 'string', value: 'n', help: 'rows of a sample, where no model is given; otherwise the recording is one' },
    append: { type: 'boolean', help: 'add to a file that is there' },
  },
  positionals: 0,
  async run({ values, task, say }) {
    const needed = (name: 'port' | 'label' | 'out'): string => {
      const value = values[name];
      if (typeof value !== 'string' || value === '') throw new UsageError(`record needs --${name}`);
      return value;
    };
    const [portPath, label, out] = [needed('port'), needed('label'), path.resolve(needed('out'))];
    const seconds = countOption(values, 'seconds');
    const model = values.model === undefined ? undefined : await directEngine(task).request('identify', { path: path.resolve(values.model as string) });
    const recorder = new FrameRecorder();
    let sensor: SensorFacts | undefined;
    const listening = await monitorPort({ portPath, baud: countOption(values, 'baud') ?? DEFAULT_BAUD, hello: values.quiet !== true }, openFollowing(portBroker, 'the recording'), (event) => {
      if (event.kind === 'text') recorder.take(event.text);
      else if (event.kind === 'sensor') sensor = event.sensor;
      else if (event.kind === 'samples' && sensor) recorder.takeRows(sensor.channels, sensor.rateHz, event.values);
      else if (event.kind === 'link') say(event.text);
    });
    recorder.start(label);
    await new Promise<void>((resolve) => {
      const timer = seconds === undefined ? undefined : setTimeout(resolve, seconds * 1000);
      task.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
    await listening.stop();
    if (recorder.isFull) say('No more fits into one recording: what came behind it is not in it');
    const rate = countOption(values, 'rate');
    const recording = { ...(rate === undefined ? {} : { rateHz: rate }), ...recorder.stop() };
    const window = countOption(values, 'window');
    const samples = samplesOf(recording, model ? elementCount(model.input.shape) : window === undefined ? undefined : window * recording.names.length);
    const count = await saveSamples(out, samples, { append: values.append === true, classNames: model?.labels });
    const report = { schema: 'tinyml-record/1', out, label, series: recording.names, rows: recording.rows, recorded: samples.labels.length, samples: count };
    return { json: report, text: `${formatCount(report.rows)} rows of ${recording.names.join(', ')}: ${formatCount(report.recorded)} samples ${label}; ${out} has ${formatCount(count)}` };
  },
};
