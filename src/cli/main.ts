import { parentPort } from 'node:worker_threads';
import { serveEngine } from '../app/worker/serve-engine';
import { runCli } from './run-cli';

// In a thread this is the engine of the editor: both need all of it, and a package that held it twice would be too large.
if (parentPort) serveEngine(parentPort);
else {
  // Whoever reads may have seen enough: `tinyml inspect … | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  void runCli(process.argv.slice(2)).then((status) => {
    process.exitCode = status;
  });
}
