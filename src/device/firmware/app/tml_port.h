/* What the application needs of a board. One file implements it per port. */
#ifndef TML_PORT_H
#define TML_PORT_H

#include <stdint.h>

/* Largest payload received in one frame; the frame buffer is 4 bytes larger. Ports give it with their buffers in mind. */
#if defined(__AVR__)
#define TML_MAX_PAYLOAD 68
#define TML_MAX_RESULT_BYTES 256
#else
#define TML_MAX_PAYLOAD 1028
#define TML_MAX_RESULT_BYTES 4096
#endif

/* Constants that stay in flash where a chip's data space has none of it. */
#if defined(__AVR__)
#include <avr/pgmspace.h>
#define TML_IN_FLASH PROGMEM
#define tml_flash_byte(address) pgm_read_byte(address)
#else
#define TML_IN_FLASH
#define tml_flash_byte(address) (*(const uint8_t *)(address))
#endif

extern const uint32_t tml_port_clock_hz;
extern const uint32_t tml_port_tick_hz;
extern const uint8_t tml_port_tick_kind; /* TML_TICKS_... */

void tml_port_init(void);

/* The next received byte, or -1 when none is waiting. */
int tml_port_read(void);

/* Called when nothing is waiting: may sleep until something could be. */
void tml_port_idle(void);

void tml_port_write(uint8_t byte);

/* The bytes of a frame are complete: send what is buffered. */
void tml_port_flush(void);

/* Received bytes lost because nobody had fetched them. */
uint16_t tml_port_overruns(void);

/* A counter that need only run between these two. */
void tml_port_ticks_start(void);
uint64_t tml_port_ticks_stop(void);

#endif
