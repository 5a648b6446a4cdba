import { GENERATED_MARK } from '../generated-mark';
import { compiled, type Layout } from './layout';

/** A module that CONFIG_<NAME> switches on. Source: Zephyr's module.yml and Kconfig. */
export const zephyr: Layout = {
  id: 'zephyr',
  title: 'Zephyr module',
  files(packaged) {
    const { emitted: { name }, sources, summary } = packaged;
    const config = name.toUpperCase();
    return [
      { path: 'zephyr/module.yml', text: `# ${GENERATED_MARK}\nname: ${name}\nbuild:\n  cmake: zephyr\n  kconfig: zephyr/Kconfig\n` },
      { path: 'zephyr/Kconfig', text: `# ${GENERATED_MARK}\nconfig ${config}\n\tbool "${name}: ${summary}"\n\thelp\n\t  Compiles the model's C sources. Its header is ${name}.h.\n` },
      {
        path: 'zephyr/CMakeLists.txt',
        text: `# ${GENERATED_MARK}
if(CONFIG_${config})
  zephyr_library_named(${name})
  zephyr_library_sources(
${compiled(packaged).map((file) => `    "\${CMAKE_CURRENT_LIST_DIR}/../${file}"`).join('\n')}
  )
  zephyr_include_directories("\${CMAKE_CURRENT_LIST_DIR}/..${sources ? `/${sources}` : ''}")
endif()
`,
      },
    ];
  },
};
