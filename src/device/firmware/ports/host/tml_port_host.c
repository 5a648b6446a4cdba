/* The firmware as a program of this computer: the link is its standard input and output; it ends when its input ends. */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L
#endif
#include "tml_port.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tml_link_messages.h"

#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#include <windows.h>
#else
#include <unistd.h>
#endif

const uint32_t tml_port_clock_hz = 0; /* no fixed clock */
const uint32_t tml_port_tick_hz = 1000000000u;
const uint8_t tml_port_tick_kind = TML_TICKS_NS;

static uint8_t received[4096];
static int received_at, received_end;
static uint64_t started;

static uint64_t now_ns(void) {
#if defined(_WIN32)
  LARGE_INTEGER count, rate;
  QueryPerformanceCounter(&count);
  QueryPerformanceFrequency(&rate);
  return (uint64_t)((double)count.QuadPart * 1e9 / (double)rate.QuadPart);
#else
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

void tml_port_init(void) {
#if defined(_WIN32)
  _setmode(_fileno(stdin), _O_BINARY);
  _setmode(_fileno(stdout), _O_BINARY);
#endif
}

int tml_port_read(void) { return received_at < received_end ? received[received_at++] : -1; }

/* Waits for input: there is nothing else to do. */
void tml_port_idle(void) {
  int got;
#if defined(_WIN32)
  got = _read(_fileno(stdin), received, (unsigned)sizeof received);
#else
  do got = (int)read(STDIN_FILENO, received, sizeof received);
  while (got < 0 && errno == EINTR);
#endif
  if (got <= 0) exit(0);
  received_at = 0;
  received_end = got;
}

void tml_port_write(uint8_t byte) { putchar(byte); }
void tml_port_flush(void) { fflush(stdout); }
uint16_t tml_port_overruns(void) { return 0; }
void tml_port_ticks_start(void) { started = now_ns(); }
uint64_t tml_port_ticks_stop(void) { return now_ns() - started; }
