/* A board without a sensor of its own: measurements are played over the link (TML_MSG_PLAY), at the rate of whoever plays them. */
#include "tml_sensor.h"

int tml_sensor_start(void) { return 1; }
uint32_t tml_sensor_millihz(void) { return TML_SENSOR_MILLIHZ; }
void tml_sensor_poll(void) {}
