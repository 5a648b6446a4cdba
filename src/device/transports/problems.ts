import type { Problem } from '../../base/problem';

export const portTaken = (portPath: string, holder: string): Problem => ({
  code: 'TINYML-PORT-TAKEN',
  severity: 'error',
  title: `${portPath} is in use by ${holder}`,
  fixes: [{ title: `Stop ${holder} first` }],
});
