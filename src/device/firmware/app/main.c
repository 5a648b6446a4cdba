/* The application around one model: answers the host's requests, one at a time (src/device/protocol/messages.ts). */
#include <string.h>

#include "tml_app.h"
#include "tml_link.h"
#include "tml_model.h"
#include "tml_sensor.h"
#include "tml_trace.h"

static const char firmware_name[] TML_IN_FLASH = "tinyml-link 1";

/* The last infer, so that one sent again is answered again and not run again. Sequence 0: none. */
static struct {
  uint8_t sequence;
  int16_t status;
  uint64_t ticks;
} last_run;

static uint8_t model_ready;

/* The host is in the middle of writing inputs or reading outputs: nothing else may touch them. */
static uint8_t host_has_model;

static uint8_t flash_text_bytes(const char *text) {
  uint8_t bytes = 0;
  while (bytes < 255 && tml_flash_byte(text + bytes) != 0) bytes++;
  return bytes;
}

static void set_piece(tml_piece *piece, const void *data, uint16_t bytes, uint8_t in_flash) {
  piece->data = data;
  piece->bytes = bytes;
  piece->in_flash = in_flash;
}

static void send_hello(uint8_t sequence) {
  static const char *const names[3] = {firmware_name, tml_board_name, tml_model_name};
  uint8_t fixed[TML_HELLO_REPLY_FIXED_BYTES];
  uint8_t lengths[3];
  tml_piece pieces[7];
  uint8_t i;
  fixed[TML_HELLO_REPLY_PROTOCOL] = TML_PROTOCOL_VERSION;
  tml_put_u16(fixed + TML_HELLO_REPLY_MAX_PAYLOAD, TML_MAX_PAYLOAD);
  tml_put_u32(fixed + TML_HELLO_REPLY_MODEL_HASH, tml_model_hash);
  tml_put_u32(fixed + TML_HELLO_REPLY_ARENA_BYTES, tml_model_arena_bytes);
  tml_put_u32(fixed + TML_HELLO_REPLY_INPUT_BYTES, tml_model_input_bytes);
  tml_put_u32(fixed + TML_HELLO_REPLY_OUTPUT_BYTES, tml_model_output_bytes);
  tml_put_u32(fixed + TML_HELLO_REPLY_CLOCK_HZ, tml_port_clock_hz);
  tml_put_u32(fixed + TML_HELLO_REPLY_TICK_HZ, tml_port_tick_hz);
  fixed[TML_HELLO_REPLY_TICK_KIND] = tml_port_tick_kind;
  tml_put_u16(fixed + TML_HELLO_REPLY_OVERRUNS, tml_port_overruns());
  set_piece(pieces, fixed, sizeof fixed, 0);
  for (i = 0; i < 3; i++) {
    lengths[i] = flash_text_bytes(names[i]);
    set_piece(pieces + 1 + 2 * i, lengths + i, 1, 0);
    set_piece(pieces + 2 + 2 * i, names[i], lengths[i], 1);
  }
  tml_link_send(TML_MSG_HELLO_REPLY, sequence, pieces, 7);
}

static void send_ack(uint8_t sequence) { tml_link_send(TML_MSG_ACK, sequence, 0, 0); }

static void send_error(uint8_t sequence, uint8_t code) {
  tml_piece piece;
  set_piece(&piece, &code, 1, 0);
  tml_link_send(TML_MSG_ERROR, sequence, &piece, 1);
}

/* Bytes into the inputs at an offset that counts through all of them; 0 when they do not lie inside. */
static int write_inputs(const uint8_t *bytes, uint16_t count, uint32_t offset) {
  uint8_t index = 0;
  if (offset > tml_model_input_bytes || count > tml_model_input_bytes - offset) return 0;
  while (count > 0) {
    tml_part part = tml_model_input(index++);
    if (offset < part.bytes) {
      uint16_t here = count;
      if (here > part.bytes - offset) here = (uint16_t)(part.bytes - offset);
      memcpy(part.data + offset, bytes, here);
      bytes += here;
      count = (uint16_t)(count - here);
      offset = 0;
    } else {
      offset -= part.bytes;
    }
  }
  return 1;
}

/* The payloads of input and infer are alike: an offset, then the bytes. */
static int write_chunk(const tml_frame *frame) {
  uint16_t count = (uint16_t)(frame->bytes - TML_INPUT_FIXED_BYTES);
  return write_inputs(frame->payload + TML_INPUT_BYTES, count, tml_get_u32(frame->payload + TML_INPUT_OFFSET));
}

/* The outputs from an offset on, as far as they lie in one piece and fit in one frame. */
static void output_piece(tml_piece *piece, uint32_t offset, uint16_t limit) {
  uint8_t index = 0;
  tml_part part = tml_model_output(index);
  while (part.bytes != 0 && offset >= part.bytes) {
    offset -= part.bytes;
    part = tml_model_output(++index);
  }
  if (part.bytes != 0 && limit > part.bytes - offset) limit = (uint16_t)(part.bytes - offset);
  set_piece(piece, part.bytes != 0 ? part.data + offset : 0, part.bytes != 0 ? limit : 0, 0);
}

static void send_result(uint8_t sequence) {
  uint8_t fixed[TML_RESULT_FIXED_BYTES];
  tml_piece pieces[2];
  tml_put_u16(fixed + TML_RESULT_STATUS, (uint16_t)last_run.status);
  tml_put_u64(fixed + TML_RESULT_TICKS, last_run.ticks);
  set_piece(pieces, fixed, sizeof fixed, 0);
  output_piece(pieces + 1, 0, TML_MAX_RESULT_BYTES);
  tml_link_send(TML_MSG_RESULT, sequence, pieces, 2);
}

