/* Layer reports: while a run is watched its clock stands still after each layer, until that layer's numbers are sent. */
#include "tml_trace.h"

#if TML_TRACE
#include <string.h>

#include "tml_link.h"
#include "tml_model.h"

static struct {
  uint64_t ticks;    /* of the layers so far */
  uint32_t overhead; /* ticks between start and stop with nothing between them */
  uint16_t layer;    /* whose tensor is sent */
  uint8_t flags, sequence;
  uint8_t running; /* asked for by the host: a sketch's own runs are not told of */
} trace;

/* CRC-32/ISO-HDLC, bit by bit: no table in RAM or flash. */
static uint32_t crc32_byte(uint32_t crc, uint8_t byte) {
  uint8_t bit;
  crc ^= byte;
  for (bit = 0; bit < 8; bit++) crc = crc & 1u ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
  return crc;
}

typedef struct {
  uint32_t crc, least, most, at_least, at_most;
} summary;

/* One integer element, whose type ends at low and high. */
static void count(summary *to, int32_t value, int32_t low, int32_t high) {
  if (value < (int32_t)to->least) to->least = (uint32_t)value;
  if (value > (int32_t)to->most) to->most = (uint32_t)value;
  if (value == low) to->at_least++;
  if (value == high) to->at_most++;
}

static void count_integers(summary *to, const uint8_t *at, uint32_t bytes, uint8_t kind) {
  const uint8_t *end = at + bytes;
  to->least = 0x7fffffffu;
  to->most = 0x80000000u;
  switch (kind) {
    case TML_KIND_S8:
      for (; at < end; at++) count(to, (int8_t)*at, -128, 127);
      break;
    case TML_KIND_U8:
      for (; at < end; at++) count(to, *at, 0, 255);
      break;
    case TML_KIND_S16:
      for (; at + 1 < end; at += 2) count(to, (int16_t)tml_get_u16(at), -32767 - 1, 32767);
      break;
    default:
      for (; at + 3 < end; at += 4) count(to, (int32_t)tml_get_u32(at), (int32_t)0x80000000u, 0x7fffffff);
  }
}

#if TML_TRACE_FLOATS
/* Ordered as floats: the bits of negative numbers run backwards. */
static int32_t order(uint32_t bits) { return (int32_t)(bits & 0x80000000u ? 0x80000000u - bits : bits); }

static void count_floats(summary *to, const uint8_t *at, uint32_t bytes) {
  const uint8_t *end = at + bytes;
  to->least = 0x7f7fffffu;
  to->most = 0xff7fffffu;
  for (; at + 3 < end; at += 4) {
    uint32_t bits = tml_get_u32(at);
    if ((bits & 0x7f800000u) == 0x7f800000u) { /* infinite, or no number */
      if (bits == 0xff800000u) to->at_least++;
      else to->at_most++;
      continue;
    }
    if (order(bits) < order(to->least)) to->least = bits;
    if (order(bits) > order(to->most)) to->most = bits;
  }
}
#endif

static summary summary_of(const uint8_t *at, uint32_t bytes, uint8_t kind) {
  summary result;
  uint32_t i;
  memset(&result, 0, sizeof result);
  result.crc = 0xffffffffu;
  for (i = 0; i < bytes; i++) result.crc = crc32_byte(result.crc, at[i]);
  result.crc = ~result.crc;
#if TML_TRACE_FLOATS
  if (kind == TML_KIND_F32) {
    count_floats(&result, at, bytes);
    return result;
  }
#endif
  count_integers(&result, at, bytes, kind);
  return result;
}

static void send_fixed(uint8_t type, uint8_t sequence, const uint8_t *fixed, uint16_t bytes) {
  tml_piece piece;
  piece.data = fixed;
  piece.bytes = bytes;
  piece.in_flash = 0;
  tml_link_send(type, sequence, &piece, 1);
}

static void send_layer(uint16_t layer, const uint8_t *result, uint32_t bytes, uint64_t ticks) {
  uint8_t fixed[TML_LAYER_DONE_FIXED_BYTES];
  summary s = summary_of(result, bytes, tml_flash_byte(tml_layer_kinds + layer));
  tml_put_u16(fixed + TML_LAYER_DONE_LAYER, layer);
  tml_put_u64(fixed + TML_LAYER_DONE_TICKS, ticks);
  tml_put_u32(fixed + TML_LAYER_DONE_BYTES, bytes);
  tml_put_u32(fixed + TML_LAYER_DONE_CRC, s.crc);
  tml_put_u32(fixed + TML_LAYER_DONE_LEAST, s.least);
  tml_put_u32(fixed + TML_LAYER_DONE_MOST, s.most);
  tml_put_u32(fixed + TML_LAYER_DONE_AT_LEAST, s.at_least);
  tml_put_u32(fixed + TML_LAYER_DONE_AT_MOST, s.at_most);
  send_fixed(TML_MSG_LAYER_DONE, trace.sequence, fixed, sizeof fixed);
}

