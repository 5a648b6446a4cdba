/* The one model of this firmware, whatever its name: implemented by the generated tml_model.c. */
#ifndef TML_MODEL_H
#define TML_MODEL_H

#include "tml_options.h"
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

#if TML_TRACE
/* Element types of results. */
#define TML_KIND_S8 0
#define TML_KIND_U8 1
#define TML_KIND_S16 2
#define TML_KIND_S32 3
#define TML_KIND_F32 4

typedef struct {
  const void *data; /* TML_IN_FLASH */
  uint32_t bytes;
  uint16_t layer;
} tml_constant;

extern const uint8_t tml_layer_kinds[]; /* TML_IN_FLASH, by layer */
extern const uint16_t tml_constant_count;
tml_constant tml_model_constant(uint16_t index);
#endif

#endif
