/*
 * MPS2 board (Arm AN386) as QEMU simulates it: CMSDK UART 0 and SysTick.
 * Registers: Cortex-M System Design Kit TRM, APB UART; Armv7-M ARM B3.3 (SysTick).
 *
 * QEMU runs with a deterministic clock: each instruction takes TML_NS_PER_INSTRUCTION of virtual time, so SysTick counts
 * instructions. The tick rate we tell is the core's clock: the time at one instruction per cycle.
 */
#include "tml_port.h"

#include "tml_link_messages.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define UART_DATA REGISTER(0x40004000u)
#define UART_STATE REGISTER(0x40004004u) /* 1: transmitter full, 2: byte received, 8: received byte overrun */
#define UART_CTRL REGISTER(0x40004008u)
#define UART_INTERRUPT REGISTER(0x4000400Cu)
#define UART_BAUDDIV REGISTER(0x40004010u)
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define NVIC_ISER0 REGISTER(0xE000E100u)

const uint32_t tml_port_clock_hz = F_CPU;
const uint32_t tml_port_tick_hz = F_CPU;
const uint8_t tml_port_tick_kind = TML_TICKS_INSTRUCTIONS;

static volatile uint32_t systick_wraps;
static uint16_t lost;

void SysTick_Handler(void);
void UART0_Handler(void);
void tml_fault(void);

void SysTick_Handler(void) { systick_wraps++; }

/* Only wakes the core from wfi: the byte stays for tml_port_read, which lets QEMU send the next. */
void UART0_Handler(void) {
  UART_INTERRUPT = 2;
}

void tml_fault(void) {
  static const char text[] = "hard fault\n";
  const char *at;
  for (at = text; *at != 0; at++) tml_port_write((uint8_t)*at);
  for (;;) __asm volatile("wfi");
}

void tml_port_init(void) {
  UART_BAUDDIV = 16; /* the smallest that the UART accepts */
  UART_CTRL = 1u | 2u | 8u; /* transmit, receive, receive interrupt */
  NVIC_ISER0 = 1u;
}

int tml_port_read(void) {
  if (UART_STATE & 8u) {
    UART_STATE = 8u;
    lost++;
  }
  return UART_STATE & 2u ? (int)(UART_DATA & 0xffu) : -1;
}

/*
 * Sleeps when nothing has come for a while: within a frame, waking the simulated core for each byte would cost far more than
 * looking again. Interrupts are masked around the test, so that a byte between test and wfi still ends the wfi.
 */
void tml_port_idle(void) {
  uint32_t looks;
  for (looks = 0; looks < 2000u; looks++) {
    if (UART_STATE & 2u) return;
  }
  __asm volatile("cpsid i" ::: "memory");
  if (!(UART_STATE & 2u)) __asm volatile("wfi");
  __asm volatile("cpsie i" ::: "memory");
}

void tml_port_write(uint8_t byte) {
  while (UART_STATE & 1u) {
  }
  UART_DATA = byte;
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
  return (ticks * (1000000000u / F_CPU) + TML_NS_PER_INSTRUCTION / 2u) / TML_NS_PER_INSTRUCTION;
}