static void send_tensor(uint16_t layer, const uint8_t *result, uint32_t bytes) {
  uint8_t fixed[TML_TENSOR_FIXED_BYTES];
  tml_piece pieces[2];
  uint32_t offset, here;
  tml_put_u16(fixed + TML_TENSOR_LAYER, layer);
  memset(pieces, 0, sizeof pieces);
  pieces[0].data = fixed;
  pieces[0].bytes = sizeof fixed;
  for (offset = 0; offset < bytes; offset += here) {
    here = bytes - offset < TML_MAX_RESULT_BYTES ? bytes - offset : TML_MAX_RESULT_BYTES;
    tml_put_u32(fixed + TML_TENSOR_OFFSET, offset);
    pieces[1].data = result + offset;
    pieces[1].bytes = (uint16_t)here;
    tml_link_send(TML_MSG_TENSOR, trace.sequence, pieces, 2);
  }
}

void tml_trace_layer(uint16_t layer, const void *result, uint32_t bytes) {
  uint64_t ticks;
  if (!trace.running || !(trace.flags & TML_WATCH_LAYERS)) return;
  ticks = tml_port_ticks_stop();
  ticks -= ticks < trace.overhead ? ticks : trace.overhead;
  trace.ticks += ticks;
  send_layer(layer, (const uint8_t *)result, bytes, ticks);
  if (layer == trace.layer) send_tensor(layer, (const uint8_t *)result, bytes);
  tml_port_ticks_start();
}

void tml_trace_watch(uint8_t flags, uint16_t layer) {
  trace.flags = flags;
  trace.layer = layer;
  if (!flags) return;
  tml_port_ticks_start();
  trace.overhead = (uint32_t)tml_port_ticks_stop();
}

void tml_trace_begin(uint8_t sequence) {
  trace.sequence = sequence;
  trace.ticks = 0;
  trace.running = 1;
}

uint64_t tml_trace_end(uint64_t ticks) {
  trace.running = 0;
  return trace.ticks + ticks;
}

void tml_trace_send_weights(uint8_t sequence, uint16_t layer) {
  uint8_t fixed[TML_WEIGHTS_REPLY_FIXED_BYTES];
  uint32_t crc = 0xffffffffu, total = 0, i;
  uint16_t index;
  for (index = 0; index < tml_constant_count; index++) {
    tml_constant constant = tml_model_constant(index);
    if (constant.layer != layer) continue;
    for (i = 0; i < constant.bytes; i++) crc = crc32_byte(crc, tml_flash_byte((const uint8_t *)constant.data + i));
    total += constant.bytes;
  }
  tml_put_u16(fixed + TML_WEIGHTS_REPLY_LAYER, layer);
  tml_put_u32(fixed + TML_WEIGHTS_REPLY_BYTES, total);
  tml_put_u32(fixed + TML_WEIGHTS_REPLY_CRC, ~crc);
  send_fixed(TML_MSG_WEIGHTS_REPLY, sequence, fixed, sizeof fixed);
}

/* ---- the stack: filled with a mark at start, looked through from its far end when asked ---- */

#if TML_OWN_STACK && defined(__AVR__)
extern uint8_t _end[];
#define STACK_LOW ((uintptr_t)_end)
#define STACK_HIGH ((uintptr_t)RAMEND + 1u)
#elif TML_OWN_STACK
extern uint8_t __bss_end[], __stack_top[];
#define STACK_LOW ((uintptr_t)__bss_end)
#define STACK_HIGH ((uintptr_t)__stack_top)
#endif

#if defined(STACK_LOW)
#define STACK_MARK 0xA5u
#define STACK_LOOKED_AT 0x8000u /* bytes below the top: boards with megabytes of RAM need not wait for all of it */

static uintptr_t stack_from(void) { return STACK_HIGH - STACK_LOW > STACK_LOOKED_AT ? STACK_HIGH - STACK_LOOKED_AT : STACK_LOW; }

static uint32_t stack_used(void) {
  uintptr_t at = stack_from();
  while (at < STACK_HIGH && *(volatile uint8_t *)at == STACK_MARK) at++;
  return (uint32_t)(STACK_HIGH - at);
}

void tml_trace_start(void) {
  volatile uint8_t here = 0;
  uintptr_t at, end = (uintptr_t)&here - 48u; /* clear of this function's own frame */
  for (at = stack_from(); at < end; at++) *(volatile uint8_t *)at = STACK_MARK;
}
#else
void tml_trace_start(void) {}
#endif

void tml_trace_send_memory(uint8_t sequence) {
  uint8_t fixed[TML_MEMORY_REPLY_FIXED_BYTES];
#if defined(STACK_LOW)
  tml_put_u32(fixed + TML_MEMORY_REPLY_STACK_USED, stack_used());
  tml_put_u32(fixed + TML_MEMORY_REPLY_STACK_BYTES, (uint32_t)(STACK_HIGH - STACK_LOW));
#else
  memset(fixed, 0, sizeof fixed);
#endif
  send_fixed(TML_MSG_MEMORY_REPLY, sequence, fixed, sizeof fixed);
}
#endif
