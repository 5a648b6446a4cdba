import path from 'node:path';
import { LineSplitter } from '../base/lines';
import { formatCount } from '../base/units';
import { flashImage } from '../app/flash-image';
import { programPath } from '../app/programs';
import type { ByteLink } from '../device/transports/link';
import { UsageError, type CommandInput, type CommandResult } from './command';

const hex = (value: number): string => `0x${value.toString(16)}`;

/** `tinyml flash --image <file>`: no model, no comparison; with --monitor what the board then prints. */
export async function flashImageCommand({ values, task, say }: CommandInput, boardId: string): Promise<CommandResult> {
  const text = (name: string): string | undefined => values[name] as string | undefined;
  const address = text('address') === undefined ? undefined : Number(text('address'));
  if (address !== undefined && !(Number.isInteger(address) && address >= 0)) throw new UsageError('--address is a number, such as 0x10000');
  const seconds = text('monitor') === undefined ? 0 : Number(text('monitor'));
  if (!(seconds >= 0)) throw new UsageError('--monitor is a number of seconds');
  const { report, link } = await flashImage(
    { path: path.resolve(text('image')!), boardId, portPath: text('port'), via: text('via'), address },
    { programs: { avrSimulator: programPath('avr-simulator'), rp2040Simulator: programPath('rp2040-simulator') }, workspace: process.cwd(), env: process.env },
    task,
  );
  say(`${report.board}: ${formatCount(report.bytes)} B from ${hex(report.from)} to ${hex(report.to)}, written and verified`);
  const printed = link ? await monitor(link, seconds, task.signal, say) : '';
  return { json: { ...report, printed }, text: '' };
}

async function monitor(link: ByteLink, seconds: number, signal: CommandInput['task']['signal'], say: (line: string) => void): Promise<string> {
  let all = '';
  const lines = new LineSplitter();
  const decoder = new TextDecoder();
  const subscription = link.onData((bytes) => {
    const text = decoder.decode(bytes, { stream: true });
    all += text;
    for (const line of lines.push(text)) say(`| ${line}`);
  });
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
    link.onClose(end);
  });
  subscription.dispose();
  await link.close();
  return all;
}
