/* The sketch: all it does is in tml_app.h. Generated: changes are lost. */
#include <Arduino.h>

#include "tml_app.h"

void setup() { tml_app_start(); }
void loop() { tml_app_step(); }
