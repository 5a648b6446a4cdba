#include "tml_link.h"

#include <string.h>

#define FRAME_BYTES (TML_MAX_PAYLOAD + 4) /* type, sequence, payload, crc16 */

/* CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xffff. Bit by bit: faster than any UART, and no table in RAM or flash. */
static uint16_t crc_byte(uint16_t crc, uint8_t byte) {
  uint8_t bit;
  crc ^= (uint16_t)((uint16_t)byte << 8);
  for (bit = 0; bit < 8; bit++) {
    uint16_t top = crc & 0x8000u;
    crc = (uint16_t)(crc << 1);
    if (top) crc ^= 0x1021u;
  }
  return crc;
}

uint16_t tml_get_u16(const uint8_t *at) { return (uint16_t)(at[0] | (uint16_t)at[1] << 8); }
uint32_t tml_get_u32(const uint8_t *at) { return (uint32_t)tml_get_u16(at) | (uint32_t)tml_get_u16(at + 2) << 16; }

void tml_put_u16(uint8_t *at, uint16_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
}

void tml_put_u32(uint8_t *at, uint32_t value) {
  tml_put_u16(at, (uint16_t)value);
  tml_put_u16(at + 2, (uint16_t)(value >> 16));
}

void tml_put_u64(uint8_t *at, uint64_t value) {
  tml_put_u32(at, (uint32_t)value);
  tml_put_u32(at + 4, (uint32_t)(value >> 32));
}

/* ---- receiving: COBS is undone byte by byte, so that the buffer holds the plain frame ---- */

static struct {
  uint8_t bytes[FRAME_BYTES];
  uint16_t length;
  uint8_t left;     /* bytes of the current COBS block still to come */
  uint8_t zero_due; /* the block stands for a zero at its end, unless the frame ends there */
  uint8_t bad;      /* too long for us, or not COBS: skip to the next zero */
} rx;

static void rx_begin(void) {
  rx.length = 0;
  rx.left = 0;
  rx.zero_due = 0;
  rx.bad = 0;
}

static void rx_put(uint8_t byte) {
  if (rx.length < FRAME_BYTES) rx.bytes[rx.length++] = byte;
  else rx.bad = 1;
}

/* A zero has come: is what lies before it a good frame? */
static int rx_end(tml_frame *frame) {
  uint16_t crc = 0xffffu;
  uint16_t i;
  uint16_t body = rx.length;
  int good = !rx.bad && rx.left == 0 && body >= 4;
  if (good) {
    body = (uint16_t)(body - 2);
    for (i = 0; i < body; i++) crc = crc_byte(crc, rx.bytes[i]);
    good = crc == tml_get_u16(rx.bytes + body);
  }
  if (good) {
    frame->type = rx.bytes[0];
    frame->sequence = rx.bytes[1];
    frame->payload = rx.bytes + 2;
    frame->bytes = (uint16_t)(body - 2);
  }
  rx_begin();
  return good;
}

int tml_link_poll(tml_frame *frame) {
  int byte;
  while ((byte = tml_port_read()) >= 0) {
    if (byte == 0) {
      if (rx_end(frame)) return 1;
    } else if (rx.left == 0) {
      if (rx.zero_due) rx_put(0);
      rx.left = (uint8_t)(byte - 1);
      rx.zero_due = byte != 0xff;
    } else {
      rx_put((uint8_t)byte);
      rx.left--;
    }
  }
  return 0;
}

/* ---- sending: COBS needs to know how far the next zero is, so the frame is read twice instead of buffered ---- */

typedef struct {
  const tml_piece *pieces;
  uint16_t offset; /* in the current piece */
  uint8_t piece, count;
  uint8_t ends[4]; /* type and sequence, then the crc: what lies around the payload */
  uint8_t end_at;
} reader;

/* The next byte of type, sequence, payload, crc; -1 after the last. */
static int next_byte(reader *from) {
  if (from->end_at < 2) return from->ends[from->end_at++];
  while (from->piece < from->count) {
    const tml_piece *piece = from->pieces + from->piece;
    if (from->offset < piece->bytes) {
      const uint8_t *at = (const uint8_t *)piece->data + from->offset++;
      return piece->in_flash ? tml_flash_byte(at) : *at;
    }
    from->piece++;
    from->offset = 0;
  }
  return from->end_at < 4 ? from->ends[from->end_at++] : -1;
}

static uint16_t crc_of(const reader *from) {
  uint16_t crc = crc_byte(crc_byte(0xffffu, from->ends[0]), from->ends[1]);
  uint8_t piece;
  uint16_t i;
  for (piece = 0; piece < from->count; piece++) {
    const tml_piece *now = from->pieces + piece;
    for (i = 0; i < now->bytes; i++) {
      const uint8_t *at = (const uint8_t *)now->data + i;
      crc = crc_byte(crc, now->in_flash ? tml_flash_byte(at) : *at);
    }
  }
  return crc;
}

void tml_link_send(uint8_t type, uint8_t sequence, const tml_piece *pieces, uint8_t count) {
  reader from;
  int more = 1;
  memset(&from, 0, sizeof from);
  from.pieces = pieces;
  from.count = count;
  from.ends[0] = type;
  from.ends[1] = sequence;
  tml_put_u16(from.ends + 2, crc_of(&from));
  tml_port_write(0);
  while (more) {
    reader ahead = from;
    uint8_t run = 0;
    int byte = -1;
    while (run < 254 && (byte = next_byte(&ahead)) > 0) run++;
    tml_port_write((uint8_t)(run + 1));
    while (run > 0) {
      tml_port_write((uint8_t)next_byte(&from));
      run--;
    }
    if (byte > 0) { /* a full block stands for no zero */
      ahead = from;
      more = next_byte(&ahead) >= 0;
    } else if (byte == 0) {
      (void)next_byte(&from);
    } else {
      more = 0;
    }
  }
  tml_port_write(0);
  tml_port_flush();
}

void tml_link_log(uint8_t level, const char *text) {
  tml_piece pieces[2];
  memset(pieces, 0, sizeof pieces);
  pieces[0].data = &level;
  pieces[0].bytes = 1;
  pieces[1].data = text;
  pieces[1].bytes = (uint16_t)strlen(text);
  tml_link_send(TML_MSG_LOG, 0, pieces, 2);
}
