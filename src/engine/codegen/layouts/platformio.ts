import { GENERATED_MARK } from '../generated-mark';
import { PACKAGE_VERSION, type Layout } from './layout';

/** Source: PlatformIO's library.json. */
export const platformio: Layout = {
  id: 'platformio',
  title: 'PlatformIO library',
  files: ({ emitted: { name }, sources, summary }) => [
    {
      path: 'library.json',
      text: `${JSON.stringify(
        {
          name, version: PACKAGE_VERSION, description: `${GENERATED_MARK}: ${summary}`, keywords: ['tinyml', 'neural network'], frameworks: '*', platforms: '*', headers: `${name}.h`,
          build: { srcDir: sources || '.', includeDir: sources || '.' },
        },
        undefined,
        2,
      )}\n`,
    },
  ],
};
