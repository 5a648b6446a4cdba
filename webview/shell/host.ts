import { RpcClient, type NoticeHandlers, type RpcContract, type RpcPort } from '../../src/base/rpc';

interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): WebviewApi;

/** The host may be asked once per page for this. */
const api = acquireVsCodeApi();

const port: RpcPort = {
  send: (message) => api.postMessage(message),
  onMessage: (listener) => {
    const forward = (event: MessageEvent): void => listener(event.data);
    window.addEventListener('message', forward);
    return { dispose: () => window.removeEventListener('message', forward) };
  },
};

export const connect = <C extends RpcContract>(notices: NoticeHandlers<C>): RpcClient<C> => new RpcClient<C>(port, notices);

/** What survives hiding and reloading of the panel. Parts that are missing or of another version come from `initial`. */
export const loadState = <S extends object>(initial: S): S => ({ ...initial, ...(api.getState() as Partial<S> | undefined) });

export const saveState = (state: object): void => api.setState(state);
