import { parentPort } from 'node:worker_threads';

// In a thread this is the engine of the editor; what both need is in files that they share. The one that is not asked for is not read.
if (parentPort) {
  const port = parentPort;
  void import('../app/worker/serve-engine').then(({ serveEngine }) => serveEngine(port));
} else {
  // Whoever reads may have seen enough: `tinyml inspect … | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  void import('./run-cli').then(async ({ runCli }) => {
    process.exitCode = await runCli(process.argv.slice(2));
  });
}
