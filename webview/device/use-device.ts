import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeviceContract } from '../../src/messages/device';
import { connect } from '../shell/host';
import { historyOf, withUpdate, type DeviceHistory } from './history';

/** The run as the host tells it: everything at once when the panel opens, then what is new. */
export function useDevice() {
  const [history, setHistory] = useState<DeviceHistory | undefined>();
  const [frozen, setFrozen] = useState<DeviceHistory | undefined>();
  // What has come but is not drawn yet: a page that cannot keep up draws fewer frames, it never falls behind.
  const latest = useRef<DeviceHistory | undefined>(undefined);
  const due = useRef(0);
  const take = (next: DeviceHistory): void => {
    latest.current = next;
    due.current ||= requestAnimationFrame(() => {
      due.current = 0;
      setHistory(latest.current);
    });
  };
  const [client] = useState(() =>
    connect<DeviceContract>({
      update: (update) => latest.current && take(withUpdate(latest.current, update)),
      reset: (snapshot) => {
        setFrozen(undefined);
        take(historyOf(snapshot));
      },
    }),
  );
  useEffect(() => void client.request('attach', null).then((snapshot) => take(historyOf(snapshot))), []);
  // Pause freezes drawing, not recording.
  const pause = (): void => setFrozen((now) => (now ? undefined : history));
  return { history: frozen ?? history, state: history?.state, paused: frozen !== undefined, pause, client };
}
