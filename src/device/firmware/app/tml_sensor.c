#include "tml_sensor.h"

#include <string.h>

#include "tml_app.h"
#include "tml_link.h"

#define FRAMES TML_SENSOR_WINDOW
#define CHANNELS TML_SENSOR_CHANNELS

static const char kind[] TML_IN_FLASH = TML_SENSOR_KIND;
static const char unit[] TML_IN_FLASH = TML_SENSOR_UNIT;

/* The latest measurements, a ring: the model may write over its input while it runs. */
static int16_t window[FRAMES][CHANNELS];
static uint32_t next, filled, since_run;
static uint32_t measured, missed; /* measurements since start, and those lost of them */
static uint8_t measures, tells, played;
static uint8_t last_play; /* sequence number, so that one sent again is not taken twice; 0: none */

void tml_sensor_begin(void) {
  measures = (uint8_t)(tml_sensor_start() != 0);
  if (!measures) tml_link_log(TML_LOG_ERROR, "the sensor does not answer");
}

void tml_sensor_step(void) {
  if (measures && !played) tml_sensor_poll();
}

void tml_sensor_forget(void) {
  if (played) filled = since_run = 0;
  tells = played = last_play = 0;
}

static void send_samples(const int16_t *counts, uint16_t count) {
  uint8_t fixed[TML_SAMPLES_FIXED_BYTES];
  tml_piece pieces[2];
  memset(pieces, 0, sizeof pieces);
  tml_put_u32(fixed + TML_SAMPLES_FIRST, measured);
  tml_put_u32(fixed + TML_SAMPLES_MISSED, missed);
  pieces[0].data = fixed;
  pieces[0].bytes = sizeof fixed;
  pieces[1].data = counts; /* every chip that this is for is little-endian */
  pieces[1].bytes = (uint16_t)(count * sizeof *counts);
  tml_link_send(TML_MSG_SAMPLES, 0, pieces, 2);
}

static void run(void) {
  uint32_t frame, at = next; /* the oldest */
  uint8_t channel;
  for (frame = 0; frame < FRAMES; frame++) {
    for (channel = 0; channel < CHANNELS; channel++) {
#if TML_SENSOR_PLANAR
      tml_model_sense((uint32_t)channel * FRAMES + frame, window[at][channel]);
#else
      tml_model_sense(frame * CHANNELS + channel, window[at][channel]);
#endif
    }
    if (++at == FRAMES) at = 0;
  }
  tml_app_run();
}

void tml_sensor_take(const int16_t *counts, uint16_t count) {
  if (tells) send_samples(counts, count);
  while (count >= CHANNELS) {
    memcpy(window[next], counts, sizeof window[next]);
    if (++next == FRAMES) next = 0;
    if (filled < FRAMES) filled++;
    measured++;
    since_run++;
    if (filled == FRAMES && since_run >= TML_SENSOR_HOP) {
      since_run = 0;
      run();
    }
    counts += CHANNELS;
    count = (uint16_t)(count - CHANNELS);
  }
}

void tml_sensor_missed(uint32_t measurements) {
  if (measurements == 0) return;
  if (missed == 0) tml_link_log(TML_LOG_WARNING, "measurements were missed while the model ran: windows begin anew behind them");
  missed += measurements;
  measured += measurements;
  filled = since_run = 0;
}

static uint8_t text_bytes(const char *text) {
  uint8_t bytes = 0;
  while (tml_flash_byte(text + bytes) != 0) bytes++;
  return bytes;
}

void tml_sensor_send_reply(uint8_t sequence, uint8_t flags) {
  const float scale = TML_SENSOR_SCALE;
  uint8_t fixed[TML_SENSE_REPLY_FIXED_BYTES], lengths[2];
  uint32_t bits;
  tml_piece pieces[5];
  tells = flags & TML_SENSE_TELL;
  memset(pieces, 0, sizeof pieces);
  memcpy(&bits, &scale, sizeof bits);
  fixed[TML_SENSE_REPLY_MEASURES] = measures;
  fixed[TML_SENSE_REPLY_CHANNELS] = CHANNELS;
  tml_put_u32(fixed + TML_SENSE_REPLY_MILLI_HZ, tml_sensor_millihz());
  tml_put_u32(fixed + TML_SENSE_REPLY_SCALE, bits);
  tml_put_u32(fixed + TML_SENSE_REPLY_WINDOW, FRAMES);
  tml_put_u32(fixed + TML_SENSE_REPLY_HOP, TML_SENSOR_HOP);
  lengths[0] = text_bytes(kind);
  lengths[1] = text_bytes(unit);
  pieces[0].data = fixed;
  pieces[0].bytes = sizeof fixed;
  pieces[1].data = lengths;
  pieces[3].data = lengths + 1;
  pieces[1].bytes = pieces[3].bytes = 1;
  pieces[2].data = kind;
  pieces[2].bytes = lengths[0];
  pieces[4].data = unit;
  pieces[4].bytes = lengths[1];
  pieces[2].in_flash = pieces[4].in_flash = 1;
  tml_link_send(TML_MSG_SENSE_REPLY, sequence, pieces, 5);
}

/* Runs the model in between, as often as windows are full; acknowledged when all is taken in. */
void tml_sensor_play(uint8_t sequence, const uint8_t *bytes, uint16_t count) {
  int16_t counts[CHANNELS];
  uint8_t channel;
  if (sequence != last_play) {
    if (!played) filled = since_run = 0; /* nothing of the sensor's own in the first window */
    played = 1;
    last_play = sequence;
    for (; count >= sizeof counts; count = (uint16_t)(count - sizeof counts)) {
      for (channel = 0; channel < CHANNELS; channel++, bytes += 2) counts[channel] = (int16_t)tml_get_u16(bytes);
      tml_sensor_take(counts, CHANNELS);
    }
  }
  tml_link_send(TML_MSG_ACK, sequence, 0, 0);
}
