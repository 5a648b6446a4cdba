import { GENERATED_MARK } from '../generated-mark';
import { cmakeFile } from './cmake';
import { PACKAGE_VERSION, type Layout } from './layout';

/** Source: ESP-IDF's build system and component manifest. */
export const espIdf: Layout = {
  id: 'esp-idf',
  title: 'ESP-IDF component',
  files: (packaged) => [
    cmakeFile(packaged),
    { path: 'idf_component.yml', text: `# ${GENERATED_MARK}\nversion: "${PACKAGE_VERSION}"\ndescription: ${JSON.stringify(packaged.summary)}\n` },
  ],
};
