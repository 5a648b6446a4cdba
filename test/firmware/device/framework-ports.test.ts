import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { boards } from '../../../src/device/boards';
import { firmwareProject } from '../../../src/device/firmware/project';
import { programOrSkip, removeTemporaryFolders, temporaryFolder } from './support/boards';
import { fakeModel, fakeModelFiles } from './support/fake-model';

/**
 * Neither framework can be installed from Debian: what the ports call is declared here as its documentation does, so that
 * wrong names, types and missing includes are found; the linked behaviour is not.
 */
const frameworks = {
  'esp-idf': {
    define: 'ESP_PLATFORM',
    headers: {
      'sdkconfig.h': '#define CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ 160\n',
      'esp_cpu.h': '#include <stdint.h>\ntypedef uint32_t esp_cpu_cycle_count_t;\nesp_cpu_cycle_count_t esp_cpu_get_cycle_count(void);\n',
      'esp_err.h': 'typedef int esp_err_t;\n#define ESP_ERROR_CHECK(x) do { esp_err_t err_ = (x); (void)err_; } while (0)\n',
      'freertos/FreeRTOS.h': '#include <stdint.h>\n#include <stddef.h>\n#include "esp_err.h"\ntypedef uint32_t TickType_t;\n#define pdMS_TO_TICKS(ms) ((TickType_t)(ms) / 10)\n',
      'freertos/task.h': 'void vTaskDelay(const TickType_t ticks);\n',
      'driver/uart.h': `typedef enum { UART_NUM_0 } uart_port_t;
typedef enum { UART_DATA_8_BITS = 3 } uart_word_length_t; typedef enum { UART_PARITY_DISABLE } uart_parity_t; typedef enum { UART_STOP_BITS_1 = 1 } uart_stop_bits_t; typedef enum { UART_HW_FLOWCTRL_DISABLE } uart_hw_flowcontrol_t;
typedef struct { int baud_rate; uart_word_length_t data_bits; uart_parity_t parity; uart_stop_bits_t stop_bits; uart_hw_flowcontrol_t flow_ctrl; } uart_config_t;
typedef void *QueueHandle_t;
esp_err_t uart_driver_install(uart_port_t port, int rx, int tx, int queue, QueueHandle_t *handle, int flags);
esp_err_t uart_param_config(uart_port_t port, const uart_config_t *config);
int uart_read_bytes(uart_port_t port, void *buf, uint32_t length, TickType_t wait);
int uart_write_bytes(uart_port_t port, const void *src, size_t size);
`,
      'driver/usb_serial_jtag.h': `typedef struct { uint32_t tx_buffer_size; uint32_t rx_buffer_size; } usb_serial_jtag_driver_config_t;
esp_err_t usb_serial_jtag_driver_install(usb_serial_jtag_driver_config_t *config);
int usb_serial_jtag_read_bytes(void *buf, uint32_t length, TickType_t wait);
int usb_serial_jtag_write_bytes(const void *src, size_t size, TickType_t wait);
`,
    },
    variants: [[], ['-DCONFIG_ESP_CONSOLE_USB_SERIAL_JTAG=1']],
  },
  zephyr: {
    define: '__ZEPHYR__',
    headers: {
      'zephyr/device.h': 'struct device { const char *name; };\nextern const struct device console_;\n#define DT_CHOSEN(x) x\n#define DEVICE_DT_GET(node) (&console_)\n',
      'zephyr/kernel.h': '#include <stdint.h>\ntypedef struct { int64_t ticks; } k_timeout_t;\n#define K_MSEC(ms) ((k_timeout_t){ms})\nint32_t k_sleep(k_timeout_t timeout);\nuint32_t k_cycle_get_32(void);\n#define CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC 64000000\n#define ARG_UNUSED(x) (void)(x)\n',
      'zephyr/sys/ring_buffer.h': 'struct ring_buf { int x; };\n#define RING_BUF_DECLARE(name, size) static struct ring_buf name\nuint32_t ring_buf_put(struct ring_buf *buf, const uint8_t *data, uint32_t size);\nuint32_t ring_buf_get(struct ring_buf *buf, uint8_t *data, uint32_t size);\n',
      'zephyr/drivers/uart.h': `#include <stdint.h>
#include <stddef.h>
typedef void (*uart_irq_callback_user_data_t)(const struct device *dev, void *user_data);
int uart_irq_callback_user_data_set(const struct device *dev, uart_irq_callback_user_data_t cb, void *user_data);
void uart_irq_rx_enable(const struct device *dev);
int uart_irq_update(const struct device *dev);
int uart_irq_rx_ready(const struct device *dev);
int uart_fifo_read(const struct device *dev, uint8_t *rx_data, const int size);
void uart_poll_out(const struct device *dev, unsigned char out_char);
`,
    },
    variants: [[]],
  },
} as const;

describe('firmware for frameworks that are not here', () => {
  after(removeTemporaryFolders);
  for (const [port, { define, headers, variants }] of Object.entries(frameworks) as [keyof typeof frameworks, (typeof frameworks)['esp-idf']][]) {
    it(`${port}: every source compiles without a warning against the documented interface`, function () {
      const gcc = programOrSkip(this, 'arm-none-eabi-gcc');
      const board = boards.find((b) => (port === 'esp-idf' ? b.project?.idf : b.project?.zephyr))!;
      const folder = temporaryFolder();
      const write = (file: string, text: string): void => {
        fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        fs.writeFileSync(path.join(folder, file), text);
      };
      for (const [file, text] of Object.entries(headers)) write(`include/${file}`, `#pragma once\n${text}`);
      const files = [...firmwareProject(board, fakeModel, port).files, ...fakeModelFiles];
      for (const file of files) write(file.path, file.text);
      const sources = files.map((file) => file.path).filter((name) => name.endsWith('.c'));
      for (const more of variants) execFileSync(gcc, ['-mcpu=cortex-m4', '-mthumb', '-std=gnu17', '-Wall', '-Wextra', '-Werror', `-D${define}`, ...more, '-Iinclude', '-I.', '-fsyntax-only', ...sources], { cwd: folder, stdio: 'pipe' });
    });
  }
});
