/* Any board with an Arduino core: its serial port and its clock in microseconds. */
#include <Arduino.h>

extern "C" {
#include "tml_link_messages.h"
#include "tml_port.h"

/* Constants have internal linkage in C++ unless they are declared before. */
#if defined(F_CPU)
extern const uint32_t tml_port_clock_hz = (uint32_t)(F_CPU);
#else
extern const uint32_t tml_port_clock_hz = 0;
#endif
extern const uint32_t tml_port_tick_hz = 1000000000u;
extern const uint8_t tml_port_tick_kind = TML_TICKS_NS;

static uint32_t started_us;

void tml_port_init(void) { Serial.begin(115200); }
int tml_port_read(void) { return Serial.read(); }
void tml_port_idle(void) { yield(); }
void tml_port_write(uint8_t byte) { Serial.write(byte); }
void tml_port_flush(void) { Serial.flush(); }
uint16_t tml_port_overruns(void) { return 0; } /* not told by Arduino's interface */
void tml_port_ticks_start(void) { started_us = micros(); }
uint64_t tml_port_ticks_stop(void) { return (uint64_t)(uint32_t)(micros() - started_us) * 1000u; }
}
