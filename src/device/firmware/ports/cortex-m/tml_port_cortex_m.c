/*
 * Cortex-M boards as QEMU simulates them: one of two UARTs, and SysTick. The board's data gives TML_UART_ADDRESS and
 * TML_UART_INTERRUPT. Registers: Cortex-M System Design Kit TRM, APB UART; nRF51 Series Reference Manual, chapter 29 (UART);
 * Armv7-M ARM B3.3 (SysTick) and B3.4 (NVIC), the same in the other profiles.
 *
 * QEMU runs with a deterministic clock: each instruction takes TML_NS_PER_INSTRUCTION of virtual time, so SysTick counts
 * instructions. The tick rate we tell is the core's clock: the time at one instruction per cycle.
 */
#include "tml_port.h"

#include "tml_link_messages.h"

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define UART(offset) REGISTER(TML_UART_ADDRESS + (offset))
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define NVIC_ISER(n) REGISTER(0xE000E100u + 4u * (n))
#define PS_PER_TICK (1000000000000ull / F_CPU)

const uint32_t tml_port_clock_hz = F_CPU;
const uint32_t tml_port_tick_hz = F_CPU;
const uint8_t tml_port_tick_kind = TML_TICKS_INSTRUCTIONS;

static volatile uint32_t systick_wraps;
static uint16_t lost;

void SysTick_Handler(void);
void UART0_Handler(void);
void tml_fault(void);

void SysTick_Handler(void) { systick_wraps++; }

#if defined(TML_UART_NRF51)
#define UART_STARTRX UART(0x000)
#define UART_STARTTX UART(0x008)
#define UART_RXDRDY UART(0x108) /* event: a byte has come */
#define UART_TXDRDY UART(0x11C) /* event: the byte is out */
#define UART_INTENSET UART(0x304)
#define UART_INTENCLR UART(0x308)
#define UART_ENABLE UART(0x500)
#define UART_RXD UART(0x518)
#define UART_TXD UART(0x51C)
#define RXDRDY_BIT 4u

/* Only wakes the core from wfi: the interrupt is the event itself, which stays until the byte is read. */
void UART0_Handler(void) { UART_INTENCLR = RXDRDY_BIT; }

static void uart_init(void) {
  UART_ENABLE = 4;
  UART_STARTTX = 1;
  UART_STARTRX = 1;
}

static int uart_has_byte(void) { return UART_RXDRDY != 0; }
static void uart_wake_on_byte(void) { UART_INTENSET = RXDRDY_BIT; }

static uint8_t uart_take(void) {
  UART_RXDRDY = 0;
  return (uint8_t)UART_RXD;
}

static void uart_count_lost(void) {} /* its receiver has six buffers and no overrun event that the simulator raises */

void tml_port_write(uint8_t byte) {
  UART_TXDRDY = 0;
  UART_TXD = byte;
  while (!UART_TXDRDY) {
  }
}
#else /* CMSDK */
#define UART_DATA UART(0x00)
#define UART_STATE UART(0x04) /* 1: transmitter full, 2: byte received, 8: received byte overrun */
#define UART_CTRL UART(0x08)
#define UART_INTERRUPT UART(0x0C)
#define UART_BAUDDIV UART(0x10)

/* Only wakes the core from wfi: the byte stays for tml_port_read, which lets QEMU send the next. */
void UART0_Handler(void) { UART_INTERRUPT = 2; }

static void uart_init(void) {
  UART_BAUDDIV = 16; /* the smallest that the UART accepts */
  UART_CTRL = 1u | 2u | 8u; /* transmit, receive, receive interrupt */
}

static int uart_has_byte(void) { return (UART_STATE & 2u) != 0; }
static void uart_wake_on_byte(void) {}
static uint8_t uart_take(void) { return (uint8_t)UART_DATA; }

static void uart_count_lost(void) {
  if (UART_STATE & 8u) {
    UART_STATE = 8u;
    lost++;
  }
}

void tml_port_write(uint8_t byte) {
  while (UART_STATE & 1u) {
  }
  UART_DATA = byte;
}
#endif

void tml_fault(void) {
  static const char text[] = "hard fault\n";
  const char *at;
  for (at = text; *at != 0; at++) tml_port_write((uint8_t)*at);
  for (;;) __asm volatile("wfi");
}

void tml_port_init(void) {
  uart_init();
  NVIC_ISER(TML_UART_INTERRUPT / 32u) = 1u << (TML_UART_INTERRUPT % 32u);
}

int tml_port_read(void) {
  uart_count_lost();
  return uart_has_byte() ? (int)uart_take() : -1;
}

/*
 * Sleeps when nothing has come for a while: within a frame, waking the simulated core for each byte would cost far more than
 * looking again. Interrupts are masked around the test, so that a byte between test and wfi still ends the wfi.
 */
void tml_port_idle(void) {
  uint32_t looks;
  for (looks = 0; looks < 2000u; looks++) {
    if (uart_has_byte()) return;
  }
  __asm volatile("cpsid i" ::: "memory");
  uart_wake_on_byte();
  if (!uart_has_byte()) __asm volatile("wfi");
  __asm volatile("cpsie i" ::: "memory");
}

void tml_port_flush(void) {}
uint16_t tml_port_overruns(void) { return lost; }

/* SysTick runs only while it measures: an idle board then has no timer that keeps the simulator busy. */
void tml_port_ticks_start(void) {
  systick_wraps = 0;
  SYST_RVR = 0xffffffu;
  SYST_CVR = 0;
  SYST_CSR = 7; /* core clock, interrupt at zero, on */
  while (SYST_CVR == 0) { /* reads 0 until its first reload */
  }
}

uint64_t tml_port_ticks_stop(void) {
  uint32_t wraps, count;
  uint64_t ticks;
  do {
    wraps = systick_wraps;
    count = SYST_CVR;
  } while (wraps != systick_wraps);
  SYST_CSR = 0;
  ticks = ((uint64_t)wraps << 24) + (0xffffffu - count);
  return (ticks * PS_PER_TICK + TML_NS_PER_INSTRUCTION * 500ull) / (TML_NS_PER_INSTRUCTION * 1000ull);
}
