import { useEffect, useRef, useState } from 'preact/hooks';
import type { VerifyContract, VerifyView } from '../../src/messages/verify';
import { connect } from '../shell/host';

/** The verification as the host tells it. `onStep` is called for the keys that go from difference to difference. */
export function useVerify(onStep: (by: 1 | -1) => void) {
  const [view, setView] = useState<VerifyView | undefined>();
  const step = useRef(onStep);
  step.current = onStep;
  const [client] = useState(() => connect<VerifyContract>({ update: setView, step: ({ by }) => step.current(by) }));
  useEffect(() => void client.request('attach', null).then(setView), []);
  return { view, client };
}
