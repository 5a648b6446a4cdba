import type { Problem } from '../../base/problem';

/** The worker thread ended while work was open: an uncaught error in it, or its memory ran out. */
export const engineStopped = (reason: string): Problem => ({
  code: 'TINYML-ENGINE-STOPPED',
  severity: 'error',
  title: 'The engine stopped while it was working',
  detail: `${reason}\nIt starts again with the next request. A model that does this each time shows a fault in TinyML Workbench: a report with this text helps.`,
  fixes: [{ title: 'Show output', command: { id: 'tinyml.showOutput' } }],
});
