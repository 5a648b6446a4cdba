/** The decoder alone: the package's entry brings its encoder along. */
declare module 'jpeg-js/lib/decoder' {
  export default function decode(
    bytes: Uint8Array,
    options: { useTArray: true; formatAsRGBA: boolean; tolerantDecoding: boolean; maxMemoryUsageInMB: number; maxResolutionInMP: number },
  ): { readonly width: number; readonly height: number; readonly data: Uint8Array };
}
