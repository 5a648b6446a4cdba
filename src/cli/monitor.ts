import path from 'node:path';
import { scoreBar } from '../base/score-bar';
import { formatCount, formatTimeUs } from '../base/units';
import { directEngine } from '../app/engine-direct';
import { monitorPort } from '../app/monitor-port';
import { portBroker } from '../app/port-broker';
import type { RunEvent } from '../app/run-contract';
import { sensorLine } from '../app/sensor/sensor-line';
import { openFollowing } from '../device/connect/follow-port';
import { bindingsOf, bindOption } from './bind-option';
import { UsageError, type Command } from './command';
import { memoryOf, memoryOptions } from './memory-options';
import { countOption } from './run-deps';

export const DEFAULT_BAUD = 115_200;
/** Events that --json gives; the newest. A board may print for days. */
const KEPT = 100_000;

export const monitor: Command = {
  name: 'monitor',
  usage: '--port <path>',
  summary: 'listen to a board that runs: its text, its series, its predictions',
  options: {
    port: { type: 'string', value: 'path', help: 'serial port; `tinyml ports` lists them' },
    baud: { type: 'string', value: 'n', help: `speed of the port; ${DEFAULT_BAUD} where absent` },
    model: { type: 'string', value: 'path', help: 'the model on the board: its outputs are then read as predictions' },
    ...bindOption,
    ...memoryOptions,
    seconds: { type: 'string', value: 'n', help: 'end after so many seconds; otherwise with Ctrl+C' },
    quiet: { type: 'boolean', help: 'send nothing to the board, not even who-are-you' },
  },
  positionals: 0,
  async run({ values, task, say }) {
    const portPath = values.port;
    if (typeof portPath !== 'string') throw new UsageError('monitor needs --port; `tinyml ports` lists them');
    const seconds = countOption(values, 'seconds');
    const model = values.model === undefined ? undefined : await directEngine(task).request('identify', { path: path.resolve(values.model as string), bindings: bindingsOf(values.bind as string | undefined), memory: memoryOf(values) });
    const events: (RunEvent & { readonly at: string })[] = [];
    let last: RunEvent | undefined;
    const listening = await monitorPort({ portPath, baud: countOption(values, 'baud') ?? DEFAULT_BAUD, hello: values.quiet !== true, model }, openFollowing(portBroker, 'the monitor'), (event) => {
      const at = new Date().toISOString();
      if (event.kind !== 'samples') events.push({ ...event, at });
      if (events.length > KEPT) events.shift();
      if (event.kind !== 'closed') last = event;
      const line = lineOf(event);
      if (line !== undefined) say(`${at.slice(11, 23)}  ${line}`);
    });
    await new Promise<void>((resolve) => {
      const timer = seconds === undefined ? undefined : setTimeout(resolve, seconds * 1000);
      task.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
    const { stats } = listening;
    await listening.stop();
    const summary = await listening.done;
    const lost = last?.kind === 'link' && last.state === 'lost';
    const counts = stats ? `${formatCount(stats.bytes)} bytes: ${formatCount(stats.frames)} frames, ${formatCount(stats.textBytes)} bytes of text, ${formatCount(stats.brokenBytes)} broken` : 'the link is lost';
    return { json: { schema: 'tinyml-monitor/1', port: portPath, summary, link: stats ?? null, events }, text: counts, failed: lost };
  },
};

function lineOf(event: RunEvent): string | undefined {
  if (event.kind === 'text') return `| ${event.level ? `${event.level}: ` : ''}${event.text}`;
  if (event.kind === 'link') return event.text;
  if (event.kind === 'connected') return `firmware ${event.hello.firmware} on ${event.board.name}, arena ${formatCount(event.hello.arenaBytes)} B`;
  if (event.kind === 'prediction') return `${event.label}  ${event.score.toFixed(3)} ${scoreBar(event.score)}  ${formatTimeUs(event.us)}`;
  if (event.kind === 'sensor') return sensorLine(event.sensor);
  return undefined;
}
