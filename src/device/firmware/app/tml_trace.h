/* What a run tells of its layers: compiled in where tml_options.h says so. The generated model calls it after each layer. */
#ifndef TML_TRACE_H
#define TML_TRACE_H

#include "tml_options.h"
#include "tml_port.h"

#if TML_TRACE
/* The generated model's hook: a layer's number, its result, and the result's bytes. */
#define TML_LAYER_END(layer, result, bytes) tml_trace_layer(layer, result, bytes)

void tml_trace_layer(uint16_t layer, const void *result, uint32_t bytes);

void tml_trace_start(void);                           /* once, before anything runs deep: marks the stack */
void tml_trace_watch(uint8_t flags, uint16_t layer);  /* of the runs that follow */
void tml_trace_begin(uint8_t sequence);               /* a run begins, its clock after it */
uint64_t tml_trace_end(uint64_t ticks);               /* it has ended: all its ticks, given those since its last layer */
void tml_trace_send_weights(uint8_t sequence, uint16_t layer);
void tml_trace_send_memory(uint8_t sequence);
#endif

#endif
