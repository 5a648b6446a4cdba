import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelIdentity } from '../../app/engine-contract';
import type { RunDeps } from '../../app/run-contract';
import type { Disposable } from '../../base/disposable';
import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import { logTo } from '../ui/log';
import { nothingIsHeard } from '../problems';
import { DevicePanel } from './device-panel';
import { RunManager } from './run-manager';

interface Monitored extends Disposable {
  readonly runs: RunManager;
  readonly panel: DevicePanel;
  readonly channel: vscode.LogOutputChannel;
  readonly model: ModelIdentity | undefined;
}

export interface MonitorOptions {
  readonly portPath: string;
  readonly baud: number;
  /** The model on the board, where it is known. */
  readonly path?: string;
  readonly model?: ModelIdentity;
}

/** Ports that are listened to: each a session of its own, with its own output channel and panel. */
export class Monitors implements Disposable {
  private readonly byPort = new Map<string, Monitored>();

  constructor(private readonly extensionUri: vscode.Uri, private readonly deps: () => RunDeps) {}

  get ports(): readonly string[] {
    return [...this.byPort].filter(([, { runs }]) => runs.state.phase !== 'stopped').map(([port]) => port);
  }

  /** Listens anew where the port is listened to already. @throws ProblemError where it cannot be opened */
  async start(options: MonitorOptions, task: Task): Promise<void> {
    const { portPath, path: model = '' } = options;
    const session = this.sessionOf(options);
    session.panel.show(true);
    session.channel.show(true);
    await session.runs.start({ path: model, boardId: '', portPath }, { id: '', name: portPath, kind: 'hardware' }, task);
  }

  /** Begins or ends a recording at the port of a panel; of the only port where none is named. */
  async record(runs?: RunManager): Promise<void> {
    const monitored = [...this.byPort.values()];
    const session = monitored.find((one) => one.runs === runs) ?? (runs ? undefined : monitored[0]);
    const recorded = session?.runs ?? runs;
    if (!recorded) throw new ProblemError(nothingIsHeard());
    // Of a run that was flashed, the model is known by its file.
    const flashed = session ? undefined : recorded.lastRequest?.request;
    const model = session?.model ?? (flashed && (await this.deps().engine.request('identify', { path: flashed.path, bindings: flashed.bindings })));
    const { toggleRecording } = await import('../on-demand');
    await toggleRecording(recorded, model);
  }

  async stop(portPath: string): Promise<void> {
    await this.byPort.get(portPath)?.runs.stop();
  }

  dispose(): void {
    for (const session of this.byPort.values()) session.dispose();
    this.byPort.clear();
  }

  private sessionOf({ portPath, baud, model }: MonitorOptions): Monitored {
    this.byPort.get(portPath)?.dispose();
    const channel = vscode.window.createOutputChannel(`TinyML ${portPath}`, { log: true });
    const runs = new RunManager(
      async (_request, _deps, _task, onEvent) => {
        const { monitorPort, portBroker, openFollowing } = await import('../on-demand');
        return monitorPort({ portPath, baud, hello: true, model }, openFollowing(portBroker, 'the monitor'), onEvent);
      },
      this.deps,
      logTo(channel),
    );
    const panel = new DevicePanel(this.extensionUri, runs, `TinyML ${path.basename(portPath)}`);
    const session: Monitored = {
      runs, panel, channel, model,
      dispose: () => {
        void runs.stop();
        for (const part of [panel, runs, channel]) part.dispose();
      },
    };
    this.byPort.set(portPath, session);
    return session;
  }
}
