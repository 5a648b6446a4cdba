import { fork, type ChildProcess } from 'node:child_process';
import { orCancelled, type CancelSignal } from '../../base/cancel';
import { Emitter } from '../../base/event';
import { ProblemError } from '../../base/problem';
import { RpcClient } from '../../base/rpc';
import { appProblems } from '../problems';
import { programPath } from '../programs';
import type { OrtContract, OrtTensor } from './ort-contract';

/** A model loaded into the runner process. */
export interface OrtModel {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  run(inputs: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
  /** Frees its memory; nothing happens where the runner has ended already. */
  unload(): Promise<void>;
}

/** onnxruntime in a child process; close it when the work is done. Cancelling kills the process. */
export class OrtRunner {
  private readonly rpc: RpcClient<OrtContract>;
  private readonly child: ChildProcess;
  private readonly messages = new Emitter<unknown>();

  constructor(private readonly signal: CancelSignal) {
    // Inside the editor execPath is Electron, which is Node when told so.
    this.child = fork(programPath('ort-runner'), [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, execArgv: [] });
    this.child.on('message', (message) => this.messages.fire(message));
    this.child.on('error', (error) => this.rpc.fail(new ProblemError(appProblems.runnerMissing(error.message))));
    this.child.on('exit', (code, signal) => this.rpc.fail(new ProblemError(appProblems.runnerFailed(`The model runner ended (${signal ?? `exit code ${code}`}).`))));
    const send = (message: unknown): void => {
      if (!this.child.connected) throw new ProblemError(appProblems.runnerFailed('The model runner has ended.'));
      this.child.send(message as object);
    };
    this.rpc = new RpcClient<OrtContract>({ send, onMessage: this.messages.event });
  }

  async load(bytes: Uint8Array): Promise<OrtModel> {
    const { model, inputs, outputs } = await orCancelled(this.rpc.request('load', { bytes }), this.signal);
    return {
      inputs,
      outputs,
      run: (feeds) => orCancelled(this.rpc.request('run', { model, inputs: feeds }), this.signal),
      unload: () => this.rpc.request('unload', { model }).then(() => {}, () => {}),
    };
  }

  /** Idempotent. */
  close(): void {
    this.rpc.dispose();
    this.child.kill('SIGKILL');
  }
}
