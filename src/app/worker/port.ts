import type { RpcPort } from '../../base/rpc';

/** The part of Node's `MessagePort` and `Worker` that carries messages. */
interface MessageEnd {
  postMessage(message: unknown): void;
  on(type: 'message', listener: (message: unknown) => void): unknown;
  off(type: 'message', listener: (message: unknown) => void): unknown;
}

export const rpcPortOf = (end: MessageEnd): RpcPort => ({
  send: (message) => end.postMessage(message),
  onMessage: (listener) => {
    end.on('message', listener);
    return { dispose: () => void end.off('message', listener) };
  },
});
