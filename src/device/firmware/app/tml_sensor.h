/*
 * A sensor as the model's input: its measurements go through a window, and the model runs each time TML_SENSOR_HOP more have come.
 * Measurements are int16 counts; one count is TML_SENSOR_SCALE of the sensor's unit. Compiled in where tml_options.h says so.
 */
#ifndef TML_SENSOR_H
#define TML_SENSOR_H

#include "tml_options.h"
#include "tml_port.h"

#if TML_SENSOR
#ifdef __cplusplus
extern "C" {
#endif

/* The driver: one file of sensors/. */
int tml_sensor_start(void);          /* 0 where the sensor does not answer */
uint32_t tml_sensor_millihz(void);   /* measurements in a thousand seconds */
void tml_sensor_poll(void);          /* hands over what has been measured since the last call */

/* What a driver calls: whole measurements, their channels in turn. */
void tml_sensor_take(const int16_t *counts, uint16_t count);
/* So many measurements were lost before the next one: the window begins anew, it never has a gap. */
void tml_sensor_missed(uint32_t measurements);

/* What main.c calls. */
void tml_sensor_begin(void);
void tml_sensor_step(void);
void tml_sensor_forget(void); /* a new session: not told, not played any more */
void tml_sensor_send_reply(uint8_t sequence, uint8_t flags);
void tml_sensor_play(uint8_t sequence, const uint8_t *bytes, uint16_t count);

/* Implemented by the generated tml_model.c: a count as an element of input 0. */
void tml_model_sense(uint32_t element, int16_t count);

#ifdef __cplusplus
}
#endif
#endif

#endif
