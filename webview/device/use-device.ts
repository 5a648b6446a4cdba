import { useEffect, useState } from 'preact/hooks';
import type { DeviceContract } from '../../src/messages/device';
import { connect } from '../shell/host';
import { historyOf, withUpdate, type DeviceHistory } from './history';

/** The run as the host tells it: everything at once when the panel opens, then what is new. */
export function useDevice() {
  const [history, setHistory] = useState<DeviceHistory | undefined>();
  const [frozen, setFrozen] = useState<DeviceHistory | undefined>();
  const [client] = useState(() =>
    connect<DeviceContract>({
      update: (update) => setHistory((before) => before && withUpdate(before, update)),
      reset: (snapshot) => {
        setFrozen(undefined);
        setHistory(historyOf(snapshot));
      },
    }),
  );
  useEffect(() => void client.request('attach', null).then((snapshot) => setHistory(historyOf(snapshot))), []);
  // Pause freezes drawing, not recording.
  const pause = (): void => setFrozen((now) => (now ? undefined : history));
  return { history: frozen ?? history, state: history?.state, paused: frozen !== undefined, pause, client };
}
