/* An accelerometer behind an Arduino library, whose calls tml_sensor_driver.h names. Results of these libraries are in g. */
#include <Arduino.h>

#include "tml_sensor.h"
#include "tml_sensor_driver.h"

static float hz;
static uint32_t polled_us;

/* The rate is the library's own figure: it differs between versions. */
int tml_sensor_start(void) {
  if (!TML_IMU_BEGIN()) return 0;
  hz = TML_IMU_HZ();
  polled_us = micros();
  return 1;
}

uint32_t tml_sensor_millihz(void) { return hz > 0 ? (uint32_t)(hz * 1000.0f + 0.5f) : TML_SENSOR_MILLIHZ; }

static int16_t counts_of(float g) {
  const float count = g / TML_SENSOR_SCALE;
  return (int16_t)(count > 32767.0f ? 32767.0f : count < -32768.0f ? -32768.0f : count < 0 ? count - 0.5f : count + 0.5f);
}

/* The sensor keeps the latest TML_IMU_QUEUE measurements: what came beyond them since the last look, while the model ran, is known by the time alone. */
static void count_missed(void) {
  const uint32_t now = micros();
  const uint32_t came = (uint32_t)((float)(uint32_t)(now - polled_us) * hz * 1e-6f);
  polled_us = now;
  if (came > TML_IMU_QUEUE) tml_sensor_missed(came - TML_IMU_QUEUE);
}

void tml_sensor_poll(void) {
  float x, y, z;
  count_missed();
  while (TML_IMU_WAITING() > 0 && TML_IMU_READ(x, y, z)) {
    const int16_t counts[3] = {counts_of(x), counts_of(y), counts_of(z)};
    tml_sensor_take(counts, 3); /* runs the model where a window is full */
    if (TML_IMU_QUEUE == 1) return;
  }
}
