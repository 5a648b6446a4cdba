// Runs the program given as arguments and ends it, with all that it started, when this process's stdin closes: that is, when
// whoever started it ends in any way, even killed. Started detached, so that it leads the group it ends.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(`${command}: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code) => endGroup(code ?? 1));
process.stdin.resume();
process.stdin.on('end', () => endGroup(0));
process.stdin.on('error', () => endGroup(0));
process.on('SIGTERM', () => endGroup(0));

let ending = false;
/** @param {number} code */
function endGroup(code) {
  if (ending) return;
  ending = true;
  process.on('SIGTERM', () => {}); // the group's signal reaches this process too
  process.kill(process.platform === 'win32' ? (child.pid ?? 0) : -process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.platform === 'win32' ? (child.pid ?? 0) : -process.pid, 'SIGKILL'), 3000).unref();
  if (child.exitCode !== null || child.signalCode !== null) process.exit(code);
  child.once('exit', () => process.exit(code));
}
