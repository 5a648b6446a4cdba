/*
 * RP2040, bare metal: UART 0 on GPIO 0 and 1 at 115,200 baud, SysTick as cycle counter. RP2040 datasheet: 2.14 (resets),
 * 2.19 (GPIO), 4.2 (UART, an Arm PL011), 2.4.5 (SysTick). The clocks are those that the simulator starts with: 125 MHz.
 */
#include "tml_port.h"

#include "tml_link_messages.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define RESETS_CLEAR REGISTER(0x4000f000u) /* RESETS.RESET, through its atomic-clear alias */
#define RESETS_DONE REGISTER(0x4000c008u)
#define GPIO_CTRL(n) REGISTER(0x40014004u + 8u * (n))
#define UART(offset) REGISTER(0x40034000u + (offset))
#define UART_DATA UART(0x00) /* bit 11: bytes before this one were lost */
#define UART_FLAGS UART(0x18) /* 0x10: nothing received, 0x20: transmitter full */
#define UART_IBRD UART(0x24)
#define UART_FBRD UART(0x28)
#define UART_LINE UART(0x2c)
#define UART_CTRL UART(0x30)
#define UART_IMSC UART(0x38)
#define UART0_INTERRUPT 20u
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define ICSR REGISTER(0xE000ED04u)
#define NVIC_ISER REGISTER(0xE000E100u)

#define RESET_IO_BANK0 (1u << 5)
#define RESET_PADS_BANK0 (1u << 8)
#define RESET_UART0 (1u << 22)

const uint32_t tml_port_clock_hz = F_CPU;
const uint32_t tml_port_tick_hz = F_CPU;
const uint8_t tml_port_tick_kind = TML_TICKS_CYCLES;

static volatile uint32_t systick_wraps;
static uint16_t lost;

void SysTick_Handler(void);
void UART0_Handler(void);
void tml_fault(void);

void SysTick_Handler(void) { systick_wraps++; }

/* Only wakes the core from wfi: the byte stays for tml_port_read. Enabled anew before each sleep. */
void UART0_Handler(void) { UART_IMSC = 0; }

void tml_fault(void) {
  static const char text[] = "hard fault\n";
  const char *at;
  for (at = text; *at != 0; at++) tml_port_write((uint8_t)*at);
  for (;;) __asm volatile("wfi");
}

void tml_port_init(void) {
  const uint32_t used = RESET_UART0 | RESET_IO_BANK0 | RESET_PADS_BANK0;
  RESETS_CLEAR = used;
  while ((RESETS_DONE & used) != used) {
  }
  GPIO_CTRL(0) = 2; /* UART 0 */
  GPIO_CTRL(1) = 2;
  UART_IBRD = 67; /* 125 MHz / (16 * 115,200) = 67 + 52 / 64 */
  UART_FBRD = 52;
  UART_LINE = 0x70; /* 8 bits, FIFOs on */
  UART_CTRL = 0x301; /* receive, transmit, on */
  NVIC_ISER = 1u << UART0_INTERRUPT;
}

int tml_port_read(void) {
  uint32_t data;
  if (UART_FLAGS & 0x10u) return -1;
  data = UART_DATA;
  if (data & 0x800u) lost++;
  return (int)(data & 0xffu);
}

void tml_port_idle(void) {
  uint32_t looks;
  for (looks = 0; looks < 2000u; looks++) {
    if (!(UART_FLAGS & 0x10u)) return;
  }
  __asm volatile("cpsid i" ::: "memory");
  UART_IMSC = 0x50; /* received, or a byte lies there for a while */
  if (UART_FLAGS & 0x10u) __asm volatile("wfi");
  __asm volatile("cpsie i" ::: "memory");
}

void tml_port_write(uint8_t byte) {
  while (UART_FLAGS & 0x20u) {
  }
  UART_DATA = byte;
}

void tml_port_flush(void) {}
uint16_t tml_port_overruns(void) { return lost; }

/* The first reload, from the zero that was written, raises the interrupt as well: it is not counted. */
void tml_port_ticks_start(void) {
  SYST_RVR = 0xffffffu;
  SYST_CVR = 0;
  SYST_CSR = 7; /* core clock, interrupt at zero, on */
  while (SYST_CVR == 0) { /* reads 0 until its first reload */
  }
  ICSR = 1u << 25; /* PENDSTCLR */
  systick_wraps = 0;
}

uint64_t tml_port_ticks_stop(void) {
  uint32_t wraps, count;
  do {
    wraps = systick_wraps;
    count = SYST_CVR;
  } while (wraps != systick_wraps);
  SYST_CSR = 0;
  return ((uint64_t)wraps << 24) + (0xffffffu - count);
}
