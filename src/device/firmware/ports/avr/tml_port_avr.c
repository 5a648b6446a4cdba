/*
 * ATmega328P, bare metal: UART 0 at 115,200 baud with an interrupt-filled ring, Timer 1 as cycle counter.
 * Registers: ATmega328P datasheet DS40002061B, chapters 20 (USART0), 16 (Timer 1) and 10 (sleep modes).
 */
#include "tml_port.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "tml_link_messages.h"

#define BAUD 115200UL
#define RING_BYTES 64u /* a power of two; the main loop empties it long before 64 characters of 87 us have passed */

const uint32_t tml_port_clock_hz = F_CPU;
const uint32_t tml_port_tick_hz = F_CPU;
const uint8_t tml_port_tick_kind = TML_TICKS_CYCLES;

static volatile uint8_t ring[RING_BYTES];
static volatile uint8_t ring_in;
static uint8_t ring_out;
static volatile uint16_t lost;
static volatile uint16_t timer_high;

ISR(USART_RX_vect) {
  uint8_t overrun = UCSR0A & _BV(DOR0); /* must be read before the byte */
  uint8_t byte = UDR0;
  uint8_t next = (uint8_t)((ring_in + 1u) & (RING_BYTES - 1u));
  if (overrun) lost++;
  if (next == ring_out) {
    lost++;
    return;
  }
  ring[ring_in] = byte;
  ring_in = next;
}

ISR(TIMER1_OVF_vect) { timer_high++; }

void tml_port_init(void) {
  MCUSR = 0;
  wdt_disable(); /* some bootloaders start us with the watchdog running */
  UCSR0A = _BV(U2X0);
  UBRR0 = (uint16_t)((F_CPU + 4 * BAUD) / (8 * BAUD) - 1); /* 16 at 16 MHz: 2.1 % fast, as every Uno is */
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
  set_sleep_mode(SLEEP_MODE_IDLE);
  sei();
}

int tml_port_read(void) {
  uint8_t byte;
  if (ring_out == ring_in) return -1;
  byte = ring[ring_out];
  ring_out = (uint8_t)((ring_out + 1u) & (RING_BYTES - 1u));
  return byte;
}

/* Sleeps until the receiver wakes us. The instruction after sei is always executed, so no byte can slip in between. */
void tml_port_idle(void) {
  cli();
  if (ring_out == ring_in) {
    sleep_enable();
    sei();
    sleep_cpu();
    sleep_disable();
  }
  sei();
}

void tml_port_write(uint8_t byte) {
  loop_until_bit_is_set(UCSR0A, UDRE0);
  UDR0 = byte;
}

void tml_port_flush(void) {}

uint16_t tml_port_overruns(void) {
  uint16_t count;
  cli();
  count = lost;
  sei();
  return count;
}

void tml_port_ticks_start(void) {
  timer_high = 0;
  TCCR1A = 0;
  TCCR1B = 0;
  TCNT1 = 0;
  TIFR1 = _BV(TOV1);
  TIMSK1 = _BV(TOIE1);
  TCCR1B = _BV(CS10); /* one count per cycle */
}

/* Read while it counts: not every simulator keeps the value of a stopped timer. */
uint64_t tml_port_ticks_stop(void) {
  uint16_t high, low;
  cli();
  low = TCNT1;
  high = timer_high;
  if ((TIFR1 & _BV(TOV1)) && low < 0x8000u) high++; /* wrapped before it was read, but its interrupt had not run yet */
  TCCR1B = 0;
  TIMSK1 = 0;
  sei();
  return (uint64_t)high << 16 | low;
}
