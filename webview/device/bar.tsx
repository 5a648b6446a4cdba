import type { DeviceState } from '../../src/messages/device';
import { Button, Icon, IconButton } from '../kit';

interface BarProps {
  readonly state: DeviceState;
  readonly onBoard: () => void;
  readonly onStop: () => void;
  readonly onRerun: () => void;
  readonly onOutput: () => void;
  readonly onVerify: () => void;
  readonly onExport: () => void;
  /** Absent where nothing is fed. */
  readonly onFeed?: (how: 'hold' | 'step' | 'go') => void;
  /** Absent where nothing can be recorded. */
  readonly onRecord?: () => void;
  readonly paused: boolean;
  /** Absent where there is nothing to pause. */
  readonly onPause?: () => void;
}

const isRunning = ({ phase }: DeviceState): boolean => phase === 'preparing' || phase === 'streaming';

/** Board, state, firmware, and what can be done now. */
export const Bar = ({ state, onBoard, onStop, onRerun, onOutput, onVerify, onExport, onFeed, onRecord, paused, onPause }: BarProps) => (
  <header class="bar">
    <button type="button" class="board" onClick={onBoard} title="Choose another board for the next run">
      <Icon small name="circuit-board" />
      <b>{state.board?.name ?? 'No board'}</b>
      {state.board?.simulated && !/simulated/.test(state.board.name) && <span class="dim">simulated</span>}
      <Icon small name="chevron-down" />
    </button>
    <span class="phase" role="status"><i class={`dot ${state.phase}`} aria-hidden="true" />{state.text}</span>
    <span class="dim small-text facts" title={state.firmware}>{[state.model, state.firmware].filter(Boolean).join(' · ')}</span>
    <span class="grow" />
    {isRunning(state) && <Button primary icon="debug-stop" onClick={onStop}>Stop</Button>}
    {!isRunning(state) && state.model && <Button primary icon="debug-restart" disabled={state.phase === 'stopping'} onClick={onRerun}>Run again</Button>}
    {state.phase === 'streaming' && onFeed && (state.held
      ? <><Button icon="debug-step-over" onClick={() => onFeed('step')}>Next sample</Button><Button icon="play" onClick={() => onFeed('go')}>Go on</Button></>
      : <Button icon="debug-step-over" title="Feed the samples one by one" onClick={() => onFeed('hold')}>Step</Button>)}
    {onPause && <Button icon={paused ? 'debug-continue' : 'debug-pause'} title="Freezes what is drawn; recording goes on (Space)" onClick={onPause}>{paused ? 'Continue' : 'Pause'}</Button>}
    {onRecord && <Button icon={state.recording ? 'debug-stop' : 'record'} title={state.recording ? `Recording ${state.recording}` : 'Record what the board measures or prints, under a label'} onClick={onRecord}>{state.recording ? `Stop recording ${state.recording}` : 'Record'}</Button>}
    {state.model && <Button icon="verified" onClick={onVerify}>Verify</Button>}
    {onPause && <IconButton icon="export" label="Export as CSV" onClick={onExport} />}
    <Button icon="output" onClick={onOutput}>Output</Button>
  </header>
);
