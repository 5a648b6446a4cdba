import { createHash } from 'node:crypto';
import { ESPLoader, HardReset, type FlashSizeValues } from 'esptool-js';
import { isCancelled, orCancelled } from '../../../base/cancel';
import { ProblemError } from '../../../base/problem';
import type { Task } from '../../../base/progress';
import type { EspTarget } from '../../boards/uploads';
import type { ByteLink } from '../../transports/link';
import { advice } from '../advice';
import type { ImageSegment } from '../intel-hex';
import { LinkGone, pause } from '../link-reader';
import * as problems from '../problems';
import { LinkTransport } from './link-transport';

/** esptool-js asks again for blocks alone: another reply that is lost ends the attempt, and all is made again from the reset. */
const CONNECT_ATTEMPTS = 3;
/** Resets within one attempt, alternating between short and long delays. */
const RESETS = 4;
const RESET_MS = 100;

/**
 * Writes an image into the flash of an Espressif chip: reset into its ROM bootloader by DTR and RTS, chip checked, our loader
 * ("stub") run from RAM, compressed blocks, MD5 of each segment computed on the chip and compared, then a restart. The protocol
 * is esptool-js's; addresses are offsets in flash.
 */
export async function uploadEsp(link: ByteLink, image: readonly ImageSegment[], _chip: string, target: EspTarget, task: Task): Promise<void> {
  const transport = new LinkTransport(link, task.signal);
  let lose: (why: Error | undefined) => void = () => {};
  const gone = new Promise<never>((_, reject) => (lose = (why) => reject(new LinkGone(why))));
  gone.catch(() => {}); // it matters only while the upload runs
  const watch = link.onClose((why) => lose(why));
  const uploader = new Uploader(link, transport, target, task);
  try {
    await orCancelled(Promise.race([uploader.upload(image), gone]), task.signal);
  } catch (error) {
    if (isCancelled(error) || error instanceof ProblemError) throw error;
    if (transport.stuck) throw new ProblemError(problems.lineStuck(link.name, uploader.step));
    if (error instanceof LinkGone) throw new ProblemError(problems.linkGone(link.name, uploader.step, error.why?.message));
    throw new ProblemError(problems.espFailed(link.name, uploader.step, error instanceof Error ? error.message : String(error), advice.esp));
  } finally {
    watch.dispose();
    transport.dispose();
  }
}

class Uploader {
  step = 'connecting';

  constructor(
    private readonly link: ByteLink,
    private readonly transport: LinkTransport,
    private readonly target: EspTarget,
    private readonly task: Task,
  ) {}

  async upload(image: readonly ImageSegment[]): Promise<void> {
    const { task, target } = this;
    const total = image.reduce((sum, segment) => sum + segment.bytes.length, 0);
    const loader = await this.ready(image);
    this.step = 'writing';
    const before: number[] = [];
    image.reduce((sum, segment, i) => ((before[i] = sum), sum + segment.bytes.length), 0);
    await loader.writeFlash({
      fileArray: image.map((segment) => ({ data: segment.bytes, address: segment.address })),
      flashMode: 'keep',
      flashFreq: 'keep',
      flashSize: 'keep',
      eraseAll: false,
      compress: true,
      // counts compressed bytes: shown as their share of the segment
      reportProgress: (i, written, of) => task.progress({ stage: 'Writing', done: before[i] + Math.round((written / of) * image[i].bytes.length), total }),
      // the ROM answers in another form than the loader, which esptool-js does not tell apart: without the loader, compared below
      calculateMD5Hash: loader.IS_STUB ? md5 : undefined,
    });
    this.step = 'verifying';
    task.progress({ stage: 'Verifying', done: total, total });
    if (!loader.IS_STUB) await this.verifyByRom(loader, image);
    this.step = 'restarting the chip';
    await loader.after('hard_reset');
    await this.link.setBaud(target.baud);
  }

  /** A chip that is known to be the right one and waits for blocks of flash. Nothing has been erased until here. */
  private async ready(image: readonly ImageSegment[]): Promise<ESPLoader> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.prepare(image);
      } catch (error) {
        if (isCancelled(error) || error instanceof LinkGone || error instanceof ProblemError || this.transport.stuck) throw error;
        if (isSilence(error)) throw new ProblemError(problems.noSync(this.link.name, RESETS, new Uint8Array(), advice.esp));
        if (attempt === CONNECT_ATTEMPTS) throw error;
        this.task.log.write('debug', `${this.step}: ${String(error)}; once more from the reset`);
      }
    }
  }

  private async prepare(image: readonly ImageSegment[]): Promise<ESPLoader> {
    const { task, target } = this;
    this.step = 'connecting';
    task.progress({ stage: 'Resetting the board' });
    const loader = new ESPLoader({
      transport: this.transport,
      baudrate: target.fastBaud,
      romBaudrate: target.baud,
      terminal: { clean() {}, write: () => {}, writeLine: (line: string) => task.log.write('debug', line) },
      // esptool-js's own only releases RTS, which resets nothing
      resetConstructors: { hardReset: (transport) => Object.assign(new HardReset(transport), { reset: () => this.hardReset() }) },
    });
    await loader.detectChip('default_reset', RESETS);
    const name = loader.chip.CHIP_NAME;
    if (name !== target.chip) throw new ProblemError(problems.otherChip(this.link.name, `an ${target.chip}`, name));
    this.step = 'starting the loader in RAM';
    task.progress({ stage: 'Starting the loader' });
    await loader.chip.postConnect?.(loader);
    await loader.runStub();
    if (!loader.IS_STUB) await loader.flashSpiAttach(0);
    if (loader.IS_STUB && target.fastBaud !== target.baud) await loader.changeBaud();
    await this.checkSize(loader, image);
    return loader;
  }

  /** RTS pulls EN low through a transistor; DTR stays released, so that the chip starts from flash. */
  private async hardReset(): Promise<void> {
    await this.transport.setSignals(false, true);
    await pause(RESET_MS, this.task.signal);
    await this.transport.setSignals(false, false);
  }

  private async checkSize(loader: ESPLoader, image: readonly ImageSegment[]): Promise<void> {
    this.step = 'reading the size of its flash';
    const size = await loader.detectFlashSize();
    const bytes = size === undefined ? undefined : loader.flashSizeBytes(size as FlashSizeValues);
    const end = image.reduce((max, segment) => Math.max(max, segment.address + segment.bytes.length), 0);
    if (bytes !== undefined && bytes > 0 && end > bytes) throw new ProblemError(problems.imageTooLarge(end, bytes));
  }

  private async verifyByRom(loader: ESPLoader, image: readonly ImageSegment[]): Promise<void> {
    for (const segment of image) {
      const found = await loader.flashMd5sum(segment.address, segment.bytes.length);
      const text = Buffer.from(found, 'hex').toString('latin1'); // the ROM sends the digits as text, esptool-js turns those into digits again
      if (text !== md5(segment.bytes)) throw new Error(`the MD5 of the flash at 0x${segment.address.toString(16)} is not that of the image`);
    }
  }
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const isSilence = (error: unknown): boolean => error instanceof Error && /Failed to connect/.test(error.message);
