/*
 * Any board of Zephyr: the UART that its devicetree calls the console, by interrupt; cycles of the system clock.
 * docs.zephyrproject.org, "UART" (interrupt-driven API), "Ring Buffers", "Kernel Timing".
 */
#include "tml_port.h"

#include <zephyr/device.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/ring_buffer.h>

#include "tml_app.h"
#include "tml_link_messages.h"

RING_BUF_DECLARE(received, 4096);
static const struct device *const uart = DEVICE_DT_GET(DT_CHOSEN(zephyr_console));
static volatile uint16_t lost;
static uint32_t started;

const uint32_t tml_port_clock_hz = CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC;
const uint32_t tml_port_tick_hz = CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC;
const uint8_t tml_port_tick_kind = TML_TICKS_CYCLES;

static void on_interrupt(const struct device *device, void *unused) {
  uint8_t bytes[16];
  ARG_UNUSED(unused);
  while (uart_irq_update(device) && uart_irq_rx_ready(device)) {
    const int count = uart_fifo_read(device, bytes, sizeof bytes);
    if (count <= 0) return;
    lost += (uint16_t)((uint32_t)count - ring_buf_put(&received, bytes, (uint32_t)count));
  }
}

void tml_port_init(void) {
  uart_irq_callback_user_data_set(uart, on_interrupt, NULL);
  uart_irq_rx_enable(uart);
}

int tml_port_read(void) {
  uint8_t byte;
  return ring_buf_get(&received, &byte, 1) == 1 ? byte : -1;
}

void tml_port_idle(void) { k_sleep(K_MSEC(1)); }
void tml_port_write(uint8_t byte) { uart_poll_out(uart, byte); }
void tml_port_flush(void) {}
uint16_t tml_port_overruns(void) { return lost; }

void tml_port_ticks_start(void) { started = k_cycle_get_32(); }
uint64_t tml_port_ticks_stop(void) { return k_cycle_get_32() - started; }

int main(void) {
  tml_app_start();
  for (;;) tml_app_step();
}
