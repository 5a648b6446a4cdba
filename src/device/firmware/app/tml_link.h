/*
 * Frames 0x00 COBS(type, sequence, payload, crc16) 0x00 over the bytes of tml_port.h, with plain text allowed between them.
 * No allocation: one buffer for the frame being received; frames are sent straight from where their parts lie.
 */
#ifndef TML_LINK_H
#define TML_LINK_H

#include "tml_link_messages.h"
#include "tml_port.h"

typedef struct {
  uint8_t type;
  uint8_t sequence;
  const uint8_t *payload; /* valid until the next call of tml_link_poll */
  uint16_t bytes;
} tml_frame;

/* A stretch of the payload to be sent. */
typedef struct {
  const void *data;
  uint16_t bytes;
  uint8_t in_flash; /* data is TML_IN_FLASH */
} tml_piece;

/* Takes what the port has received; 1 when that completed a good frame. Anything else on the line is passed over. */
int tml_link_poll(tml_frame *frame);

/* Sends one frame whose payload is the pieces in order. */
void tml_link_send(uint8_t type, uint8_t sequence, const tml_piece *pieces, uint8_t count);

/* A line of text of the given TML_LOG_... level. */
void tml_link_log(uint8_t level, const char *text);

uint16_t tml_get_u16(const uint8_t *at);
uint32_t tml_get_u32(const uint8_t *at);
void tml_put_u16(uint8_t *at, uint16_t value);
void tml_put_u32(uint8_t *at, uint32_t value);
void tml_put_u64(uint8_t *at, uint64_t value);

#endif
