/* A PDM microphone behind Arduino's PDM library: one channel of int16. Its interrupt fills a queue that covers the model's run. */
#include <Arduino.h>
#include <PDM.h>

#include "tml_sensor.h"

#define QUEUE 4096u /* a power of two: a quarter of a second at 16 kHz */
#define CHUNK 256u

static int16_t queue[QUEUE];
static volatile uint32_t queue_in, lost;
static volatile uint8_t dropping; /* full once: nothing more until all before the gap is taken, and the gap is told */
static uint32_t queue_out, lost_told;

static void received(void) {
  static int16_t chunk[CHUNK];
  int bytes = PDM.available();
  while (bytes > 0) {
    const int got = PDM.read(chunk, bytes < (int)sizeof chunk ? bytes : (int)sizeof chunk);
    if (got <= 0) return;
    for (int i = 0; i < got / 2; i++) {
      if (!dropping && queue_in - queue_out < QUEUE) {
        queue[queue_in % QUEUE] = chunk[i];
        queue_in = queue_in + 1;
      } else {
        dropping = 1;
        lost = lost + 1;
      }
    }
    bytes -= got;
  }
}

int tml_sensor_start(void) {
  PDM.onReceive(received);
  return PDM.begin(1, TML_SENSOR_MILLIHZ / 1000);
}

uint32_t tml_sensor_millihz(void) { return TML_SENSOR_MILLIHZ; }

void tml_sensor_poll(void) {
  int16_t chunk[CHUNK];
  uint16_t count = 0;
  while (count < CHUNK && queue_out != queue_in) {
    chunk[count++] = queue[queue_out % QUEUE];
    queue_out++;
  }
  if (count > 0) {
    tml_sensor_take(chunk, count);
  } else if (dropping) {
    noInterrupts();
    const uint32_t now = lost;
    dropping = 0;
    interrupts();
    tml_sensor_missed(now - lost_told);
    lost_told = now;
  }
}
