/* Vectors and start-up of Armv6-M to v8.1-M cores. Armv7-M Architecture Reference Manual, B1.5 and B3.2; the same in the others. */
#include <stdint.h>

extern uint32_t __data_load[], __data_start[], __data_end[], __bss_start[], __bss_end[], __stack_top[];

int main(void);
void Reset_Handler(void);
void SysTick_Handler(void);
void UART0_Handler(void);
void tml_fault(void);

typedef void (*handler)(void);

/* 16 system vectors, then the interrupts of the board: the only one enabled is that of the UART's receiver. */
__attribute__((section(".vectors"), used)) static const handler vectors[16 + 96] = {
    [0] = (handler)(uintptr_t)__stack_top,
    [1] = Reset_Handler,
    [2 ... 14] = tml_fault,
    [15] = SysTick_Handler,
    [16 ... 111] = UART0_Handler,
};

void Reset_Handler(void) {
  uint32_t *to;
  const uint32_t *from = __data_load;
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20; /* CPACR: full access to the FPU and to Helium */
  __asm volatile("dsb\n isb");
#endif
  for (to = __data_start; to < __data_end; to++) *to = *from++;
  for (to = __bss_start; to < __bss_end; to++) *to = 0;
  (void)main();
  for (;;) {
  }
}
