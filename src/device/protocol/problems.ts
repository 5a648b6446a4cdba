import type { Problem } from '../../base/problem';
import { formatBytes, formatCount } from '../../base/units';
import { errorCodes, PROTOCOL_VERSION } from './messages';

export const noReply = (link: string, request: string, attempts: number, timeoutMs: number): Problem => ({
  code: 'TINYML-LINK-NO-REPLY',
  severity: 'error',
  title: `${link} did not answer ${request}`,
  detail: `${attempts} attempts, ${formatCount(timeoutMs)} ms each. The board may run other firmware, or none.`,
  fixes: [{ title: 'Flash the firmware again' }, { title: 'Check that no other program has the port open, and that the cable carries data' }],
});

export const linkClosed = (link: string, why: string | undefined): Problem => ({
  code: 'TINYML-LINK-CLOSED',
  severity: 'error',
  title: `The connection to ${link} is closed`,
  detail: why,
  fixes: [{ title: 'Connect the board again, then run it again' }],
});

/** Code of a request that a reset of the board has swallowed. */
export const RESTARTED = 'TINYML-LINK-RESTARTED';

export const boardRestarted = (link: string, model: string): Problem => ({
  code: RESTARTED,
  severity: 'error',
  title: `${link} restarted while a request was open`,
  detail: `It now runs the model "${model}". A reset by its button, its supply voltage, or a fault of the firmware does this.`,
  fixes: [{ title: 'Run again; where it happens every time, check free RAM and the power supply' }],
});

const refusals: Record<number, string> = {
  [errorCodes.unknownType]: 'it does not know this request',
  [errorCodes.badPayload]: 'the request has the wrong length',
  [errorCodes.outOfRange]: 'the bytes lie outside of the model\'s inputs or outputs',
  [errorCodes.notReady]: 'the model could not be initialised',
};

/** Code of a request that the firmware does not know, or will not do. */
export const REFUSED = 'TINYML-LINK-REFUSED';

export const refused = (link: string, request: string, code: number): Problem => ({
  code: REFUSED,
  severity: 'error',
  title: `${link} refused ${request}: ${refusals[code] ?? `error ${code}`}`,
  fixes: [{ title: 'Flash firmware built by this version of the extension' }],
});

export const protocolMismatch = (link: string, version: number): Problem => ({
  code: 'TINYML-LINK-VERSION',
  severity: 'error',
  title: `${link} speaks version ${version} of the link protocol, this program version ${PROTOCOL_VERSION}`,
  fixes: [{ title: 'Flash the firmware again' }],
});

export const malformedReply = (link: string, message: string): Problem => ({
  code: 'TINYML-LINK-MALFORMED',
  severity: 'error',
  title: `${link} sent a malformed ${message} message`,
  fixes: [{ title: 'Flash firmware built by this version of the extension' }],
});

export const wrongInputSize = (given: number, expected: number, model: string): Problem => ({
  code: 'TINYML-LINK-INPUT-SIZE',
  severity: 'error',
  title: `The input has ${formatBytes(given)}, the model "${model}" on the board takes ${formatBytes(expected)}`,
  detail: `${formatCount(given)} bytes given, ${formatCount(expected)} expected.`,
  fixes: [{ title: 'Flash the model that these inputs belong to' }],
});

export const modelFailed = (model: string, status: number): Problem => ({
  code: 'TINYML-LINK-RUN-FAILED',
  severity: 'error',
  title: `The model "${model}" stopped on the board with status ${status}`,
  detail: 'Generated models return 0 unless a runtime check that was asked for fails.',
  fixes: [{ title: 'Generate the C sources without runtime checks, or correct the input they reject' }],
});
