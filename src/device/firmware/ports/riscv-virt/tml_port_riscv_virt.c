/*
 * QEMU's RISC-V virt machine: 16550 UART and the counter of retired instructions. Registers: PC16550D datasheet, section 8;
 * RISC-V Platform-Level Interrupt Controller Specification 1.0, memory map; RISC-V Privileged Architecture, minstret and mie.
 *
 * With a deterministic clock each instruction counts as TML_NS_PER_INSTRUCTION in minstret.
 */
#include "tml_port.h"

#include "tml_link_messages.h"

#define UART(offset) (*(volatile uint8_t *)(uintptr_t)(TML_UART_ADDRESS + (offset)))
#define UART_DATA UART(0)
#define UART_INTERRUPT_ENABLE UART(1)
#define UART_LINE_STATUS UART(5) /* 1: byte received, 2: received byte overrun, 0x20: transmitter empty */
#define PLIC(offset) (*(volatile uint32_t *)(uintptr_t)(0x0c000000u + (offset)))
#define PLIC_PRIORITY(n) PLIC(4u * (n))
#define PLIC_ENABLE PLIC(0x2000u)
#define PLIC_THRESHOLD PLIC(0x200000u)
#define PLIC_CLAIM PLIC(0x200004u)
#define MACHINE_EXTERNAL (1u << 11)

const uint32_t tml_port_clock_hz = F_CPU;
const uint32_t tml_port_tick_hz = F_CPU;
const uint8_t tml_port_tick_kind = TML_TICKS_INSTRUCTIONS;

static uint16_t lost;
static uint64_t started;

static uint64_t instructions(void) {
  uint32_t high, low, again;
  do {
    __asm volatile("csrr %0, minstreth\n csrr %1, minstret\n csrr %2, minstreth" : "=r"(high), "=r"(low), "=r"(again)::"memory");
  } while (high != again);
  return (uint64_t)high << 32 | low;
}

/* Interrupts stay off as a whole: those that are enabled only end a wfi. */
void tml_port_init(void) {
  PLIC_PRIORITY(TML_UART_INTERRUPT) = 1;
  PLIC_ENABLE = 1u << TML_UART_INTERRUPT;
  PLIC_THRESHOLD = 0;
  UART_INTERRUPT_ENABLE = 1;
  __asm volatile("csrs mie, %0" ::"r"(MACHINE_EXTERNAL));
}

int tml_port_read(void) {
  uint8_t status = UART_LINE_STATUS;
  if (status & 2u) lost++;
  return status & 1u ? (int)UART_DATA : -1;
}

/* Sleeps when nothing has come for a while: within a frame, waking the simulated core for each byte would cost far more. */
void tml_port_idle(void) {
  uint32_t looks, claimed;
  for (looks = 0; looks < 2000u; looks++) {
    if (UART_LINE_STATUS & 1u) return;
  }
  /* Of bytes that were read meanwhile. One that comes in between is claimed as well, so it is looked for once more. */
  while ((claimed = PLIC_CLAIM) != 0) PLIC_CLAIM = claimed;
  if (!(UART_LINE_STATUS & 1u)) __asm volatile("wfi");
}

void tml_port_write(uint8_t byte) {
  while (!(UART_LINE_STATUS & 0x20u)) {
  }
  UART_DATA = byte;
}

void tml_port_flush(void) {}
uint16_t tml_port_overruns(void) { return lost; }
void tml_port_ticks_start(void) { started = instructions(); }
uint64_t tml_port_ticks_stop(void) { return (instructions() - started) / TML_NS_PER_INSTRUCTION; }
