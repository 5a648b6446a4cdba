/** C sources are bundled as text (scripts/build.mjs): engine and device descriptions do no IO. */
declare module '*.h' {
  const text: string;
  export default text;
}
declare module '*.c' {
  const text: string;
  export default text;
}
declare module '*.ld' {
  const text: string;
  export default text;
}
declare module '*.S' {
  const text: string;
  export default text;
}
declare module '*.cpp' {
  const text: string;
  export default text;
}
