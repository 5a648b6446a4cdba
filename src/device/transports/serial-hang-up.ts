import fs from 'node:fs';

/** What we use of serialport's bindings for Linux and macOS; on Windows there is no poller, and no such fault. */
interface PosixBinding {
  readonly isOpen: boolean;
  readonly fd: number | null;
  readonly poller?: { once(event: 'readable', then: (error?: Error | null) => void): void };
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
}

/**
 * A terminal that was hung up (unplugged, or its other end closed) reads as an endless file of no bytes. The bindings then read
 * again and again for ever, at full speed and without an event: serialport/bindings-cpp issue 162, open in version 13. This
 * reads in their place, and takes no bytes for the end that it is.
 */
export function endOnHangUp(binding: unknown): void {
  const posix = binding as PosixBinding;
  if (posix?.poller === undefined || typeof posix.fd !== 'number') return;
  posix.read = async (buffer, offset, length) => {
    for (;;) {
      if (!posix.isOpen || posix.fd === null) throw Object.assign(new Error('the port is closed'), { canceled: true });
      const bytesRead = await readOnce(posix.fd, buffer, offset, length);
      if (bytesRead === 0) throw new Error('the device hung up');
      if (bytesRead !== undefined) return { buffer, bytesRead };
      // closed meanwhile: a poller that is asked again after its end takes the whole process with it (a fault in native code)
      if (!posix.isOpen) continue;
      await new Promise<void>((resolve, reject) => posix.poller!.once('readable', (error) => (error ? reject(error) : resolve())));
    }
  };
}

/** `undefined`: nothing is there yet. */
function readOnce(fd: number, buffer: Buffer, offset: number, length: number): Promise<number | undefined> {
  return new Promise((resolve, reject) =>
    fs.read(fd, buffer, offset, length, null, (error, bytesRead) => {
      if (!error) return resolve(bytesRead);
      if (error.code === 'EAGAIN' || error.code === 'EINTR') return resolve(undefined);
      reject(error); // EBADF, ENXIO, EIO: whatever the kernel calls it, the port is gone
    }),
  );
}
