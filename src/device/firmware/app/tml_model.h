/* The one model of this firmware, whatever its name: implemented by the generated tml_model.c. */
#ifndef TML_MODEL_H
#define TML_MODEL_H

#include "tml_port.h"

typedef struct {
  uint8_t *data;
  uint32_t bytes; /* 0: there is no such input or output */
} tml_part;

extern const char tml_model_name[];
extern const char tml_board_name[];
extern const uint32_t tml_model_hash;
extern const uint32_t tml_model_arena_bytes;
extern const uint32_t tml_model_input_bytes;  /* of all inputs together */
extern const uint32_t tml_model_output_bytes; /* of all outputs together */

/* Both return 0, or an error code of the generated model. */
int tml_model_init(void);
int tml_model_run(void);

tml_part tml_model_input(uint8_t index);
tml_part tml_model_output(uint8_t index);

#endif
