/**
 * External programs, by what is needed of them; and where each is had. Package names: packages.debian.org (bookworm),
 * packages.fedoraproject.org, archlinux.org/packages, formulae.brew.sh, winget (microsoft/winget-pkgs), community.chocolatey.org.
 */

export interface Packages {
  readonly debian: readonly string[];
  readonly fedora: readonly string[];
  readonly arch: readonly string[];
  /** Arguments of `brew install`, with the tap where there is one. */
  readonly homebrew: readonly string[];
  /** A command for Windows, or none where only the vendor's page has it. */
  readonly windows?: string;
  /** Where the tool is at home. */
  readonly url: string;
}

/** A file the tool must find by itself (`-print-file-name`): the C library often is a package of its own. */
export interface Companion {
  readonly name: string;
  readonly args: readonly string[];
  readonly packages: Packages;
}

export interface Tool {
  readonly name: string;
  /** Names to look for, in order. */
  readonly programs: readonly string[];
  readonly versionArgs: readonly string[];
  readonly versionPattern: RegExp;
  readonly packages: Packages;
  readonly companions: readonly Companion[];
}

const avrGcc: Packages = {
  debian: ['gcc-avr', 'avr-libc', 'binutils-avr'],
  fedora: ['avr-gcc', 'avr-libc', 'avr-binutils'],
  arch: ['avr-gcc', 'avr-libc', 'avr-binutils'],
  homebrew: ['osx-cross/avr/avr-gcc'],
  windows: 'winget install ZakKemble.avr-gcc',
  url: 'https://www.microchip.com/en-us/tools-resources/develop/microchip-studio/gcc-compilers',
};

const armGcc: Packages = {
  debian: ['gcc-arm-none-eabi', 'libnewlib-arm-none-eabi', 'binutils-arm-none-eabi'],
  fedora: ['arm-none-eabi-gcc-cs', 'arm-none-eabi-newlib', 'arm-none-eabi-binutils-cs'],
  arch: ['arm-none-eabi-gcc', 'arm-none-eabi-newlib', 'arm-none-eabi-binutils'],
  homebrew: ['--cask', 'gcc-arm-embedded'],
  windows: 'winget install Arm.GnuArmEmbeddedToolchain',
  url: 'https://developer.arm.com/downloads/-/arm-gnu-toolchain-downloads',
};

const riscvGcc: Packages = {
  debian: ['gcc-riscv64-unknown-elf', 'picolibc-riscv64-unknown-elf'],
  fedora: [],
  arch: ['riscv64-elf-gcc'],
  homebrew: ['riscv-software-src/riscv/riscv-tools'],
  url: 'https://github.com/picolibc/picolibc',
};

/** One name in every distribution. */
function sameEverywhere(name: string, url: string, windows?: string): Packages {
  return { debian: [name], fedora: [name], arch: [name], homebrew: [name], windows, url };
}

/** No package in most distributions: their page says how. */
function onlyFromItsMakers(url: string, known: Partial<Packages> = {}): Packages {
  return { debian: [], fedora: [], arch: [], homebrew: [], ...known, url };
}

