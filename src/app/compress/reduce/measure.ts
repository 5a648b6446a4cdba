/** What a target is about. `macs`, `flash`, `ram` are exact for the generated C; `time` is modelled. */
export const measures = ['macs', 'flash', 'ram', 'time'] as const;
export type Measure = (typeof measures)[number];
