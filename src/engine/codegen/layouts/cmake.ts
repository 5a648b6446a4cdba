import { GENERATED_MARK } from '../generated-mark';
import { compiled, type Packaged } from './layout';
import type { SourceFile } from '../emit';

/** A static library for CMake that is a component of ESP-IDF as well: one file for all. */
export function cmakeFile(packaged: Packaged): SourceFile {
  const { emitted: { name }, sources } = packaged;
  return {
    path: 'CMakeLists.txt',
    text: `# ${GENERATED_MARK}: add_subdirectory(...) and target_link_libraries(... ${name}); as a component of ESP-IDF it registers itself.
set(${name}_sources
${compiled(packaged).map((file) => `  "\${CMAKE_CURRENT_LIST_DIR}/${file}"`).join('\n')}
)

if(ESP_PLATFORM)
  idf_component_register(SRCS \${${name}_sources} INCLUDE_DIRS "${sources || '.'}")
  return()
endif()

cmake_minimum_required(VERSION 3.13)
project(${name} C)
add_library(${name} STATIC \${${name}_sources})
target_include_directories(${name} PUBLIC "\${CMAKE_CURRENT_LIST_DIR}${sources ? `/${sources}` : ''}")
set_target_properties(${name} PROPERTIES C_STANDARD 99)
${libraryOf(packaged)}if(UNIX)
  target_link_libraries(${name} PUBLIC m)
endif()
`,
  };
}

/** Where the model calls a library, its target if the project has it. */
function libraryOf({ program, emitted: { name } }: Packaged): string {
  const libraries = [...new Set(program.steps.flatMap((step) => step.kernel?.backend ?? []))];
  return libraries.map((library) => `if(TARGET ${library})\n  target_link_libraries(${name} PUBLIC ${library})\nendif()\n`).join('');
}