export const tools = {
  'host-cc': {
    name: 'A C compiler for this computer',
    programs: ['cc', 'gcc', 'clang'],
    versionArgs: ['--version'],
    versionPattern: /(\d+\.\d+(?:\.\d+)?)/,
    packages: {
      debian: ['gcc', 'libc6-dev'],
      fedora: ['gcc', 'glibc-devel'],
      arch: ['gcc'],
      homebrew: ['llvm'],
      windows: 'winget install BrechtSanders.WinLibs.POSIX.UCRT',
      url: 'https://gcc.gnu.org/install/binaries.html',
    },
    companions: [],
  },
  'avr-gcc': {
    name: 'The AVR compiler (avr-gcc)',
    programs: ['avr-gcc'],
    versionArgs: ['-dumpversion'],
    versionPattern: /(\d+\.\d+(?:\.\d+)?)/,
    packages: avrGcc,
    companions: [{ name: 'avr-libc', args: ['-mmcu=atmega328p', '-print-file-name=libc.a'], packages: avrGcc }],
  },
  'arm-none-eabi-gcc': {
    name: 'The Arm compiler (arm-none-eabi-gcc)',
    programs: ['arm-none-eabi-gcc'],
    versionArgs: ['-dumpfullversion'],
    versionPattern: /(\d+\.\d+(?:\.\d+)?)/,
    packages: armGcc,
    companions: [{ name: 'newlib', args: ['-print-file-name=nosys.specs'], packages: armGcc }],
  },
  'qemu-system-arm': {
    name: 'QEMU for Arm (qemu-system-arm)',
    programs: ['qemu-system-arm'],
    versionArgs: ['--version'],
    versionPattern: /version (\d+\.\d+(?:\.\d+)?)/,
    packages: {
      debian: ['qemu-system-arm'],
      fedora: ['qemu-system-arm-core'],
      arch: ['qemu-system-arm'],
      homebrew: ['qemu'],
      windows: 'winget install SoftwareFreedomConservancy.QEMU',
      url: 'https://www.qemu.org/download/',
    },
    companions: [],
  },
  'riscv64-unknown-elf-gcc': {
    name: 'The RISC-V compiler (riscv64-unknown-elf-gcc)',
    programs: ['riscv64-unknown-elf-gcc'],
    versionArgs: ['-dumpfullversion'],
    versionPattern: /(\d+\.\d+(?:\.\d+)?)/,
    packages: riscvGcc,
    companions: [{ name: 'picolibc', args: ['-print-file-name=picolibc.specs'], packages: riscvGcc }],
  },
  'qemu-system-riscv32': {
    name: 'QEMU for RISC-V (qemu-system-riscv32)',
    programs: ['qemu-system-riscv32'],
    versionArgs: ['--version'],
    versionPattern: /version (\d+\.\d+(?:\.\d+)?)/,
    packages: {
      debian: ['qemu-system-misc'],
      fedora: ['qemu-system-riscv-core'],
      arch: ['qemu-system-riscv'],
      homebrew: ['qemu'],
      windows: 'winget install SoftwareFreedomConservancy.QEMU',
      url: 'https://www.qemu.org/download/',
    },
    companions: [],
  },
  'arduino-cli': {
    name: 'arduino-cli',
    programs: ['arduino-cli'],
    versionArgs: ['version'],
    versionPattern: /Version: (\d+\.\d+(?:\.\d+)?)/,
    packages: onlyFromItsMakers('https://docs.arduino.cc/arduino-cli/installation/', { homebrew: ['arduino-cli'], arch: ['arduino-cli'], windows: 'winget install ArduinoSA.CLI' }),
    companions: [],
  },
  platformio: {
    name: 'PlatformIO',
    programs: ['pio', 'platformio'],
    versionArgs: ['--version'],
    versionPattern: /version (\d+\.\d+(?:\.\d+)?)/,
    packages: onlyFromItsMakers('https://docs.platformio.org/en/latest/core/installation/', { homebrew: ['platformio'], arch: ['platformio-core'] }),
    companions: [],
  },
  'idf.py': {
    name: 'ESP-IDF (idf.py)',
    programs: ['idf.py'],
    versionArgs: ['--version'],
    versionPattern: /v?(\d+\.\d+(?:\.\d+)?)/,
    packages: onlyFromItsMakers('https://docs.espressif.com/projects/esp-idf/en/stable/esp32/get-started/'),
    companions: [],
  },
  west: {
    name: 'Zephyr (west)',
    programs: ['west'],
    versionArgs: ['--version'],
    versionPattern: /v?(\d+\.\d+(?:\.\d+)?)/,
    packages: onlyFromItsMakers('https://docs.zephyrproject.org/latest/develop/getting_started/'),
    companions: [],
  },
  avrdude: {
    name: 'avrdude',
    programs: ['avrdude'],
    versionArgs: ['-?'],
    versionPattern: /version (\d+\.\d+(?:\.\d+)?)/,
    packages: sameEverywhere('avrdude', 'https://github.com/avrdudes/avrdude', 'winget install AVRDudes.AVRDUDE'),
    companions: [],
  },
  openocd: {
    name: 'OpenOCD',
    programs: ['openocd'],
    versionArgs: ['--version'],
    versionPattern: /(\d+\.\d+(?:\.\d+)?)/,
    packages: sameEverywhere('openocd', 'https://openocd.org/pages/getting-openocd.html'),
    companions: [],
  },
  'dfu-util': {
    name: 'dfu-util',
    programs: ['dfu-util'],
    versionArgs: ['--version'],
    versionPattern: /dfu-util (\d+\.\d+(?:\.\d+)?)/,
    packages: sameEverywhere('dfu-util', 'https://dfu-util.sourceforge.net/'),
    companions: [],
  },
  'probe-rs': {
    name: 'probe-rs',
    programs: ['probe-rs'],
    versionArgs: ['--version'],
    versionPattern: /(\d+\.\d+(?:\.\d+)?)/,
    packages: onlyFromItsMakers('https://probe.rs/docs/getting-started/installation/', { homebrew: ['probe-rs/probe-rs/probe-rs'] }),
    companions: [],
  },
  picotool: {
    name: 'picotool',
    programs: ['picotool'],
    versionArgs: ['version'],
    versionPattern: /v?(\d+\.\d+(?:\.\d+)?)/,
    packages: onlyFromItsMakers('https://github.com/raspberrypi/picotool', { homebrew: ['picotool'], fedora: ['picotool'] }),
    companions: [],
  },
} as const satisfies Record<string, Tool>;

export type ToolId = keyof typeof tools;