static void read_output(const tml_frame *frame) {
  uint32_t offset = tml_get_u32(frame->payload + TML_READ_OUTPUT_OFFSET);
  uint16_t length = tml_get_u16(frame->payload + TML_READ_OUTPUT_LENGTH);
  tml_piece pieces[2];
  if (offset >= tml_model_output_bytes || length > tml_model_output_bytes - offset) {
    send_error(frame->sequence, TML_ERROR_OUT_OF_RANGE);
    return;
  }
  if (length > TML_MAX_RESULT_BYTES) length = TML_MAX_RESULT_BYTES;
  if (length == tml_model_output_bytes - offset) host_has_model = 0;
  set_piece(pieces, frame->payload + TML_READ_OUTPUT_OFFSET, 4, 0);
  output_piece(pieces + 1, offset, length);
  tml_link_send(TML_MSG_OUTPUT, frame->sequence, pieces, 2);
}

static void run(void) {
  tml_port_ticks_start();
  last_run.status = (int16_t)tml_model_run();
  last_run.ticks = tml_port_ticks_stop();
}

static void infer(const tml_frame *frame) {
  if (frame->sequence == last_run.sequence) {
    send_result(frame->sequence);
    return;
  }
  if (!write_chunk(frame)) {
    send_error(frame->sequence, TML_ERROR_OUT_OF_RANGE);
    return;
  }
  last_run.sequence = frame->sequence;
  send_ack(frame->sequence);
#if TML_TRACE
  tml_trace_begin(frame->sequence);
#endif
  run();
#if TML_TRACE
  last_run.ticks = tml_trace_end(last_run.ticks);
#endif
  host_has_model = tml_model_output_bytes > TML_MAX_RESULT_BYTES;
  send_result(last_run.sequence);
}

static void input(const tml_frame *frame) {
  host_has_model = 1;
  if (write_chunk(frame)) send_ack(frame->sequence);
  else send_error(frame->sequence, TML_ERROR_OUT_OF_RANGE);
}

static void restart(void) {
  model_ready = tml_model_init() == 0;
  last_run.sequence = 0;
  host_has_model = 0;
}

/* Length a request must at least have, and whether it needs the model. */
static int payload_fits(const tml_frame *frame, uint16_t least, uint8_t exact) {
  if (frame->bytes < least || (exact && frame->bytes != least)) send_error(frame->sequence, TML_ERROR_BAD_PAYLOAD);
  else if (!model_ready) send_error(frame->sequence, TML_ERROR_NOT_READY);
  else return 1;
  return 0;
}

static void answer(const tml_frame *frame) {
  switch (frame->type) {
    case TML_MSG_HELLO:
      last_run.sequence = 0;
      host_has_model = 0;
#if TML_TRACE
      tml_trace_watch(0, TML_NO_LAYER);
#endif
#if TML_SENSOR
      tml_sensor_forget();
#endif
      send_hello(frame->sequence);
      break;
    case TML_MSG_INPUT:
      if (payload_fits(frame, TML_INPUT_FIXED_BYTES, 0)) input(frame);
      break;
    case TML_MSG_INFER:
      if (payload_fits(frame, TML_INFER_FIXED_BYTES, 0)) infer(frame);
      break;
    case TML_MSG_READ_OUTPUT:
      if (payload_fits(frame, TML_READ_OUTPUT_FIXED_BYTES, 1)) read_output(frame);
      break;
    case TML_MSG_RESTART:
      restart();
      send_ack(frame->sequence);
      break;
#if TML_TRACE
    case TML_MSG_WATCH:
      if (!payload_fits(frame, TML_WATCH_FIXED_BYTES, 1)) break;
      tml_trace_watch(frame->payload[TML_WATCH_FLAGS], tml_get_u16(frame->payload + TML_WATCH_LAYER));
      send_ack(frame->sequence);
      break;
    case TML_MSG_WEIGHTS:
      if (payload_fits(frame, TML_WEIGHTS_FIXED_BYTES, 1)) tml_trace_send_weights(frame->sequence, tml_get_u16(frame->payload + TML_WEIGHTS_LAYER));
      break;
    case TML_MSG_MEMORY:
      tml_trace_send_memory(frame->sequence);
      break;
#endif
#if TML_SENSOR
    case TML_MSG_SENSE:
      if (payload_fits(frame, TML_SENSE_FIXED_BYTES, 1)) tml_sensor_send_reply(frame->sequence, frame->payload[TML_SENSE_FLAGS]);
      break;
    case TML_MSG_PLAY:
      if (payload_fits(frame, TML_PLAY_FIXED_BYTES, 0)) tml_sensor_play(frame->sequence, frame->payload + TML_PLAY_BYTES, frame->bytes);
      break;
#endif
    default:
      send_error(frame->sequence, TML_ERROR_UNKNOWN_TYPE);
  }
}

void tml_app_start(void) {
#if TML_TRACE
  tml_trace_start();
#endif
  tml_port_init();
  restart();
  send_hello(0);
#if TML_SENSOR
  tml_sensor_begin();
#endif
}

void tml_app_run(void) {
  if (!model_ready || host_has_model) return;
  last_run.sequence = 0;
  run();
  send_result(0);
}

void tml_app_step(void) {
  tml_frame frame;
#if TML_SENSOR
  tml_sensor_step();
#endif
  if (tml_link_poll(&frame)) answer(&frame);
  else tml_port_idle();
}

#if !defined(ARDUINO) && !defined(ESP_PLATFORM) && !defined(__ZEPHYR__) /* their ports call the two above */
int main(void) {
  tml_app_start();
  for (;;) tml_app_step();
}
#endif
