import { eepromConfig, portAConfig, portBConfig, portCConfig, portDConfig, portEConfig, portFConfig, portGConfig, portHConfig, portJConfig, portKConfig, portLConfig, timer0Config, timer1Config, timer2Config, usart0Config, watchdogConfig } from 'avr8js';
import type { AVREEPROMConfig, AVRIOPort, AVRTimerConfig, AVRUSART, WatchdogConfig } from 'avr8js';
import type { SimulatedAvr } from '../../boards/board';
import type { Bootloader } from './bootloader';
import { bootloaderStk500v1 } from './bootloader-stk500v1';
import { bootloaderStk500v2 } from './bootloader-stk500v2';

/** What differs between the simulated AVR chips. Sizes in bytes, addresses of flash in bytes, of registers in data space. */
export interface AvrChipDescription {
  readonly flashBytes: number;
  /** Data space above the 256 bytes of registers that avr8js adds itself. */
  readonly dataBytes: number;
  readonly eepromBytes: number;
  readonly pageBytes: number;
  readonly bootAddress: number;
  /** From here on flash can be read while another page is written. */
  readonly noReadWhileWrite: number;
  readonly signature: readonly [number, number, number];
  /** Answers in place of a bootloader's own image. */
  readonly bootloader: Bootloader;
  readonly usart: ConstructorParameters<typeof AVRUSART>[1];
  readonly timers: readonly AVRTimerConfig[];
  readonly ports: readonly ConstructorParameters<typeof AVRIOPort>[1][];
  readonly watchdog: WatchdogConfig;
  readonly eeprom: AVREEPROMConfig;
}

/** Interrupt vectors of the ATmega2560 are numbered otherwise; two words each. Datasheet DS40002211A, table 14-1 (from 1 there, from 0 here). */
const vector = (number: number): number => number * 2;

const mega = {
  timer0: { ...timer0Config, compAInterrupt: vector(21), compBInterrupt: vector(22), ovfInterrupt: vector(23) },
  timer1: { ...timer1Config, captureInterrupt: vector(16), compAInterrupt: vector(17), compBInterrupt: vector(18), ovfInterrupt: vector(20) },
  timer2: { ...timer2Config, compAInterrupt: vector(13), compBInterrupt: vector(14), ovfInterrupt: vector(15) },
  usart: { ...usart0Config, rxCompleteInterrupt: vector(25), dataRegisterEmptyInterrupt: vector(26), txCompleteInterrupt: vector(27) },
};

/** Port pins whose change raises an interrupt share registers with the ATmega328P, but not vectors: left out, nothing of ours uses them. */
const withoutInterrupts = (port: ConstructorParameters<typeof AVRIOPort>[1]): ConstructorParameters<typeof AVRIOPort>[1] => ({ ...port, pinChange: undefined, externalInterrupts: [] });

export const avrChips: { readonly [K in SimulatedAvr]: AvrChipDescription } = {
  /** On a board whose bootloader section is 512 bytes, as on an Uno. Datasheet DS40002061B. */
  atmega328p: {
    flashBytes: 0x8000,
    dataBytes: 2048,
    eepromBytes: 1024,
    pageBytes: 128,
    bootAddress: 0x7e00,
    noReadWhileWrite: 0x7000,
    signature: [0x1e, 0x95, 0x0f],
    bootloader: bootloaderStk500v1,
    usart: usart0Config,
    timers: [timer0Config, timer1Config, timer2Config],
    ports: [portBConfig, portCConfig, portDConfig],
    watchdog: watchdogConfig,
    eeprom: eepromConfig,
  },
  /** With a bootloader section of 8 KiB, as on a Mega. Datasheet DS40002211A: tables 28-1, 29-13 (pages), 30-6 (signature), section 8.3 (512 registers). */
  atmega2560: {
    flashBytes: 0x40000,
    // and two bytes above its RAM, where nothing answers: the stock bootloader's last RET pops one byte more than it pushed
    dataBytes: 8192 + 256 + 2,
    eepromBytes: 4096,
    pageBytes: 256,
    bootAddress: 0x3e000,
    noReadWhileWrite: 0x3e000,
    signature: [0x1e, 0x98, 0x01],
    bootloader: bootloaderStk500v2,
    usart: mega.usart,
    timers: [mega.timer0, mega.timer1, mega.timer2],
    ports: [portAConfig, portBConfig, portCConfig, portDConfig, portEConfig, portFConfig, portGConfig, portHConfig, portJConfig, portKConfig, portLConfig].map(withoutInterrupts),
    watchdog: { ...watchdogConfig, watchdogInterrupt: vector(12) },
    eeprom: { ...eepromConfig, eepromReadyInterrupt: vector(30) },
  },
};
