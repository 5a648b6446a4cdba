/*
 * Espressif chips with ESP-IDF 5: the console's UART, or the chip's own USB where sdkconfig says so; cycles of the core.
 * ESP-IDF Programming Guide, "UART", "USB Serial/JTAG Controller Console", esp_hw_support/include/esp_cpu.h.
 */
#include "tml_port.h"

#include "esp_cpu.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "sdkconfig.h"
#include "tml_app.h"
#include "tml_link_messages.h"

#define RX_BYTES 4096
#define TX_BYTES 2048

const uint32_t tml_port_clock_hz = CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ * 1000000u;
const uint32_t tml_port_tick_hz = CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ * 1000000u;
const uint8_t tml_port_tick_kind = TML_TICKS_CYCLES;

#if CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG
#include "driver/usb_serial_jtag.h"
static void open_link(void) {
  usb_serial_jtag_driver_config_t config = {.rx_buffer_size = RX_BYTES, .tx_buffer_size = TX_BYTES};
  ESP_ERROR_CHECK(usb_serial_jtag_driver_install(&config));
}
static int receive(uint8_t *byte) { return usb_serial_jtag_read_bytes(byte, 1, 0); }
/* Nobody may be listening: a frame is given up then, not the firmware. */
static void transmit(const uint8_t *bytes, size_t count) { (void)usb_serial_jtag_write_bytes(bytes, count, pdMS_TO_TICKS(100)); }
#else
#include "driver/uart.h"
static void open_link(void) {
  const uart_config_t config = {
    .baud_rate = 115200, .data_bits = UART_DATA_8_BITS, .parity = UART_PARITY_DISABLE, .stop_bits = UART_STOP_BITS_1, .flow_ctrl = UART_HW_FLOWCTRL_DISABLE,
  };
  ESP_ERROR_CHECK(uart_driver_install(UART_NUM_0, RX_BYTES, TX_BYTES, 0, NULL, 0));
  ESP_ERROR_CHECK(uart_param_config(UART_NUM_0, &config));
}
static int receive(uint8_t *byte) { return uart_read_bytes(UART_NUM_0, byte, 1, 0); }
static void transmit(const uint8_t *bytes, size_t count) { (void)uart_write_bytes(UART_NUM_0, bytes, count); }
#endif

/* The drivers take locks for each call: bytes go in groups. */
static uint8_t out[128];
static size_t out_count;
static uint32_t started;

void tml_port_init(void) { open_link(); }

int tml_port_read(void) {
  uint8_t byte;
  return receive(&byte) == 1 ? byte : -1;
}

/* Lets the idle task run, which feeds the watchdog. */
void tml_port_idle(void) { vTaskDelay(1); }

void tml_port_write(uint8_t byte) {
  out[out_count++] = byte;
  if (out_count == sizeof out) tml_port_flush();
}

void tml_port_flush(void) {
  transmit(out, out_count);
  out_count = 0;
}

uint16_t tml_port_overruns(void) { return 0; } /* the drivers do not count them */

void tml_port_ticks_start(void) { started = (uint32_t)esp_cpu_get_cycle_count(); }
uint64_t tml_port_ticks_stop(void) { return (uint32_t)esp_cpu_get_cycle_count() - started; }

void app_main(void);
void app_main(void) {
  tml_app_start();
  for (;;) tml_app_step();
}
